import type { ServerResponse } from 'node:http';

/** The phrases of the answers that a node gives by itself. */
const PHRASES = {
  400: 'Bad Request',
  405: 'Method Not Allowed',
  408: 'Request Time-out',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
} as const;

/** @see Troubleshoot your Application Load Balancers: HTTP errors, User Guide */
export type OwnStatus = keyof typeof PHRASES;

const SERVER = 'awselb/2.0';

/** Answers with the load balancer's own short page. Without effect when the answer has begun. */
export function respondWithPage(response: ServerResponse, status: OwnStatus): void {
  respond(response, status, { 'Content-Type': 'text/html' }, pageOf(status));
}

/** Answers for the load balancer itself. Without effect when the answer has begun. */
export function respond(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: string,
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    Server: SERVER,
    ...headers,
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** The same page for a connection on which no request could be read; ends the connection. */
export function rawPage(status: OwnStatus): string {
  const page = pageOf(status);
  return [
    `HTTP/1.1 ${status} ${PHRASES[status]}`,
    `Server: ${SERVER}`,
    'Content-Type: text/html',
    `Content-Length: ${Buffer.byteLength(page)}`,
    'Connection: close',
    '',
    page,
  ].join('\r\n');
}

function pageOf(status: OwnStatus): string {
  const title = `${status} ${PHRASES[status]}`;
  return [
    '<html>',
    `<head><title>${title}</title></head>`,
    '<body>',
    `<center><h1>${title}</h1></center>`,
    '</body>',
    '</html>',
    '',
  ].join('\r\n');
}
