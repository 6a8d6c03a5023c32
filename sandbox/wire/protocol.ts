import type { ApiError } from '../world/operation.ts';
import type { WireRequest, WireResponse } from './message.ts';

/** How a service writes its answers, and how it words the errors that all services have. */
export interface Protocol {
  /** @throws {ApiError} when the body cannot be read. */
  readInput(request: WireRequest): Record<string, unknown>;
  /** @param output The SDK's own output type: Dates are Dates. */
  writeOutput(operation: string, output: unknown, requestId: string): WireResponse;
  writeError(error: ApiError, requestId: string): WireResponse;

  notImplemented(message: string): ApiError;
  missingCredentials(): ApiError;
  incompleteSignature(message: string): ApiError;
  expiredToken(): ApiError;
  /** The session token is not the one that was issued with the access key. */
  invalidToken(): ApiError;
}
