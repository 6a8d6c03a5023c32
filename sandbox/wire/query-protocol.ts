import { ApiError } from '../world/operation.ts';
import { textOf, textResponse } from './message.ts';
import type { Protocol } from './protocol.ts';
import { readQueryInput } from './query-input.ts';
import { xmlOf } from './xml.ts';

/**
 * AWS's Query protocol: a form in, XML out, error codes without the suffix `Exception`.
 * @see AWS Query protocol, Smithy
 * @param namespace The address in `xmlns`.
 */
export function queryProtocol(namespace: string): Protocol {
  const answer = (status: number, xml: string, requestId: string) =>
    textResponse(status, 'text/xml', xml, { 'x-amzn-requestid': requestId });

  return {
    readInput: (request) => readQueryInput(new URLSearchParams(textOf(request))),
    writeOutput: (operation, output, requestId) =>
      answer(
        200,
        `<${operation}Response xmlns="${namespace}">` +
          `<${operation}Result>${xmlOf(output)}</${operation}Result>` +
          `<ResponseMetadata>${xmlOf({ RequestId: requestId })}</ResponseMetadata>` +
          `</${operation}Response>`,
        requestId,
      ),
    writeError: (error, requestId) => {
      const Type = error.httpStatus < 500 ? 'Sender' : 'Receiver';
      const Error = { Type, Code: error.code, Message: error.message, ...error.extra };
      const xml = xmlOf({ Error, RequestId: requestId });
      return answer(
        error.httpStatus,
        `<ErrorResponse xmlns="${namespace}">${xml}</ErrorResponse>`,
        requestId,
      );
    },
    notImplemented: (message) => new ApiError('InvalidAction', message),
    missingCredentials: () =>
      forbidden('MissingAuthenticationToken', 'Request is missing Authentication Token'),
    incompleteSignature: (message) => new ApiError('IncompleteSignature', message),
    expiredToken: () =>
      forbidden('ExpiredToken', 'The security token included in the request is expired'),
    invalidToken: () =>
      forbidden('InvalidClientTokenId', 'The security token included in the request is invalid.'),
  };
}

function forbidden(code: string, message: string): ApiError {
  return new ApiError(code, message, { httpStatus: 403 });
}
