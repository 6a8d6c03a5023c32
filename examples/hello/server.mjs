/**
 * The app that the demo deploys, and an example of a container that can be replaced without a
 * failed request:
 *
 * - `/health` answers 200 as soon as the app can serve, so no traffic comes too early.
 * - On SIGTERM it stops accepting connections, finishes the requests that it has and exits with 0,
 *   well within the 30 seconds that ECS gives it.
 * - It keeps idle connections open for longer than the load balancer does (60 seconds), so that the
 *   load balancer never sends a request into a connection that is just being closed.
 *
 * Environment: HOST (0.0.0.0), PORT (8080), VERSION (none): shown by `/`.
 */
import { createServer } from 'node:http';

const HOST = process.env.HOST ?? '0.0.0.0';
const PORT = Number(process.env.PORT ?? 8080);
const VERSION = process.env.VERSION ?? 'none';

const KEEP_ALIVE_MS = 65_000;
const SLOW_MAX_MS = 60_000;

let isStopping = false;

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://hello');
  if (pathname === '/slow') await sleep(Number(searchParams.get('ms') ?? 1000));
  // Asks the client to use another connection next time: this one is about to go.
  if (isStopping) response.setHeader('Connection', 'close');

  if (pathname === '/health') answer(response, 200, { status: 'ok' });
  else if (pathname === '/' || pathname === '/slow') {
    answer(response, 200, { app: 'hello', version: VERSION, host: HOST, pid: process.pid });
  } else answer(response, 404, { error: 'not found' });
});
server.keepAliveTimeout = KEEP_ALIVE_MS;
server.listen(PORT, HOST, () =>
  console.log(`hello ${VERSION} listens on ${HOST}:${PORT} as process ${process.pid}`),
);

process.on('SIGTERM', () => {
  isStopping = true;
  // Idle connections are closed at once, busy ones after their response. Then nothing is left to do
  // and the process ends by itself.
  server.close(() => console.log(`hello ${VERSION} has finished its last request`));
});

function answer(response, status, body) {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}

function sleep(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, Math.min(Math.max(ms, 0), SLOW_MAX_MS));
  });
}
