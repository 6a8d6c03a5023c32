import type { HttpHandlerOptions, HttpRequest, HttpResponse, RequestHandler } from '@smithy/types';
import type { Front } from './front.ts';
import type { WireAnswer } from './message.ts';

/** What the SDK's clients take as `requestHandler`. */
export interface InProcessHandler extends RequestHandler<
  HttpRequest,
  HttpResponse,
  HttpHandlerOptions
> {
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
}

/**
 * A request handler for the SDK's clients that answers from `front` without a socket, so that time
 * is the world's clock and nothing else. A dropped connection is reported as the SDK's
 * own handler reports it.
 */
export function inProcessHandler(front: Front): InProcessHandler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
    destroy: () => {},
    handle: async (request, options = {}) => {
      const answer = await untilAborted(
        front.handle({
          method: request.method,
          path: request.path,
          headers: lowerCased(request.headers),
          body: bytesOf(request.body),
        }),
        options.abortSignal as AbortSignal | undefined,
      );
      if (answer === 'drop') {
        throw Object.assign(new Error('read ECONNRESET'), {
          name: 'TimeoutError',
          code: 'ECONNRESET',
        });
      }
      const { status, headers, body } = answer;
      return {
        response: { statusCode: status, headers: { ...headers }, body: new Uint8Array(body) },
      };
    },
  };
}

function untilAborted(
  answer: Promise<WireAnswer>,
  signal: AbortSignal | undefined,
): Promise<WireAnswer> {
  if (!signal) return answer;
  return new Promise((resolve, reject) => {
    const onAbort = () =>
      reject(Object.assign(new Error('Request aborted'), { name: 'AbortError' }));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function bytesOf(body: unknown): Uint8Array {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return Buffer.from(body, 'utf8');
  // Plain bytes of the same memory: what the SDK sends converts itself to text when it can.
  if (body instanceof Uint8Array) {
    return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  }
  throw new TypeError('The sandbox takes no streamed request bodies in process.');
}
