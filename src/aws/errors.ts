import { CallFailedError } from '../deploy/ports.ts';

/**
 * The one place that reads the SDK's errors. The name is what tells them apart: classes exist only
 * for errors that a service's model declares, and throttling or expired credentials are not.
 */
export async function call<T>(operation: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    // What the guard in front of a change throws is not AWS's answer: it passes as it is.
    if (!isAwsError(error)) throw error;
    throw toCallFailed(operation, error);
  }
}

/** Whether AWS answered with the error of this name (or, for Query services, this code). */
export function isNamed(error: unknown, ...names: string[]): boolean {
  return (
    error instanceof Error && names.some((n) => error.name === n || error.name === `${n}Exception`)
  );
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

interface AwsErrorShape extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly code?: string;
}

function isAwsError(error: unknown): error is AwsErrorShape {
  if (!(error instanceof Error)) return false;
  const { $metadata, code } = error as AwsErrorShape;
  return $metadata !== undefined || CONNECTION.has(error.name) || CONNECTION.has(code ?? '');
}

function toCallFailed(operation: string, error: AwsErrorShape): CallFailedError {
  const status = error.$metadata?.httpStatusCode;
  const isConnection = CONNECTION.has(error.name) || CONNECTION.has(error.code ?? '');
  const isServer = status !== undefined && (status >= 500 || status === 200);
  const isThrottled = THROTTLED.has(error.name) || status === 429;
  return new CallFailedError({
    operation,
    code: error.name === 'Error' ? (error.code ?? `HTTP ${status ?? '?'}`) : error.name,
    message: error.message,
    // A security group's look-up that was throttled comes back as an invalid parameter.
    isTransient:
      isConnection || isServer || isThrottled || /Request limit exceeded/.test(error.message),
    isOutcomeUnknown: isConnection || isServer,
    cause: error,
  });
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
