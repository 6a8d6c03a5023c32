import { DescribeTaskSetsCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { describe, expect, test } from '@jest/globals';
import { servicePort } from '../../../src/aws/service.ts';
import { createEcsClient } from '../../../src/aws/clients.ts';
import { GREEN, PORT, type Shop, failureOf, startShop, taskSetSpec } from './aws-scene.ts';

const GONE = 'ecs-svc/0000000000000000001';

describe('a service', () => {
  test('is described with its task sets', async () => {
    const shop = await startShop();
    const spec = await taskSetSpec(shop);
    const created = await shop.aws.service.createTaskSet(spec);

    const service = await shop.aws.service.describe();

    expect(service).toEqual({
      arn: 'arn:aws:ecs:us-east-1:111111111111:service/shop/web',
      status: 'ACTIVE',
      controller: 'EXTERNAL',
      desiredCount: 2,
      taskSets: [
        {
          id: created.id,
          arn: created.arn,
          status: 'ACTIVE',
          taskDefinitionArn: spec.taskDefinitionArn,
          targetGroupArns: [GREEN],
          scalePercent: 100,
          computedDesiredCount: 2,
          runningCount: 0,
          pendingCount: 0,
          isSteady: false,
          externalId: 'deploy.1',
        },
      ],
    });
  });

  test('that does not exist is undefined', async () => {
    const { clientOptions } = await startShop();
    const other = servicePort(await createEcsClient(clientOptions), 'shop', 'nothing');

    expect(await other.describe()).toBeUndefined();
  });

  test('in a cluster that does not exist is an error', async () => {
    const { clientOptions } = await startShop();
    const other = servicePort(await createEcsClient(clientOptions), 'nowhere', 'web');

    expect(await failureOf(other.describe())).toMatchObject({
      operation: 'ecs:DescribeServices',
      code: 'ClusterNotFoundException',
      message: 'ecs:DescribeServices: Cluster not found. (ClusterNotFoundException)',
      isTransient: false,
      isOutcomeUnknown: false,
    });
  });

  test('is not taken for missing when the answer is empty', async () => {
    const { aws } = await startShop({ faults: [garbled('DescribeServices', '')] });

    expect(await failureOf(aws.service.describe())).toMatchObject({
      code: 'IncompleteAnswer',
      isTransient: true,
    });
  });
});

describe('a task set', () => {
  test('is described with its tags', async () => {
    const shop = await startShop();
    const created = await shop.aws.service.createTaskSet(await taskSetSpec(shop));

    expect(await shop.aws.service.taskSet(created.id)).toEqual(created);
    expect(created.tags).toEqual({ Deploy: 'deploy' });
  });

  test('becomes steady, and counts its tasks', async () => {
    const shop = await startShop();
    const { id } = await shop.aws.service.createTaskSet(await taskSetSpec(shop));
    await shop.pass(15);
    const starting = await shop.aws.service.taskSet(id);
    await shop.pass(60);

    expect(starting).toMatchObject({ pendingCount: 2, runningCount: 0, isSteady: false });
    // Nobody checks the targets' health in this world, so it can't become steady.
    expect(await shop.aws.service.taskSet(id)).toMatchObject({
      pendingCount: 0,
      runningCount: 2,
      isSteady: false,
    });
    await shop.aws.service.scaleTaskSet(id, 0);
    await shop.pass(600);
    expect(await shop.aws.service.taskSet(id)).toMatchObject({
      computedDesiredCount: 0,
      runningCount: 0,
      scalePercent: 0,
      isSteady: true,
    });
  });

  test.each(['failures', 'empty', 'exception'] as const)(
    'that is gone is undefined where AWS answers %s',
    async (describeGone) => {
      const { aws } = await startShop({ settings: { describeGone } });

      expect(await aws.service.taskSet(GONE)).toBeUndefined();
    },
  );

  test('is not taken for gone when the answer is empty', async () => {
    const shop = await startShop({ faults: [garbled('DescribeTaskSets', '')] });
    const { id } = await shop.aws.service.createTaskSet(await taskSetSpec(shop));

    expect(await failureOf(shop.aws.service.taskSet(id))).toMatchObject({
      code: 'IncompleteAnswer',
      isTransient: true,
    });
  });

  test('with a status that nobody knows is an error that names it', async () => {
    const taskSet = { id: 'i', taskSetArn: 'a', status: 'WAITING', taskDefinition: 't' };
    const { aws } = await startShop({
      faults: [garbled('DescribeTaskSets', JSON.stringify({ taskSets: [taskSet] }))],
    });

    expect((await failureOf(aws.service.taskSet('i'))).message).toContain('it has WAITING');
  });
});

describe('creating a task set', () => {
  test('says everything that a Fargate task set needs', async () => {
    const shop = await startShop();
    const { id } = await shop.aws.service.createTaskSet(await taskSetSpec(shop));

    const { taskSets } = await shop.sdk.ecs.send(
      new DescribeTaskSetsCommand({ cluster: 'shop', service: 'web', taskSets: [id] }),
    );

    expect(taskSets?.[0]).toMatchObject({
      launchType: 'FARGATE',
      scale: { value: 100, unit: 'PERCENT' },
      loadBalancers: [{ targetGroupArn: GREEN, containerName: 'web', containerPort: PORT }],
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: ['subnet-1', 'subnet-2'],
          securityGroups: ['sg-1'],
          assignPublicIp: 'DISABLED',
        },
      },
    });
  });

  test('gives its tasks a public address only when asked to', async () => {
    const shop = await startShop();
    const spec = { ...(await taskSetSpec(shop)), assignPublicIp: true };
    const { id } = await shop.aws.service.createTaskSet(spec);

    const { taskSets } = await shop.sdk.ecs.send(
      new DescribeTaskSetsCommand({ cluster: 'shop', service: 'web', taskSets: [id] }),
    );

    expect(taskSets?.[0]?.networkConfiguration?.awsvpcConfiguration?.assignPublicIp).toBe(
      'ENABLED',
    );
  });

  test('again with the same token gives the same one, with another token another', async () => {
    const shop = await startShop();
    const spec = await taskSetSpec(shop);

    const first = await shop.aws.service.createTaskSet(spec);
    const again = await shop.aws.service.createTaskSet(spec);
    const other = await shop.aws.service.createTaskSet({ ...spec, clientToken: 'token-2' });

    expect(again.id).toBe(first.id);
    expect(other.id).not.toBe(first.id);
    expect(await idsOf(shop)).toEqual(expect.arrayContaining([first.id, other.id]));
  });

  test('whose answer is lost gives one, though the SDK asks twice', async () => {
    const shop = await startShop({
      faults: [{ operation: 'ecs.CreateTaskSet', attempt: 1, do: { kind: 'drop' } }],
      client: { maxAttempts: 2 },
    });

    const { id } = await shop.aws.service.createTaskSet(await taskSetSpec(shop));

    expect(await idsOf(shop)).toEqual([id]);
    expect(shop.calls().filter((call) => call.startsWith('Create'))).toHaveLength(2);
  });

  test('with a used token and other values is refused for good', async () => {
    const shop = await startShop();
    const spec = await taskSetSpec(shop);
    await shop.aws.service.createTaskSet(spec);

    expect(
      await failureOf(shop.aws.service.createTaskSet({ ...spec, externalId: 'other' })),
    ).toMatchObject({ code: 'InvalidParameterException', isTransient: false });
  });

  test.each(['', '{}', '{"taskSet":{}}', '{"taskSet":', '<html>Bad gateway'])(
    'with the answer %j has an unknown outcome',
    async (body) => {
      const shop = await startShop({ faults: [garbled('CreateTaskSet', body)] });

      const failure = await failureOf(shop.aws.service.createTaskSet(await taskSetSpec(shop)));

      expect(failure).toMatchObject({
        operation: 'ecs:CreateTaskSet',
        isTransient: true,
        isOutcomeUnknown: true,
      });
      expect(await idsOf(shop)).toHaveLength(1);
    },
  );
});

describe('scaling a task set', () => {
  test('sets it to a percentage, however often', async () => {
    const shop = await startShop();
    const { id } = await shop.aws.service.createTaskSet(await taskSetSpec(shop));

    for (const percent of [50, 0, 0]) await shop.aws.service.scaleTaskSet(id, percent);

    expect(await shop.aws.service.taskSet(id)).toMatchObject({
      scalePercent: 0,
      computedDesiredCount: 0,
    });
  });

  test('that is gone is an error', async () => {
    const { aws } = await startShop();

    expect(await failureOf(aws.service.scaleTaskSet(GONE, 0))).toMatchObject({
      operation: 'ecs:UpdateTaskSet',
      code: 'TaskSetNotFoundException',
      isTransient: false,
    });
  });
});

describe('deleting a task set', () => {
  test('works while it has tasks, while it drains, and when it is gone', async () => {
    const shop = await startShop({ settings: { strictDelete: true } });
    const { id } = await shop.aws.service.createTaskSet(await taskSetSpec(shop));
    await shop.pass(60);

    await shop.aws.service.deleteTaskSet(id);
    const draining = await shop.aws.service.taskSet(id);
    await shop.aws.service.deleteTaskSet(id);
    await shop.pass(3600);
    const gone = await shop.aws.service.taskSet(id);
    await shop.aws.service.deleteTaskSet(id);

    expect(draining?.status).toBe('DRAINING');
    expect(gone).toBeUndefined();
  });

  test('fails when it is refused for another reason than being gone', async () => {
    const { aws } = await startShop({
      faults: [
        { operation: 'ecs.DeleteTaskSet', do: { kind: 'reject', code: 'AccessDeniedException' } },
      ],
    });

    expect(await failureOf(aws.service.deleteTaskSet(GONE))).toMatchObject({
      operation: 'ecs:DeleteTaskSet',
      code: 'AccessDeniedException',
      isTransient: false,
      isOutcomeUnknown: false,
    });
  });
});

test('making a task set primary makes the former one active again', async () => {
  const shop = await startShop();
  const spec = await taskSetSpec(shop);
  const { service } = shop.aws;
  const old = await service.createTaskSet(spec);
  const recent = await service.createTaskSet({ ...spec, clientToken: 'token-2' });

  await service.makePrimary(old.id);
  expect((await service.taskSet(old.id))?.status).toBe('PRIMARY');
  await service.makePrimary(recent.id);

  expect((await service.taskSet(old.id))?.status).toBe('ACTIVE');
  expect((await service.taskSet(recent.id))?.status).toBe('PRIMARY');
  expect(await failureOf(service.makePrimary(GONE))).toMatchObject({
    operation: 'ecs:UpdateServicePrimaryTaskSet',
    code: 'TaskSetNotFoundException',
  });
});

test('the service’s desired count is the one of now', async () => {
  const { aws, sdk } = await startShop();
  await sdk.ecs.send(
    new UpdateServiceCommand({ cluster: 'shop', service: 'web', desiredCount: 5 }),
  );

  expect(await aws.service.describe()).toMatchObject({ desiredCount: 5 });
});

test.each([
  ['UpdateTaskSet', (shop: Shop, id: string) => shop.aws.service.scaleTaskSet(id, 0)],
  ['DeleteTaskSet', (shop: Shop, id: string) => shop.aws.service.deleteTaskSet(id)],
  ['UpdateServicePrimaryTaskSet', (shop: Shop, id: string) => shop.aws.service.makePrimary(id)],
] as const)('an empty answer to %s is none', async (operation, change) => {
  const shop = await startShop({ faults: [garbled(operation, '')] });
  const { id } = await shop.aws.service.createTaskSet(await taskSetSpec(shop));

  expect(await failureOf(change(shop, id))).toMatchObject({
    operation: `ecs:${operation}`,
    isTransient: true,
    isOutcomeUnknown: true,
  });
});

function garbled(operation: string, body: string) {
  return { operation: `ecs.${operation}`, do: { kind: 'garble', body } as const };
}

async function idsOf({ aws }: Shop): Promise<string[]> {
  return (await aws.service.describe())?.taskSets.map(({ id }) => id) ?? [];
}
