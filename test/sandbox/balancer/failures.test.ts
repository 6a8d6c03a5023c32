/** What a client gets when a target fails, and what the access log says about it. */
import { afterEach, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { type Server, type Socket, connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { until } from '../runtime/processes.ts';
import { exchangeBytes } from './exchange-bytes.ts';
import { LoadBalancer, type LoadBalancerOptions } from './load-balancer.ts';

let lb: LoadBalancer;
let url: string;
let rawServers: Server[] = [];
const sockets = new Set<Socket>();

afterEach(async () => {
  await lb.close();
  for (const socket of sockets) socket.destroy();
  for (const server of rawServers) server.close();
  rawServers = [];
  sockets.clear();
});

async function start(options?: LoadBalancerOptions): Promise<void> {
  lb = new LoadBalancer(options);
  [url] = await lb.urls();
}

/** A target below HTTP: does what it likes with each request; health checks are refused. */
async function addRawTarget(
  onRequest: (socket: Socket, countOnConnection: number, head: string) => void,
): Promise<void> {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    let count = 0;
    socket.on('data', (chunk) => {
      const head = chunk.toString('latin1');
      if (head.startsWith('GET /health ')) socket.destroy();
      else onRequest(socket, (count += 1), head);
    });
  });
  rawServers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  lb.addTarget('blue', 'raw', { host: '127.0.0.1', port });
}

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

test('503 without any target', async () => {
  await start();

  const response = await fetch(url);

  expect(response.status).toBe(503);
  expect(response.headers.get('content-type')).toBe('text/html');
  expect(await response.text()).toContain('<h1>503 Service Temporarily Unavailable</h1>');
  expect(await lb.logged()).toMatchObject({
    elbStatusCode: 503,
    targetGroupArn: lb.targetGroupArns.blue,
    errorReason: 'the target group has no target',
  });
});

test.each([
  ['resets the connection', (socket: Socket) => socket.resetAndDestroy(), 'ECONNRESET'],
  ['closes the connection', (socket: Socket) => socket.end(), 'ECONNRESET'],
  ['answers what is not HTTP', (socket: Socket) => socket.end('no\r\n\r\n'), /^HPE_/],
  [
    'switches protocols unasked',
    (socket: Socket) => socket.write('HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
    /switched protocols/,
  ],
])('502 when the target %s', async (_, misbehave, reason) => {
  await start();
  let attempts = 0;
  await addRawTarget((socket) => {
    attempts += 1;
    misbehave(socket);
  });

  const response = await fetch(url);

  expect(response.status).toBe(502);
  expect(await response.text()).toContain('<h1>502 Bad Gateway</h1>');
  expect(await lb.logged()).toMatchObject({
    elbStatusCode: 502,
    taskArn: 'task/raw',
    errorReason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
  });
  expect(attempts).toBe(1); // A fresh connection's failure is the target's answer.
});

test.each([
  ['nothing listens', { host: '127.0.0.1', port: 1 }],
  ['nothing can be listening', undefined],
])('502 when %s at the target', async (_, endpoint) => {
  await start();
  lb.addTarget('blue', 'gone', endpoint);

  expect((await fetch(url)).status).toBe(502);
  expect(await lb.logged()).toMatchObject({ elbStatusCode: 502, errorReason: 'ECONNREFUSED' });
  expect(await lb.logged()).not.toHaveProperty('targetStatusCode');
});

test('504 when the target does not answer in time', async () => {
  await start({ timeouts: { idleMs: 100 } });
  await addRawTarget(() => {});

  const response = await fetch(url);

  expect(response.status).toBe(504);
  expect(await response.text()).toContain('<h1>504 Gateway Time-out</h1>');
  expect((await lb.logged()).durationMs).toBeGreaterThanOrEqual(95);
});

test('a slow answer is no failure while something comes', async () => {
  const clock = new VirtualClock();
  await start({ clock, timeouts: { idleMs: 60_000 } });
  let target: Socket | undefined;
  await addRawTarget((socket) => {
    target = socket;
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\na');
  });

  const response = await fetch(url);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const received = [(await reader.read()).value];
  for (const part of ['b', 'c', 'd']) {
    clock.advanceSync(40_000);
    target!.write(part);
    received.push((await reader.read()).value);
  }

  expect(received).toEqual(['a', 'b', 'c', 'd']);
  expect((await lb.logged()).durationMs).toBe(120_000);
});

test('a slow body is no failure while something comes', async () => {
  const clock = new VirtualClock();
  await start({ clock, timeouts: { idleMs: 60_000 } });
  let received = '';
  await addRawTarget((socket, _, bytes) => {
    received += bytes;
    if (received.endsWith('abcd')) socket.write(OK);
  });

  const request = httpRequest(url, { method: 'POST', headers: { 'content-length': '4' } });
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  for (const part of ['a', 'b', 'c', 'd']) {
    clock.advanceSync(40_000);
    request.write(part);
    await until(() => received.endsWith(part));
  }
  request.end();
  const [response] = await answered;
  response.resume();

  expect(response.statusCode).toBe(200);
});

test('504 when the target does not accept a connection in time', async () => {
  await start({ timeouts: { connectMs: 200 } });
  const target = spawn(
    process.execPath,
    [
      '-e',
      `const s = require('node:net').createServer();
       s.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port));`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  try {
    const [line] = (await once(createInterface({ input: target.stdout }), 'line')) as [string];
    const port = Number(line);
    target.kill('SIGSTOP'); // From here on the kernel queues connections, until the queue is full.
    for (let count = 0; count < 4; count++) {
      sockets.add(connect(port, '127.0.0.1').on('error', () => {}));
    }
    await until(() => [...sockets].filter((socket) => !socket.connecting).length >= 2);
    lb.addTarget('blue', 'full', { host: '127.0.0.1', port });

    const response = await fetch(url);

    expect(response.status).toBe(504);
    expect(await lb.logged()).toMatchObject({
      errorReason: 'the target did not accept a connection in time',
    });
  } finally {
    target.kill('SIGKILL');
  }
});

test('408 when the client does not send its body in time', async () => {
  await start({ timeouts: { idleMs: 100 } });
  await addRawTarget(() => {});

  const request = httpRequest(url, { method: 'POST', headers: { 'content-length': '10' } });
  request.on('error', () => {});
  request.write('half');
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  request.destroy();

  expect(response.statusCode).toBe(408);
});

test('an answer that breaks off is broken off for the client too', async () => {
  await start();
  await addRawTarget((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'));

  const response = await fetch(url);

  await expect(response.text()).rejects.toThrow();
  expect(await lb.logged()).toMatchObject({
    elbStatusCode: 200,
    targetStatusCode: 200,
    errorReason: 'ECONNRESET',
  });
});

test('a client that leaves is logged as 460, and the target is left alone', async () => {
  await start();
  let aborted = false;
  let arrived = false;
  await addRawTarget((socket) => {
    arrived = true;
    socket.on('close', () => (aborted = true));
  });

  const request = httpRequest(url).on('error', () => {});
  request.end();
  await until(() => arrived);
  request.destroy();

  await until(() => aborted);
  expect(await lb.logged()).toMatchObject({ elbStatusCode: 460, errorReason: 'the client left' });
});

test('a connection that the target closes while idle costs no request', async () => {
  await start();
  const arrived: string[] = [];
  // The worst target: it closes a kept connection only when the next request comes.
  await addRawTarget((socket, count, head) => {
    arrived.push(head.split(' ')[0] ?? '');
    if (count > 1) socket.destroy();
    else socket.write(OK);
  });

  const statuses: number[] = [];
  for (const method of ['GET', 'GET', 'POST', 'DELETE', 'GET', 'POST', 'POST']) {
    statuses.push((await fetch(url, { method })).status);
  }

  expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 200]);
  // What must not happen twice did not even arrive twice.
  expect(arrived.filter((method) => method === 'POST')).toHaveLength(3);
  expect(arrived.length).toBeGreaterThan(statuses.length);
});

test('a repeated request is not repeated again', async () => {
  await start();
  let requests = 0;
  await addRawTarget((socket) => {
    requests += 1;
    if (requests === 1) socket.write(OK);
    else socket.destroy();
  });
  expect((await fetch(url)).status).toBe(200);

  expect((await fetch(url)).status).toBe(502);
  expect(requests).toBe(3); // The second request was tried on the kept connection and on a fresh one.
});

test('a request whose answer has begun is never repeated', async () => {
  await start();
  let requests = 0;
  await addRawTarget((socket) => {
    requests += 1;
    if (requests === 1) socket.write(OK);
    else socket.end('HTTP/1.1 2');
  });
  expect((await fetch(url)).status).toBe(200);

  expect((await fetch(url)).status).toBe(502);
  expect(requests).toBe(2);
});

test("the client's connection outlives failed requests, with and without a body", async () => {
  const clock = new BusyClock();
  await start({ clock, timeouts: { idleMs: 60_000 } });
  let isStuck = false;
  await addRawTarget((socket, _, head) => {
    if (head.startsWith('GET /reset ')) socket.destroy();
    else if (head.startsWith('GET /ok ')) socket.write(OK);
    else {
      socket.pause(); // Reads no more, so that the body gets stuck half way.
      isStuck = true;
    }
  });
  const body = 'x'.repeat(20_000_000);

  const exchanged = exchangeBytes(
    url,
    [
      'GET /reset HTTP/1.1\r\nHost: a\r\n\r\n',
      `PUT /stuck HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      'GET /ok HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    ].join(''),
  );
  await until(() => isStuck);
  await clock.untilIdle();
  clock.advanceSync(60_000);
  const received = await exchanged;

  const statuses = [...received.matchAll(/^HTTP\/1.1 (\d+)/gm)].map(([, status]) => status);
  expect(statuses).toEqual(['502', '504', '200']);
});

/** A clock that knows whether anything still happens: each byte sets the idle timeout anew. */
class BusyClock extends VirtualClock {
  #timersSet = 0;

  override after(delayMs: number, callback: () => void): () => void {
    this.#timersSet += 1;
    return super.after(delayMs, callback);
  }

  /** Waits until many turns of the event loop, in which all sides live here, have set no timer. */
  async untilIdle(): Promise<void> {
    let timersSet = -1;
    for (let quietTurns = 0; quietTurns < 200; quietTurns++) {
      if (timersSet !== this.#timersSet) quietTurns = 0;
      timersSet = this.#timersSet;
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
  }
}
