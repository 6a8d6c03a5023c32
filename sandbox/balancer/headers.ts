import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Headers that are about one connection, not about the message. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Repeating one of these changes nothing, so that a lost request may be sent again (RFC 9110). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/**
 * What the target gets to see: the client's own headers, Host included, and where they came from.
 * @see HTTP headers and Application Load Balancers, User Guide
 */
export function requestHeaders(
  request: IncomingMessage,
  listenerPort: number,
  wallMs: number,
): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of endToEnd(request)) {
    const known = headers[name];
    if (known === undefined) headers[name] = value;
    else headers[name] = [known, value].flat();
  }
  if (request.headers['transfer-encoding']) headers['transfer-encoding'] = 'chunked';

  const clientAddress = request.socket.remoteAddress ?? '';
  const before = request.headers['x-forwarded-for'];
  headers['x-forwarded-for'] = before ? `${String(before)}, ${clientAddress}` : clientAddress;
  headers['x-forwarded-proto'] = 'http';
  headers['x-forwarded-port'] = String(listenerPort);
  headers['x-amzn-trace-id'] = traceId(String(request.headers['x-amzn-trace-id'] ?? ''), wallMs);
  return headers;
}

/** What the client gets to see of the target's headers, as a flat list that keeps repetitions. */
export function responseHeaders(response: IncomingMessage): string[] {
  const { rawHeaders } = response;
  const dropped = connectionHeaders(response);
  return rawHeaders.filter((_, index) => {
    const name = rawHeaders[index - (index % 2)] ?? '';
    return !dropped.has(name.toLowerCase());
  });
}

/** Whether a body follows the request's head. */
export function hasBody(request: IncomingMessage): boolean {
  const { 'transfer-encoding': encoding, 'content-length': length } = request.headers;
  return encoding !== undefined || Number(length ?? 0) > 0;
}

/** Whether the request may be sent a second time: nothing is lost, nothing happens twice. */
export function isRepeatable(request: IncomingMessage): boolean {
  return IDEMPOTENT.has(request.method ?? '') && !hasBody(request);
}

/** By lower-case name, in the order received. */
function* endToEnd(message: IncomingMessage): Iterable<[string, string]> {
  const dropped = connectionHeaders(message);
  for (let index = 0; index < message.rawHeaders.length; index += 2) {
    const name = (message.rawHeaders[index] ?? '').toLowerCase();
    if (!dropped.has(name)) yield [name, message.rawHeaders[index + 1] ?? ''];
  }
}

function connectionHeaders(message: IncomingMessage): Set<string> {
  const named = (message.headers.connection ?? '').split(',');
  return new Set([...HOP_BY_HOP, ...named.map((name) => name.trim().toLowerCase())]);
}

/**
 * A new root for a request that has none; otherwise the load balancer adds itself in front.
 * @see Request tracing for your Application Load Balancer, User Guide
 */
function traceId(received: string, wallMs: number): string {
  const seconds = Math.floor(wallMs / 1000).toString(16);
  const own = `1-${seconds.padStart(8, '0')}-${randomBytes(12).toString('hex')}`;
  const fields = received.split(';').filter((field) => field && !field.startsWith('Self='));
  const hasRoot = fields.some((field) => field.startsWith('Root='));
  if (!hasRoot) return [`Root=${own}`, ...fields].join(';');
  return [`Self=${own}`, ...fields].join(';');
}
