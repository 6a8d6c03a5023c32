import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SetRulePrioritiesCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { FaultRule } from '../../../sandbox/wire/fault-rules.ts';
import type { LoggedCall } from '../../../src/aws/call-log.ts';
import {
  type ClientOptions,
  createDynamoDbClient,
  createElbClient,
  createStsClient,
} from '../../../src/aws/clients.ts';
import { callerIdentity } from '../../../src/aws/identity.ts';
import { createAwsPorts } from '../../../src/aws/ports.ts';
import { LISTENER, REGION, failureOf, listen, startShop } from './aws-scene.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function startLogged(faults: FaultRule[] = [], client: Partial<ClientOptions> = {}) {
  const shop = await startShop({ faults });
  const server = await listen(shop);
  closers.push(() => server.close());
  const log: LoggedCall[] = [];
  const options: ClientOptions = { region: REGION, log: (call) => log.push(call), ...client };
  const aws = await createAwsPorts(options, { cluster: 'shop', service: 'web' });
  return { shop, aws, log, options };
}

describe('an attempt that is not answered', () => {
  const hanging = (times?: number): FaultRule => ({
    operation: 'ecs.DescribeServices',
    ...(times === undefined ? {} : { times }),
    do: { kind: 'hang' },
  });

  test('is given up in time, and made again', async () => {
    const { aws, log } = await startLogged([hanging(1)], { attemptTimeoutMs: 200 });

    expect(await aws.service.describe()).toMatchObject({ status: 'ACTIVE' });

    expect(log).toMatchObject([{ attempt: 1, error: 'TimeoutError' }, { attempt: 2 }]);
    expect(log[0]?.durationMs).toBeGreaterThanOrEqual(190);
    expect(log[1]).not.toHaveProperty('error');
  });

  test('fails the call when it was the last', async () => {
    const { aws, log } = await startLogged([hanging()], { attemptTimeoutMs: 100, maxAttempts: 2 });

    expect(await failureOf(aws.service.describe())).toMatchObject({
      code: 'TimeoutError',
      message: expect.stringContaining('100 ms'),
      isTransient: true,
      isOutcomeUnknown: true,
    });
    expect(log.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });
});

describe('the log of calls', () => {
  test('has one entry for each attempt, with what is needed to ask AWS about it', async () => {
    const { aws, log, shop } = await startLogged([
      {
        operation: 'elasticloadbalancing.DescribeRules',
        attempt: 1,
        do: { kind: 'reject', code: 'InternalError', status: 500 },
      },
      { operation: 'elasticloadbalancing.DescribeRules', attempt: 2, do: { kind: 'drop' } },
    ]);

    await aws.rules.describe(LISTENER);

    const call = { service: 'ElasticLoadBalancingV2', operation: 'DescribeRules' };
    const durationMs = expect.any(Number);
    const requestId = expect.stringMatching(/^[0-9a-f-]{36}$/);
    expect(log).toEqual([
      { ...call, attempt: 1, durationMs, requestId, httpStatus: 500, error: 'InternalError' },
      { ...call, attempt: 2, durationMs, error: 'TimeoutError' },
      { ...call, attempt: 3, durationMs, requestId, httpStatus: 200 },
    ]);
    expect(log[0]?.requestId).not.toBe(log[2]?.requestId);
    expect(shop.calls()).toHaveLength(3);
  });

  test('names the services and operations of all clients', async () => {
    const { aws, log, options } = await startLogged();

    await aws.service.describe();
    await callerIdentity(await createStsClient(options));

    expect(log.map(({ service, operation }) => `${service}.${operation}`)).toEqual([
      'ECS.DescribeServices',
      'STS.GetCallerIdentity',
    ]);
  });

  test('never holds what was sent or answered', async () => {
    const { log, options } = await startLogged();
    const dynamoDb = await createDynamoDbClient(options);
    const elb = await createElbClient(options);

    await dynamoDb.send(
      new PutItemCommand({ TableName: 'ArtifactDB', Item: { id: { S: 'hush-hush' } } }),
    );
    await elb
      .send(
        new SetRulePrioritiesCommand({ RulePriorities: [{ RuleArn: 'hush-hush', Priority: 1 }] }),
      )
      .catch(() => {});

    expect(log).toMatchObject([
      { operation: 'PutItem', httpStatus: 200 },
      { operation: 'SetRulePriorities', httpStatus: 400, error: expect.any(String) },
    ]);
    expect(JSON.stringify(log)).not.toContain('hush-hush');
  });

  test('tells what the guard has refused, which was never sent', async () => {
    const guard = {
      untilCanMutate: async () => {},
      assertCanMutate: () => {
        throw Object.assign(new Error('Lost'), { name: 'LeaseLostError' });
      },
      mutationDeadlineMs: () => 1000,
    };
    const { aws, log, shop } = await startLogged([], { guard });

    await expect(aws.service.deleteTaskSet('ecs-svc/1')).rejects.toThrow('Lost');

    expect(log).toMatchObject([{ operation: 'DeleteTaskSet', error: 'LeaseLostError' }]);
    expect(log[0]).not.toHaveProperty('httpStatus');
    expect(shop.calls()).toEqual([]);
  });
});
