import { expect, test } from '@jest/globals';
import { CreateClusterCommand } from '@aws-sdk/client-ecs';
import { admin, startFront } from './start-front.ts';

test('health answers without credentials', async () => {
  const { front } = await startFront();

  expect(await admin(front, 'GET', 'health')).toEqual({ status: 200, body: { status: 'ok' } });
});

test('faults are added, shown with what they did, and ended', async () => {
  const { front, clients } = await startFront();
  const drop = { operation: 'ecs.CreateCluster', attempt: 1, do: { kind: 'drop' } };
  const reject = { operation: 'ssm.*', do: { kind: 'reject', code: 'InternalServerError' } };

  expect(await admin(front, 'POST', 'faults', drop)).toMatchObject({
    status: 201,
    body: { rules: [{ number: 1, rule: drop, seen: 0, fired: 0 }] },
  });
  expect(await admin(front, 'POST', 'faults', [reject])).toMatchObject({
    status: 201,
    body: { rules: [{ number: 2 }] },
  });
  await clients().ecs.send(new CreateClusterCommand({ clusterName: 'c' }));
  expect(await admin(front, 'GET', 'faults')).toEqual({
    status: 200,
    body: {
      rules: [
        { number: 1, rule: drop, seen: 1, fired: 1 },
        { number: 2, rule: reject, seen: 0, fired: 0 },
      ],
      matches: [{ rule: 1, operation: 'ecs.CreateCluster', attempt: 1, call: 1 }],
    },
  });

  expect((await admin(front, 'DELETE', 'faults/1')).body['rules']).toMatchObject([{ number: 2 }]);
  expect((await admin(front, 'DELETE', 'faults/1')).status).toBe(404);
  expect((await admin(front, 'DELETE', 'faults')).body['rules']).toEqual([]);
  expect(front.faults.matches()).toHaveLength(1);
});

test('calls are shown with who made them, when, and what came of them', async () => {
  const { front, clients, clock } = await startFront();
  await clock.advance(500);
  await clients({ region: 'eu-west-1' }).ecs.send(new CreateClusterCommand({ clusterName: 'c' }));

  const { body } = await admin(front, 'GET', 'calls');

  expect(body).toEqual({
    count: 1,
    calls: [
      {
        number: 1,
        service: 'ecs',
        operation: 'CreateCluster',
        accountId: '111111111111',
        region: 'eu-west-1',
        invocationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        attempt: 1,
        atMs: Date.UTC(2026, 0, 1, 0, 0, 0, 500),
        outcome: 'ok',
        answer: 'sent',
        faults: [],
      },
    ],
  });
});

test('no more than the last 10,000 calls are kept', async () => {
  const { front } = await startFront();
  const call = {
    service: 'ecs',
    operation: 'ListTasks',
    accountId: '111111111111',
    region: 'us-east-1',
    invocationId: undefined,
    attempt: 1,
    atMs: 0,
  };

  for (let count = 0; count < 25_000; count++) front.calls.begin(call);

  const numbers = front.calls.entries().map(({ number }) => number);
  expect(front.calls.count).toBe(25_000);
  expect([numbers.length, numbers[0], numbers.at(-1)]).toEqual([10_000, 15_001, 25_000]);
});

test('settings are shown, and changed while the world runs', async () => {
  const { front, world } = await startFront();

  const { status, body } = await admin(front, 'PATCH', 'settings', {
    staleReadSeconds: 7,
    throttle: true,
  });

  expect(status).toBe(200);
  expect(body).toMatchObject({ staleReadSeconds: 7, throttle: true, timeScale: 0.1 });
  expect(world.settings).toEqual(body);
  expect((await admin(front, 'GET', 'settings')).body).toEqual(body);
});

test.each<[string, string, unknown, number, string]>([
  ['PATCH', 'settings', { staleReadSecond: 7 }, 400, 'staleReadSecond'],
  ['PATCH', 'settings', { timeScale: 0 }, 400, 'settings: timeScale:'],
  ['PATCH', 'settings', { propagationSeconds: { min: 2, max: 1 } }, 400, 'min must not be above'],
  ['POST', 'faults', { operation: 'ecs.Nothing', do: { kind: 'drop' } }, 400, 'ecs.Nothing'],
  ['DELETE', 'calls', undefined, 405, 'DELETE is not for /_sandbox/calls'],
  ['GET', 'nothing', undefined, 404, 'health, faults, calls, settings'],
  ['GET', 'toString', undefined, 404, 'health, faults, calls, settings'],
])('%s %s %j is refused and changes nothing', async (method, page, input, status, message) => {
  const { front, world } = await startFront();
  const settings = { ...world.settings };

  const answer = await admin(front, method, page, input);

  expect(answer).toEqual({ status, body: { message: expect.stringContaining(message) } });
  expect(world.settings).toEqual(settings);
  expect(front.faults.rules()).toEqual([]);
});
