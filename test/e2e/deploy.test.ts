/**
 * Goal: users see no error while versions change.
 * Method: the built executable against the sandbox with real processes, under traffic through both
 * nodes of the real load balancer.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTraffic } from '../../examples/hello/traffic.ts';
import { Hello, QUICK_TIME_SCALE, quickWorld, until } from './hello.ts';
import { observe } from './observe.ts';

let hello: Hello;

beforeAll(async () => {
  hello = await Hello.start({ world: quickWorld(), timeScale: QUICK_TIME_SCALE });
});

afterAll(async () => {
  await hello.close();
});

const taskSets = async () => (await observe(hello.sandbox.url)).taskSets;

test('two versions follow each other under traffic without a failed request', async () => {
  const first = await hello.deploy('aaaa1111');
  const [original] = await taskSets();
  await hello.answers();
  const loggedBefore = hello.sandbox.accessLog().length;
  const traffic = startTraffic({ urls: hello.urls(), requestsPerSecond: 100 });

  const second = await hello.deploy('bbbb2222');
  const setsAfterSecond = await taskSets();
  const third = await hello.deploy('cccc3333');
  const setsAfterThird = await taskSets();
  await until(() => Object.keys(traffic.report().versions.at(-1) ?? {}).join() === 'v3');
  const report = await traffic.stop();

  expect([first.stderr, second.stderr, third.stderr]).toEqual(['', '', '']);
  expect([first.code, second.code, third.code]).toEqual([0, 0, 0]);
  expect(first.stdout).toMatch(/Serving now: green, hello:v1 .*hello-dev:1/);
  expect(second.stdout).toMatch(/Serving now: blue, hello:v2 .*hello-dev:2/);
  expect(third.stdout).toMatch(/Serving now: green, hello:v3 .*hello-dev:3/);

  // The version before stays, at its scale; the one before that is gone.
  expect(setsAfterSecond.find(({ id }) => id === original?.id)).toMatchObject({
    status: 'ACTIVE',
    runningCount: 2,
    scalePercent: 100,
  });
  const statuses = setsAfterThird.map(({ status }) => status ?? '');
  expect(statuses.sort()).toEqual(['ACTIVE', 'PRIMARY']);
  expect(setsAfterThird.map(({ id }) => id)).not.toContain(original?.id);

  expect(report.failed).toEqual([]);
  expect(report.total).toBeGreaterThan(500);
  expect(Object.keys(report.versions.at(0) ?? {})).toEqual(['v1']);
  expect(Object.keys(report.versions.at(-1) ?? {})).toEqual(['v3']);
  const requests = hello.sandbox.accessLog().slice(loggedBefore);
  expect(requests.length).toBeGreaterThanOrEqual(report.total);
  expect(requests.filter(({ targetState }) => targetState !== 'healthy')).toEqual([]);
}, 120_000);
