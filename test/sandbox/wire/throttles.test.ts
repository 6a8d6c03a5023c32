import { expect, test } from '@jest/globals';
import {
  DeleteTaskSetCommand,
  DescribeServicesCommand,
  type ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
  SetRulePrioritiesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { startFront } from './start-front.ts';

/** So that a second of AWS is one of the clock. */
const THROTTLED = { throttle: true, timeScale: 1 };

const calls = {
  describeServices: (ecs: ECSClient) =>
    ecs.send(new DescribeServicesCommand({ cluster: 'c', services: ['s'] })),
  deleteTaskSet: (ecs: ECSClient) =>
    ecs.send(new DeleteTaskSetCommand({ cluster: 'c', service: 's', taskSet: 'ecs-svc/1' })),
  register: (ecs: ECSClient) =>
    ecs.send(
      new RegisterTaskDefinitionCommand({ family: 'f', containerDefinitions: [{ name: 'c' }] }),
    ),
  describe: (elb: ElasticLoadBalancingV2Client) => elb.send(new DescribeLoadBalancersCommand({})),
  swap: (elb: ElasticLoadBalancingV2Client) =>
    elb.send(new SetRulePrioritiesCommand({ RulePriorities: [] })),
};

/** How many calls in a row are let through; the answer of one that is does not matter. */
async function admitted(call: () => Promise<unknown>): Promise<number> {
  for (let count = 0; count < 1000; count++) {
    const error = await call().then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    if (error?.name.startsWith('Throttling')) return count;
  }
  return Infinity;
}

test.each([
  ['describeServices', 100, 20],
  ['deleteTaskSet', 50, 5],
  ['register', 20, 1],
] as const)('%s: a burst of %i, then %i each second', async (name, burst, refill) => {
  const { clients, clock } = await startFront({ settings: THROTTLED });
  const { ecs } = clients({ maxAttempts: 1 });

  expect(await admitted(() => calls[name](ecs))).toBe(burst);
  await clock.advance(1000);
  expect(await admitted(() => calls[name](ecs))).toBe(refill);
  await clock.advance(3_600_000);
  expect(await admitted(() => calls[name](ecs))).toBe(burst);
});

test('ELBv2 counts every call once more, for the whole account', async () => {
  const { clients, clock } = await startFront({ settings: THROTTLED });
  const { elb } = clients({ maxAttempts: 1 });

  expect(await admitted(() => calls.swap(elb))).toBe(20);
  expect(await admitted(() => calls.describe(elb))).toBe(20); // 40 in all.
  await clock.advance(2000);
  expect(await admitted(() => calls.swap(elb))).toBe(6);
  expect(await admitted(() => calls.describe(elb))).toBe(14); // 20 in all.
  expect(await admitted(() => elb.send(new DescribeTargetGroupsCommand({})))).toBe(0);
});

test('registering targets has a bucket of its own', async () => {
  const { clients, clock } = await startFront({ settings: THROTTLED });
  const { elb } = clients({ maxAttempts: 1 });
  const register = () =>
    elb.send(new RegisterTargetsCommand({ TargetGroupArn: 'arn', Targets: [{ Id: '10.0.0.1' }] }));

  expect(await admitted(register)).toBe(20);
  await clock.advance(1000);
  expect(await admitted(register)).toBe(4);
});

test('a shorter second of AWS refills as much sooner', async () => {
  const { clients, clock } = await startFront({ settings: { throttle: true, timeScale: 0.1 } });
  const { ecs } = clients({ maxAttempts: 1 });
  await admitted(() => calls.describeServices(ecs));

  await clock.advance(100);

  expect(await admitted(() => calls.describeServices(ecs))).toBe(20);
});

test('accounts and Regions do not share buckets', async () => {
  const { clients } = await startFront({
    settings: THROTTLED,
    worldFile: { credentials: [{ accessKeyId: 'AKIAOTHER', accountId: '222222222222' }] },
  });
  const own = clients({ maxAttempts: 1 });
  const elsewhere = clients({ maxAttempts: 1, region: 'eu-west-1' });
  const others = clients({ maxAttempts: 1, accessKeyId: 'AKIAOTHER' });
  await admitted(() => calls.register(own.ecs));

  expect(await admitted(() => calls.register(elsewhere.ecs))).toBe(20);
  expect(await admitted(() => calls.register(others.ecs))).toBe(20);
});

test('nothing is throttled unless the settings say so', async () => {
  const { clients } = await startFront();
  const { ecs } = clients({ maxAttempts: 1 });

  for (let count = 0; count < 150; count++) {
    await expect(calls.describeServices(ecs)).rejects.toMatchObject({
      name: 'ClusterNotFoundException',
    });
  }
});
