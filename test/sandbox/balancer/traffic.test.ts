/** The client that demo and tests measure with must itself tell the truth. */
import { afterEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { type RequestListener, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTraffic } from '../../../examples/hello/traffic.ts';
import { until } from '../runtime/processes.ts';

let servers: Server[] = [];

afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers = [];
});

async function startApp(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answer =
  (version: string): RequestListener =>
  (_, response) =>
    response.end(JSON.stringify({ version }));

test('the URLs are used in turn, and answers are counted by version and second', async () => {
  const urls = [await startApp(answer('v1')), await startApp(answer('v2'))];

  const traffic = startTraffic({ urls, requestsPerSecond: 500 });
  await until(() => traffic.report().total >= 40);
  const report = await traffic.stop();

  const { v1 = 0, v2 = 0 } = report.versions[0] ?? {};
  expect(v1 + v2).toBe(report.total);
  expect(Math.abs(v1 - v2)).toBeLessThanOrEqual(1);
  expect(report.failed).toEqual([]);
  expect(report.latencyMs.p50).toBeGreaterThan(0);
  expect(report.latencyMs.p50).toBeLessThanOrEqual(report.latencyMs.max);
});

test('every kind of failure is counted, with its cause', async () => {
  let count = 0;
  const url = await startApp((request, response) => {
    count += 1;
    if (count === 1) {
      response.statusCode = 503;
      response.end();
    } else if (count === 2) request.socket.resetAndDestroy();
    else if (count === 3) response.write('half', () => request.socket.destroy());
    else if (count > 4) answer('v1')(request, response); // The fourth is never answered.
  });

  const traffic = startTraffic({ urls: [url], requestsPerSecond: 50, timeoutMs: 200, path: '/x' });
  await until(() => count >= 6);
  const report = await traffic.stop();

  expect(report.failed).toEqual([
    { atMs: 0, url: `${url}/x`, status: 503 },
    { atMs: 20, url: `${url}/x`, error: 'ECONNRESET' },
    { atMs: 40, url: `${url}/x`, error: 'ECONNRESET' },
    { atMs: 60, url: `${url}/x`, error: 'timeout' },
  ]);
  expect(report.total).toBeGreaterThanOrEqual(6);
});

test('a stall of the app shows as many slow requests', async () => {
  let isStalled = true;
  const held: (() => void)[] = [];
  const url = await startApp((request, response) => {
    if (isStalled) held.push(() => answer('v1')(request, response));
    else answer('v1')(request, response);
  });

  // Two in flight at most: the others wait for them, and the wait must count.
  const traffic = startTraffic({ urls: [url], requestsPerSecond: 100, concurrency: 2 });
  await until(() => held.length === 2);
  await new Promise((resolve) => {
    setTimeout(resolve, 300);
  });
  isStalled = false;
  for (const release of held) release();
  await until(() => traffic.report().total >= 30);
  const report = await traffic.stop();

  expect(report.latencyMs.max).toBeGreaterThan(250);
  expect(report.latencyMs.p50).toBeGreaterThan(50);
});
