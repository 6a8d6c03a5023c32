import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

interface Request {
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array;
}
interface Response {
  headers: Record<string, string>;
  statusCode: number;
  body: Readable;
}
interface Options {
  abortSignal?: AbortSignal;
}
interface Handler {
  handle(request: Request, options?: Options): Promise<{ response: Response }>;
}

/** What happens to one request on its way. */
type WireFault =
  | { readonly kind: 'lost-request' | 'lost-answer' }
  /** It waits for `deliver`, even when its sender has given up. */
  | { readonly kind: 'held' }
  /** The server answers this instead of doing anything. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly error: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** The wire between a client and DynamoDB: counts, cuts and delays. */
export interface Wire {
  /** The names of the operations, in the order in which their requests were sent. */
  readonly sent: string[];
  /** What happens to the next requests, one each; undefined lets one pass. */
  readonly faults: (WireFault | undefined)[];
  /** Real DynamoDB puts the item into a refusal when asked to; dynalite does not. */
  putsItemIntoRefusals: boolean;
  /** How many requests are held up. */
  readonly held: number;
  /** Lets the requests arrive that were held up; resolves when they have had their effect. */
  deliver(): Promise<void>;
}

/** Puts a wire in front of the client's request handler. */
export function tapWire(client: DynamoDBClient): Wire {
  const config = client.config as unknown as { requestHandler: Handler };
  const inner = config.requestHandler;
  const waiting: (() => Promise<unknown>)[] = [];
  const wire: Wire = {
    sent: [],
    faults: [],
    putsItemIntoRefusals: false,
    get held() {
      return waiting.length;
    },
    async deliver() {
      for (const arrive of waiting.splice(0)) await arrive();
    },
  };
  const tapped: Handler = {
    async handle(request, options = {}) {
      wire.sent.push(operationOf(request));
      const fault = wire.faults.shift();
      if (fault?.kind === 'lost-request') throw connectionReset();
      if (fault?.kind === 'answer') return { response: errorAnswer(fault) };
      if (fault?.kind === 'held') {
        return new Promise((resolve, reject) => {
          // It arrives whole, so the sender's abort does not reach it any more.
          waiting.push(() => inner.handle(request).then(resolve, reject));
          options.abortSignal?.addEventListener('abort', () => reject(connectionReset()));
        });
      }
      const answer = await inner.handle(request, options);
      if (fault?.kind === 'lost-answer') throw connectionReset();
      if (wire.putsItemIntoRefusals) await putItemInto(answer.response, request, inner);
      return answer;
    },
  };
  config.requestHandler = Object.setPrototypeOf(tapped, inner) as Handler;
  return wire;
}

function operationOf({ headers }: Request): string {
  return headers['x-amz-target']?.split('.')[1] ?? '';
}

function connectionReset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', name: 'TimeoutError' });
}

const JSON_HEADERS = { 'content-type': 'application/x-amz-json-1.0' };

function errorAnswer(answer: Extract<WireFault, { kind: 'answer' }>): Response {
  const type = `com.amazonaws.dynamodb.v20120810#${answer.error}`;
  return {
    statusCode: answer.status,
    headers: { ...JSON_HEADERS, ...answer.headers },
    body: Readable.from(JSON.stringify({ __type: type, message: 'As told.' })),
  };
}

/** Reads the item behind a refusal, and writes it into the refusal as DynamoDB does. */
async function putItemInto(response: Response, request: Request, inner: Handler): Promise<void> {
  const content = await buffer(response.body);
  response.body = Readable.from(content);
  if (response.statusCode !== 400 || !content.includes('ConditionalCheckFailedException')) return;
  const asked = JSON.parse(textOf(request.body)) as Record<string, unknown>;
  if (asked.ReturnValuesOnConditionCheckFailure !== 'ALL_OLD') return;
  const body = JSON.stringify({
    TableName: asked.TableName,
    Key: asked.Key,
    ConsistentRead: true,
  });
  const headers = {
    ...request.headers,
    'x-amz-target': 'DynamoDB_20120810.GetItem',
    'content-length': String(Buffer.byteLength(body)),
  };
  // A copy that keeps the request's class, with another body.
  const lookUp = Object.assign(Object.create(request) as Request, { headers, body });
  const found = JSON.parse(
    String(await buffer((await inner.handle(lookUp)).response.body)),
  ) as object;
  const refusal = { ...(JSON.parse(String(content)) as object), ...found };
  response.headers = JSON_HEADERS; // The old length and checksum are another body's.
  response.body = Readable.from(JSON.stringify(refusal));
}

function textOf(body: string | Uint8Array): string {
  return typeof body === 'string' ? body : new TextDecoder().decode(body);
}
