import { CallFailedError } from '../deploy/ports.ts';
import { isGuardRefusal } from './mutation-guard.ts';

/**
 * The one place that reads the SDK's errors. The name is what tells them apart: classes exist only
 * for errors that a service's model declares, and throttling or expired credentials are not.
 *
 * What the guard in front of a change throws, and missing credentials, are not AWS's answer to this
 * call: they pass as they are, as does a bug.
 */
export async function call<T>(operation: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (isGuardRefusal(error) || !isAwsError(error)) throw error;
    throw toCallFailed(operation, error);
  }
}

/** Whether AWS answered with the error of this name (or, for Query services, this code). */
export function isNamed(error: unknown, ...names: string[]): boolean {
  return (
    isErrorLike(error) && names.some((n) => error.name === n || error.name === `${n}Exception`)
  );
}

/** Whether AWS refused a call because there were too many. */
export function isThrottling(error: unknown): boolean {
  if (!isErrorLike(error)) return false;
  return THROTTLED.has(error.name) || error.$metadata?.httpStatusCode === 429;
}

const THROTTLED = new Set([
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'ProvisionedThroughputExceededException',
  'SlowDown',
]);

/** Names under which sockets, DNS and time-outs fail. */
const CONNECTION = new Set([
  'TimeoutError',
  'AbortError',
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);

interface ErrorLike {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  /** The SDK gives it to whatever went wrong in an attempt; without a status if nothing came back. */
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

/** By its shape: what Node's own modules throw may be an `Error` of another realm, as under Jest. */
function isErrorLike(error: unknown): error is ErrorLike {
  if (typeof error !== 'object' || error === null) return false;
  const { name, message } = error as Partial<ErrorLike>;
  return typeof name === 'string' && typeof message === 'string';
}

function isAwsError(error: unknown): error is ErrorLike {
  return isErrorLike(error) && (error.$metadata !== undefined || isConnectionError(error));
}

function isConnectionError({ name, code }: ErrorLike): boolean {
  return CONNECTION.has(name) || CONNECTION.has(code ?? '');
}

function toCallFailed(operation: string, error: ErrorLike): CallFailedError {
  const { httpStatusCode: status, attempts = 1 } = error.$metadata ?? {};
  const isUnanswered = status === undefined || status === 408 || isConnectionError(error);
  const isServer = status !== undefined && (status >= 500 || status < 300);
  const isThrottled = isThrottling(error);
  const code = codeOf(error);
  return new CallFailedError({
    operation,
    code,
    message: error.message || code,
    // A security group's look-up that was throttled comes back as an invalid parameter.
    isTransient:
      isUnanswered || isServer || isThrottled || /Request limit exceeded/.test(error.message),
    // Of several attempts only the last one's fate is told, and it says nothing of the others'.
    isOutcomeUnknown: isUnanswered || isServer || attempts > 1,
    cause: error,
  });
}

/** The error's name, unless it is one that says nothing: a socket's error has a code instead. */
function codeOf({ name, code, $metadata }: ErrorLike): string {
  if (name !== 'Error' && name !== 'AggregateError') return name;
  return code ?? ($metadata?.httpStatusCode ? `HTTP ${$metadata.httpStatusCode}` : 'no answer');
}

/** Asserts what the API reference promises and a garbled answer may lack: an empty 200 parses fine. */
export function required<T>(operation: string, member: string, value: T | null | undefined): T {
  if (value !== undefined && value !== null) return value;
  throw new CallFailedError({
    operation,
    code: 'IncompleteAnswer',
    message: `the answer has no ${member}`,
    isTransient: true,
    isOutcomeUnknown: true,
  });
}
