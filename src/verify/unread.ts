import { loginHint } from '../deploy/no-credentials.ts';
import { CallFailedError } from '../deploy/ports.ts';
import { isPassing, LockStoreError } from '../lock/store.ts';
import { troubleOf } from '../status/trouble.ts';
import { type Finding, unknown } from './finding.ts';

/** Something could not be judged, because something else is not known. */
export class NotJudgedError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'NotJudgedError';
  }
}

const DENIED = /AccessDenied|Unauthorized|NotAuthorized|AuthorizationError|^HTTP 403$/;
const NOT_OFFERED = /UnknownOperation|InvalidAction|UnsupportedOperation|NotImplemented/;

/**
 * What is found by one look at AWS; `unknown` with the reason when it could not be had.
 * @throws what is a bug of ours, and missing credentials: with them nothing at all can be known.
 */
export async function lookedAt(
  subject: string,
  look: () => Promise<Finding | readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    const found = await look();
    return Array.isArray(found) ? (found as readonly Finding[]) : [found as Finding];
  } catch (error) {
    return [unreadable(subject, error)];
  }
}

/** Several looks at once, in their order. */
export async function all(
  looks: readonly Promise<readonly Finding[]>[],
): Promise<readonly Finding[]> {
  return (await Promise.all(looks)).flat();
}

/**
 * The finding for what could not be read.
 * @throws as `lookedAt` does.
 */
export function unreadable(subject: string, error: unknown): Finding {
  if (error instanceof NotJudgedError) return unknown(subject, error.message);
  const trouble = troubleOf(error);
  if (!trouble || (error instanceof Error && loginHint(error) !== undefined)) throw error;
  if (error instanceof LockStoreError) return unreadableLock(subject, error);
  if (!(error instanceof CallFailedError)) {
    return unknown(subject, trouble.message, { hint: trouble.hint });
  }
  const { operation, code } = error;
  if (DENIED.test(code)) return mayNotCall(subject, operation);
  if (NOT_OFFERED.test(code)) {
    return unknown(subject, `this endpoint does not offer ${operation} (${code})`);
  }
  if (error.isTransient) {
    return unknown(subject, `${operation} did not answer (${code})`, { isTransient: true });
  }
  return unknown(subject, error.message);
}

/** The lock table's adapter tells what went wrong in words of its own. */
function unreadableLock(subject: string, error: LockStoreError): Finding {
  const code = error.cause instanceof Error ? error.cause.name : '';
  if (DENIED.test(code)) return mayNotCall(subject, 'dynamodb:GetItem');
  return unknown(subject, error.message, isPassing(error) ? { isTransient: true } : {});
}

function mayNotCall(subject: string, operation: string): Finding {
  return unknown(subject, `these credentials may not call ${operation}`, { permission: operation });
}
