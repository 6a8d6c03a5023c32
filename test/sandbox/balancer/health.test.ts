/** Real health checks, and what they make of targets. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { IncomingMessage } from 'node:http';
import { until } from '../runtime/processes.ts';
import { LoadBalancer } from './load-balancer.ts';

let lb: LoadBalancer;

beforeEach(() => {
  lb = new LoadBalancer();
});

afterEach(async () => {
  await lb.close();
});

test('both nodes check, each time with a connection of its own', async () => {
  const checks: IncomingMessage[] = [];
  const blue = await lb.addApp('blue', 'v1', (request, response) => {
    checks.push(request);
    response.end();
  });

  await until(() => checks.length >= 4);

  const [first] = checks;
  expect(first).toMatchObject({ method: 'GET', url: '/health' });
  expect(first?.headers).toMatchObject({
    'user-agent': 'ELB-HealthChecker/2.0',
    host: `${blue.address}:8080`,
    connection: 'close',
  });
  expect(new Set(checks.map(({ socket }) => socket)).size).toBe(checks.length);
});

test('a new target is healthy after its first checks, also on the idle colour', async () => {
  await lb.close();
  lb = new LoadBalancer({ healthCheckIntervalSeconds: 300 }); // 6 seconds here.
  const startMs = Date.now();
  const green = await lb.addApp('green', 'v2');
  expect(lb.stateOf('green', green)).toMatchObject({
    state: 'initial',
    reason: 'Elb.RegistrationInProgress',
  });

  await lb.untilState('green', green, 'healthy');

  expect(Date.now() - startMs).toBeLessThan(3000); // Much less than an interval.
});

test('a target flips with what its checks find, and traffic avoids it meanwhile', async () => {
  let status = 200;
  const sick = await lb.addApp('blue', 'sick', (_, response) => {
    response.statusCode = status;
    response.end('{"version":"sick"}');
  });
  const well = await lb.addApp('blue', 'well');
  const [url] = await lb.urls();
  await lb.untilState('blue', sick, 'healthy');
  await lb.untilState('blue', well, 'healthy');
  const versions = async () => {
    const answers = [1, 2, 3, 4].map(async () => (await (await fetch(url)).json()) as object);
    return (await Promise.all(answers)).map((answer) => JSON.stringify(answer)).sort();
  };
  expect(new Set(await versions()).size).toBe(2);

  status = 500;
  await lb.untilState('blue', sick, 'unhealthy');
  expect(lb.stateOf('blue', sick)).toMatchObject({
    reason: 'Target.ResponseCodeMismatch',
    description: 'Health checks failed with these codes: [500]',
  });
  // The other node may still be about to find out; this one's word is in its own requests.
  await until(async () => new Set(await versions()).size === 1);
  expect(await versions()).toEqual(Array(4).fill('{"version":"well"}'));

  status = 200;
  await lb.untilState('blue', sick, 'healthy');
  expect(new Set(await versions()).size).toBe(2);
});

test('a target that hangs is unhealthy by timeout', async () => {
  const blue = await lb.addApp('blue', 'v1', () => {});

  await lb.untilState('blue', blue, 'unhealthy');

  expect(lb.stateOf('blue', blue).reason).toBe('Target.Timeout');
});

test.each([
  ['refuses connections', { host: '127.0.0.1', port: 1 }],
  ['is not there', undefined],
])('a target that %s is unhealthy by failure', async (_, endpoint) => {
  const target = lb.addTarget('blue', 'gone', endpoint);

  await lb.untilState('blue', target, 'unhealthy');

  expect(lb.stateOf('blue', target).reason).toBe('Target.FailedHealthChecks');
});

test('a target that is gone, or whose group no rule uses, is checked no more', async () => {
  let checks = 0;
  const count = (_: IncomingMessage, response: { end(): void }) => {
    checks += 1;
    response.end();
  };
  const blue = await lb.addApp('blue', 'v1', count);
  const green = await lb.addApp('green', 'v2', count);
  await lb.untilState('blue', blue, 'healthy');
  await lb.untilState('green', green, 'healthy');

  lb.deregister('blue', blue);
  lb.deleteRule('green');
  await lb.untilState('blue', blue, 'unused'); // 100 ms later, as long as a check may be under way.
  const before = checks;
  await new Promise((resolve) => {
    setTimeout(resolve, 250); // Two intervals: nothing else tells that nothing happens.
  });

  expect(checks).toBe(before);
});

test('a group that comes into use is checked from then on', async () => {
  lb.deleteRule('green');
  const green = await lb.addApp('green', 'v2');
  expect(lb.stateOf('green', green).state).toBe('unused');

  lb.addRule('/later', 7, { Type: 'forward', TargetGroupArn: lb.targetGroupArns.green });

  await lb.untilState('green', green, 'healthy');
});

test('closing ends the checks', async () => {
  let checks = 0;
  const blue = await lb.addApp('blue', 'v1', (_, response) => {
    checks += 1;
    response.end();
  });
  await lb.untilState('blue', blue, 'healthy');

  await lb.balancers.close();
  const before = checks;
  await new Promise((resolve) => {
    setTimeout(resolve, 250); // Two intervals, as above.
  });

  expect(checks).toBe(before);
});
