/**
 * An app that misbehaves as its environment says.
 *
 * - VERSION: what `/` answers, as JSON. ROOT_STATUS: the status of that answer (200).
 * - START_DELAY_MS: how long it takes before it listens (0).
 * - EXIT_AFTER_MS: ends itself after so long, with EXIT_CODE (1).
 * - IGNORE_SIGTERM=1: has to be killed.
 * - HEALTH_STATUS: what `/health` answers (200). UNHEALTHY_AFTER_MS: from then on it answers 503.
 * - HANG_HEALTH=1: accepts `/health` and never answers. HANG_ALL=1: the same for every path.
 * - SPAWN_CHILD=1: starts a process of its own that would run forever, and prints `child <pid>`.
 *
 * `/slow?ms=` answers after so long, `/echo` sends the body back, `/headers` the request's headers,
 * `/reset` drops the connection, `/malformed` answers what is not HTTP, `/cut` ends half way.
 */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const { env } = process;
const number = (name, otherwise) => Number(env[name] ?? otherwise);
const startedAtMs = Date.now();

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://fixture');
  if (env.HANG_ALL === '1') return;
  if (pathname === '/health') health(response);
  else if (pathname === '/slow') {
    setTimeout(() => root(response), Number(searchParams.get('ms')));
  } else if (pathname === '/echo') request.pipe(response);
  else if (pathname === '/headers') json(response, 200, request.headers);
  else if (pathname === '/reset') request.socket.resetAndDestroy();
  else if (pathname === '/malformed') request.socket.end('this is not HTTP\r\n\r\n');
  else if (pathname === '/cut') {
    response.writeHead(200, { 'Content-Length': '100' });
    response.write('half', () => request.socket.destroy());
  } else root(response);
});

function health(response) {
  if (env.HANG_HEALTH === '1') return;
  const isSick = Date.now() - startedAtMs >= number('UNHEALTHY_AFTER_MS', Infinity);
  json(response, isSick ? 503 : number('HEALTH_STATUS', 200), {});
}

function root(response) {
  json(response, number('ROOT_STATUS', 200), { version: env.VERSION ?? 'none', pid: process.pid });
}

function json(response, status, body) {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

if (env.SPAWN_CHILD === '1') {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  console.log(`child ${child.pid}`);
}
if (env.EXIT_AFTER_MS !== undefined) {
  setTimeout(() => process.exit(number('EXIT_CODE', 1)), number('EXIT_AFTER_MS', 0));
}
process.on('SIGTERM', () => {
  if (env.IGNORE_SIGTERM === '1') console.log('SIGTERM ignored');
  else {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  }
});
setTimeout(
  () => server.listen(number('PORT', 8080), env.HOST, () => console.log('listening')),
  number('START_DELAY_MS', 0),
);
