import type { Server } from 'node:http';
import { Readable } from 'node:stream';
import dynalite from 'dynalite';
import type { WireRequest, WireResponse } from '../message.ts';
import { textOf, textResponse } from '../message.ts';

/** What dynalite calls on its response, and no more. */
interface AnswerSink {
  statusCode: number;
  setHeader(name: string, value: number | string): void;
  end(body?: string): void;
}

/**
 * One dynalite in memory: the tables of one account in one Region. Requests are handed to its HTTP
 * handler without a socket between: a third faster, and there is nothing to close.
 */
export class Database {
  readonly #server: Server;

  constructor(accountId: string, region: string) {
    this.#server = withEnvironment({ AWS_ACCOUNT_ID: accountId, AWS_REGION: region }, () =>
      dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 }),
    );
  }

  /** dynalite's answer. */
  send(request: WireRequest): Promise<WireResponse> {
    return new Promise((resolve) => {
      const incoming = Object.assign(Readable.from([Buffer.from(request.body)]), {
        method: request.method,
        url: request.path,
        headers: request.headers,
      });
      const headers: Record<string, string> = {};
      const outgoing: AnswerSink = {
        statusCode: 200,
        setHeader: (name, value) => {
          headers[name.toLowerCase()] = String(value);
        },
        end: (body = '') =>
          resolve({ status: outgoing.statusCode, headers, body: Buffer.from(body, 'utf8') }),
      };
      this.#server.emit('request', incoming, outgoing);
    });
  }

  /**
   * The output of another operation, asked for on behalf of `request`; undefined if it fails.
   */
  async ask(
    request: WireRequest,
    operation: string,
    input: Record<string, unknown>,
  ): Promise<Record<string, unknown> | undefined> {
    const answer = await this.send(withInput(request, input, operation));
    return answer.status === 200 ? bodyOf(answer) : undefined;
  }
}

/** A request of the sandbox's own: dynalite wants a signature, and takes any. */
export function ownRequest(operation: string, input: Record<string, unknown>): WireRequest {
  const unsigned: WireRequest = {
    method: 'POST',
    path: '/',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-date': '20200101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=sandbox/20200101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: new Uint8Array(),
  };
  return withInput(unsigned, input, operation);
}

/** `request` with another input, and for another operation if one is given. */
export function withInput(
  request: WireRequest,
  input: Record<string, unknown>,
  operation?: string,
): WireRequest {
  const body = Buffer.from(JSON.stringify(input), 'utf8');
  const target =
    operation === undefined ? {} : { 'x-amz-target': `DynamoDB_20120810.${operation}` };
  return { ...request, headers: { ...request.headers, ...target }, body };
}

/** The JSON object that `response` carries. */
export function bodyOf(response: WireResponse): Record<string, unknown> {
  return JSON.parse(textOf(response)) as Record<string, unknown>;
}

/** `response` with another body. Its checksum is left out, as services may. */
export function withBody(response: WireResponse, body: Record<string, unknown>): WireResponse {
  const { 'x-amz-crc32': _, 'content-type': contentType = '', ...headers } = response.headers;
  const fresh = textResponse(response.status, contentType, JSON.stringify(body));
  return { ...fresh, headers: { ...headers, ...fresh.headers } };
}

/** dynalite reads the account and the Region that stand in its ARNs from the environment. */
function withEnvironment<T>(variables: Record<string, string>, make: () => T): T {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    return make();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
