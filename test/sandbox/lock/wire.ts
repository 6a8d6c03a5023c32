import type {
  DynamoDBClient,
  ServiceInputTypes,
  ServiceOutputTypes,
} from '@aws-sdk/client-dynamodb';
import type { DeserializeMiddleware, HttpRequest, HttpResponse } from '@smithy/types';

/** The wire between a client and the sandbox: for what can only go wrong before a request arrives. */
export interface Wire {
  /** The invocations whose requests were sent, by `amz-sdk-invocation-id`. */
  readonly sent: ReadonlySet<string>;
  /** The requests that have no answer yet, as `<invocation>/<attempt>`. */
  readonly underWay: ReadonlySet<string>;
  /** Breaks the connection under the next request, before anything of it arrives. */
  cutNext(): void;
  /** Makes every answer bear this date, as of a server whose clock is set otherwise. */
  dateAnswers(date: Date): void;
}

/** Taps the wire right in front of the client's request handler. */
export function tapWire(client: DynamoDBClient): Wire {
  const sent = new Set<string>();
  const underWay = new Set<string>();
  let isCut = false;
  let answersDate: Date | undefined;
  const tap: DeserializeMiddleware<ServiceInputTypes, ServiceOutputTypes> =
    (next) => async (args) => {
      const { headers } = args.request as HttpRequest;
      if (isCut) {
        isCut = false;
        throw connectionReset();
      }
      const invocation = headers['amz-sdk-invocation-id'] ?? '';
      const [, attempt = '1'] = /attempt=(\d+)/.exec(headers['amz-sdk-request'] ?? '') ?? [];
      const id = `${invocation}/${attempt}`;
      sent.add(invocation);
      underWay.add(id);
      try {
        const result = await next(args);
        if (answersDate) (result.response as HttpResponse).headers.date = answersDate.toUTCString();
        return result;
      } finally {
        underWay.delete(id);
      }
    };
  client.middlewareStack.add(tap, { step: 'deserialize', priority: 'low', name: 'wire' });
  return {
    sent,
    underWay,
    cutNext() {
      isCut = true;
    },
    dateAnswers(date) {
      answersDate = date;
    },
  };
}

function connectionReset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', name: 'TimeoutError' });
}
