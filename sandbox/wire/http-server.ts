import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Front } from './front.ts';
import type { WireRequest } from './message.ts';

/** AWS's services take no more than this either. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** Long, so that a client that polls seldom never meets a connection just as it is closed. */
const KEEP_ALIVE_MS = 600_000;

export interface HttpServer {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  /** Cuts every connection and stops listening. */
  close(): Promise<void>;
}

/**
 * Listens for a front on the loopback address, and on no other.
 * @param port 0 for any that is free.
 * @throws when the port is taken.
 */
export async function startHttpServer(front: Front, port: number): Promise<HttpServer> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    answer(front, request, response).catch((error: unknown) => {
      // The client went away in the middle of its request; there is no one left to tell.
      response.destroy(error as Error);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  front: Front,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body = await bodyOf(incoming);
  if (!body) {
    outgoing.writeHead(413, { connection: 'close' }).end();
    return;
  }
  const request: WireRequest = {
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    headers: headersOf(incoming),
    body,
  };
  const response = await front.handle(request);
  if (response === 'drop') {
    incoming.socket.resetAndDestroy();
    return;
  }
  outgoing.writeHead(response.status, response.headers).end(response.body);
}

/** Undefined if it is too long. */
async function bodyOf(incoming: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function headersOf(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  );
}
