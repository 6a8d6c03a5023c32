import { StopTaskCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { describe, expect, test } from '@jest/globals';
import { failureOf, startShop, taskSetSpec } from './aws-scene.ts';

test('a set that nobody has started tasks for has none', async () => {
  const { aws } = await startShop();

  expect(await aws.tasks.running('ecs-svc/1')).toEqual([]);
  expect(await aws.tasks.unstopped('ecs-svc/1')).toEqual([]);
  expect(await aws.tasks.stopped('ecs-svc/1')).toEqual([]);
});

test('running tasks have addresses, and belong to one set', async () => {
  const shop = await startShop();
  const spec = await taskSetSpec(shop);
  const one = await shop.aws.service.createTaskSet(spec);
  const other = await shop.aws.service.createTaskSet({ ...spec, clientToken: 'token-2' });
  await shop.pass(60);

  const tasks = await shop.aws.tasks.running(one.id);
  const otherTasks = await shop.aws.tasks.running(other.id);

  expect(tasks.map(({ lastStatus }) => lastStatus)).toEqual(['RUNNING', 'RUNNING']);
  const addresses = [...tasks, ...otherTasks].map(({ address }) => address);
  expect(new Set(addresses).size).toBe(4);
  expect(addresses).toEqual(addresses.map(() => expect.stringMatching(/^127\./)));
});

test('more tasks than one call lists or describes are all found', async () => {
  const shop = await startShop();
  await shop.sdk.ecs.send(
    new UpdateServiceCommand({ cluster: 'shop', service: 'web', desiredCount: 120 }),
  );
  const { id } = await shop.aws.service.createTaskSet(await taskSetSpec(shop));
  await shop.pass(120);

  const tasks = await shop.aws.tasks.running(id);

  expect(new Set(tasks.map(({ arn }) => arn)).size).toBe(120);
});

test('a task on its way to the end counts as not stopped, though ECS no longer wants it', async () => {
  const shop = await startShop({ settings: { taskDeprovisionSeconds: 30 } });
  shop.runtime.script({ command: 'web' }, { onSigterm: 'ignore' });
  const { id } = await shop.aws.service.createTaskSet(await taskSetSpec(shop));
  await shop.pass(60);
  const [first] = await shop.aws.tasks.running(id);

  await shop.sdk.ecs.send(new StopTaskCommand({ cluster: 'shop', task: first?.arn }));

  const arns = async (which: 'running' | 'unstopped') =>
    (await shop.aws.tasks[which](id)).map(({ arn }) => arn);
  expect(await arns('running')).not.toContain(first?.arn);
  expect(await arns('unstopped')).toContain(first?.arn);
  expect(await shop.aws.tasks.stopped(id)).toEqual([]);
});

test('a stopped task says why, and how each container ended', async () => {
  const shop = await startShop();
  shop.runtime.script(
    { command: 'web' },
    { exits: { afterMs: 1000, exitCode: 137, reason: 'OutOfMemoryError: Container killed' } },
  );
  const { id } = await shop.aws.service.createTaskSet(await taskSetSpec(shop));
  await shop.pass(60);

  const [stopped] = await shop.aws.tasks.stopped(id);

  expect(stopped).toEqual({
    arn: expect.stringContaining(':task/shop/'),
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    stoppedAtMs: expect.any(Number),
    containers: [
      { name: 'web', exitCode: 137, reason: expect.stringContaining('OutOfMemoryError') },
    ],
  });
  const agoMs = shop.clock.wallMs() - (stopped?.stoppedAtMs ?? 0);
  expect(agoMs).toBeGreaterThanOrEqual(0);
  expect(agoMs).toBeLessThan(60_000);
});

test('a task that never ran has no exit code', async () => {
  const shop = await startShop();
  const spec = await taskSetSpec(shop);
  const { repositories } = shop.region.ecr;
  repositories.clear();
  const { id } = await shop.aws.service.createTaskSet(spec);
  await shop.pass(120);

  const [stopped] = await shop.aws.tasks.stopped(id);

  expect(stopped).toMatchObject({
    stopCode: 'TaskFailedToStart',
    stoppedReason: expect.stringContaining('CannotPullContainerError'),
  });
  expect(stopped?.containers[0]).not.toHaveProperty('exitCode');
});

describe.each(['ListTasks', 'DescribeTasks'])('an empty answer to %s', (operation) => {
  test.each(['running', 'unstopped'] as const)('is not taken for no %s tasks', async (which) => {
    const shop = await startShop({
      faults: [{ operation: `ecs.${operation}`, do: { kind: 'garble', body: '' } }],
    });
    const { id } = await shop.aws.service.createTaskSet(await taskSetSpec(shop));
    await shop.pass(60);

    expect(await failureOf(shop.aws.tasks[which](id))).toMatchObject({
      operation: `ecs:${operation}`,
      code: 'IncompleteAnswer',
      isTransient: true,
    });
  });
});
