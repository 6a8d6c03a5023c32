import { isDate } from 'node:util/types';
import { ApiError } from '../world/operation.ts';
import { ec2InputName, ec2OutputName } from './ec2-names.ts';
import { textOf, textResponse } from './message.ts';
import type { Protocol } from './protocol.ts';
import { type FormNode, listItems, readForm, scalarOf } from './query-input.ts';
import { queryProtocol } from './query-protocol.ts';
import { xmlOf } from './xml.ts';

/**
 * EC2's own variant of the Query protocol: lists without `member`, answers without a `Result`
 * around them, names that differ from the SDK's, and errors in a list.
 * @see AWS EC2 query protocol, Smithy
 * @param namespace The address in `xmlns`.
 */
export function ec2Protocol(namespace: string): Protocol {
  return {
    ...queryProtocol(namespace),
    readInput: (request) => membersOf(readForm(new URLSearchParams(textOf(request)))),
    writeOutput: (operation, output, requestId) =>
      textResponse(
        200,
        'text/xml;charset=UTF-8',
        `<${operation}Response xmlns="${namespace}">` +
          `<requestId>${requestId}</requestId>${ec2Xml(output)}` +
          `</${operation}Response>`,
        { 'x-amzn-requestid': requestId },
      ),
    writeError: (error, requestId) => {
      const Error = { Code: error.code, Message: error.message, ...error.extra };
      return textResponse(
        error.httpStatus,
        'text/xml;charset=UTF-8',
        `<Response>${xmlOf({ Errors: { Error }, RequestID: requestId })}</Response>`,
        { 'x-amzn-requestid': requestId },
      );
    },
    missingCredentials: () =>
      unauthorized('MissingAuthenticationToken', 'Request is missing Authentication Token'),
    expiredToken: () => unauthorized('RequestExpired', 'Request has expired.'),
    invalidToken: () =>
      unauthorized('AuthFailure', 'AWS was not able to validate the provided access credentials'),
  };
}

function unauthorized(code: string, message: string): ApiError {
  return new ApiError(code, message, { httpStatus: 401 });
}

function membersOf(node: ReadonlyMap<string, FormNode>): Record<string, unknown> {
  return Object.fromEntries(
    [...node].map(([wireName, child]) => {
      const isList = typeof child !== 'string';
      const name = ec2InputName(wireName, isList);
      return [name, isList ? listOf(child, wireName) : scalarOf(child, name)];
    }),
  );
}

/** Every structure that an implemented operation takes stands in a list. */
function listOf(node: ReadonlyMap<string, FormNode>, wireName: string): unknown[] {
  return listItems(node, wireName).map((item) =>
    typeof item === 'string' ? item : membersOf(item),
  );
}

/** As `xmlOf`, with EC2's names and `<item>` for what a list holds. */
function ec2Xml(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object' || isDate(value)) return xmlOf(value);
  if (Array.isArray(value)) {
    return value.map((item) => `<item>${ec2Xml(item)}</item>`).join('');
  }
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => {
      const wireName = ec2OutputName(name);
      return `<${wireName}>${ec2Xml(member)}</${wireName}>`;
    })
    .join('');
}
