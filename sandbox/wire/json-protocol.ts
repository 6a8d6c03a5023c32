import { isDate } from 'node:util/types';
import { ApiError } from '../world/operation.ts';
import { textOf, textResponse, type WireRequest, type WireResponse } from './message.ts';
import type { Protocol } from './protocol.ts';

/**
 * AWS's JSON protocols: the operation stands in `X-Amz-Target`, input and output are JSON objects,
 * times are seconds since 1970 with milliseconds as a fraction.
 * @see AWS JSON 1.0 and AWS JSON 1.1 protocol, Smithy
 */
export function jsonProtocol(version: '1.0' | '1.1', errorPrefix = ''): Protocol {
  const contentType = `application/x-amz-json-${version}`;
  const answer = (status: number, body: unknown, requestId: string): WireResponse =>
    textResponse(status, contentType, JSON.stringify(body), { 'x-amzn-requestid': requestId });

  return {
    readInput: readJsonObject,
    writeOutput: (_operation, output, requestId) =>
      answer(200, withEpochSeconds(output), requestId),
    writeError: (error, requestId) =>
      answer(
        error.httpStatus,
        withEpochSeconds({
          __type: `${errorPrefix}${error.code}`,
          message: error.message,
          ...error.extra,
        }),
        requestId,
      ),
    notImplemented: (message) => new ApiError('UnknownOperationException', message),
    missingCredentials: () =>
      new ApiError(
        'MissingAuthenticationTokenException',
        'Request is missing Authentication Token',
        { httpStatus: 403 },
      ),
    incompleteSignature: (message) => new ApiError('IncompleteSignatureException', message),
    expiredToken: () =>
      new ApiError(
        'ExpiredTokenException',
        'The security token included in the request is expired',
      ),
    invalidToken: () =>
      new ApiError(
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      ),
  };
}

/** @throws {ApiError} SerializationException for anything but one JSON object. */
export function readJsonObject(request: WireRequest): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(textOf(request));
  } catch (error) {
    throw new ApiError(
      'SerializationException',
      `The body is not JSON: ${(error as Error).message}`,
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ApiError('SerializationException', 'The body is not a JSON object.');
  }
  return value as Record<string, unknown>;
}

/** A copy of `value` in which every Date is the number that the JSON protocols write for it. */
function withEpochSeconds(value: unknown): unknown {
  if (isDate(value)) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(withEpochSeconds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withEpochSeconds(member)]),
  );
}
