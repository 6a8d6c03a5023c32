/** What becomes of requests in flight to a target that is being taken out. */
import { afterEach, expect, test } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { LoadBalancer } from './load-balancer.ts';
import { until } from '../runtime/processes.ts';

let lb: LoadBalancer;
let url: string;
let held: ServerResponse[];

afterEach(async () => {
  await lb.close();
});

/** One target that answers only when the test says so. */
async function startHeld(deregistrationDelaySeconds: number) {
  lb = new LoadBalancer({ deregistrationDelaySeconds });
  [url] = await lb.urls();
  held = [];
  return lb.addApp('blue', 'v1', (request, response) => {
    if (request.url === '/health') response.end();
    else held.push(response);
  });
}

test('a request in flight is finished, while new ones go elsewhere', async () => {
  const blue = await startHeld(500);
  const inFlight = fetch(url);
  await until(() => held.length === 1);

  lb.deregister('blue', blue);

  expect((await fetch(url)).status).toBe(503);
  expect(lb.stateOf('blue', blue).state).toBe('draining');
  held[0]?.end('finished');
  expect(await (await inFlight).text()).toBe('finished');
  expect(await lb.logged(2)).toMatchObject({ elbStatusCode: 200, targetState: 'initial' });
});

test('a request without an answer is cut with 502 when the deregistration delay is over', async () => {
  const blue = await startHeld(10);
  const inFlight = fetch(url);
  await until(() => held.length === 1);

  lb.deregister('blue', blue);
  expect(lb.stateOf('blue', blue).state).toBe('draining');

  expect((await inFlight).status).toBe(502);
  expect(lb.stateOf('blue', blue).state).toBe('unused');
  expect(await lb.logged()).toMatchObject({ errorReason: 'the deregistration delay is over' });
});

test('an answer that has begun is cut off when the deregistration delay is over', async () => {
  const blue = await startHeld(10);
  const inFlight = fetch(url);
  await until(() => held.length === 1);
  held[0]?.write('half');
  const response = await inFlight;

  lb.deregister('blue', blue);

  await expect(response.text()).rejects.toThrow();
});

test('a target that is registered again while it drains keeps its requests', async () => {
  const blue = await startHeld(10);
  const inFlight = fetch(url);
  await until(() => held.length === 1);
  const other = await lb.addApp('blue', 'v2');

  lb.deregister('blue', blue);
  lb.deregister('blue', other);
  lb.register('blue', 'v1', blue);
  await lb.untilState('blue', other, 'unused'); // The other one's delay is over, as would be ours.
  held[0]?.end('finished');

  expect(await (await inFlight).text()).toBe('finished');
});
