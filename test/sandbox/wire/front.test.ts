import { afterEach, describe, expect, test } from '@jest/globals';
import { CreateClusterCommand, DescribeServicesCommand } from '@aws-sdk/client-ecs';
import {
  CreateLoadBalancerCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  SetRulePrioritiesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { DescribeRepositoriesCommand } from '@aws-sdk/client-ecr';
import { startHttpServer } from '../../../sandbox/wire/http-server.ts';
import { sdkClients, type SdkClients } from '../../support/sdk.ts';
import { send, SIGNED, startFront } from './start-front.ts';

/**
 * Goal: the SDK cannot tell the front from AWS.
 * Method: the same calls through a socket and in process.
 */
describe.each(['http', 'in process'])('over %s', (way) => {
  const cleanups: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  async function start(options: Parameters<typeof startFront>[0] = {}) {
    const started = await startFront(options);
    let clients: SdkClients;
    if (way === 'http') {
      const server = await startHttpServer(started.front, 0);
      cleanups.push(() => server.close());
      clients = sdkClients(server.url);
    } else {
      clients = started.clients();
    }
    cleanups.push(() => clients.destroy());
    return { ...started, clients };
  }

  test('each service answers at the one address', async () => {
    const { clients, bugs } = await start();

    const { cluster } = await clients.ecs.send(new CreateClusterCommand({ clusterName: 'c' }));
    const { LoadBalancers } = await clients.elb.send(new DescribeLoadBalancersCommand({}));
    const { repositories } = await clients.ecr.send(new DescribeRepositoriesCommand({}));
    const { Version } = await clients.ssm.send(
      new PutParameterCommand({ Name: '/p', Type: 'String', Value: 'v' }),
    );
    const { Account } = await clients.sts.send(new GetCallerIdentityCommand({}));
    const { TableNames } = await clients.dynamoDb.send(new ListTablesCommand({}));

    expect(cluster?.clusterArn).toBe('arn:aws:ecs:us-east-1:111111111111:cluster/c');
    expect(LoadBalancers).toEqual([]);
    expect(repositories).toEqual([]);
    expect(Version).toBe(1);
    expect(Account).toBe('111111111111');
    expect(TableNames).toEqual([]);
    expect(bugs).toEqual([]);
  });

  test('times arrive as Dates in both protocols, to the millisecond', async () => {
    const { clients, clock } = await start();
    await clock.advance(1234);

    const { LoadBalancers } = await clients.elb.send(
      new CreateLoadBalancerCommand({ Name: 'web', Subnets: ['subnet-1', 'subnet-2'] }),
    );
    await clients.ssm.send(new PutParameterCommand({ Name: '/p', Type: 'String', Value: 'v' }));
    const { Parameter } = await clients.ssm.send(new GetParameterCommand({ Name: '/p' }));

    const now = new Date('2026-01-01T00:00:01.234Z');
    expect(LoadBalancers?.[0]?.CreatedTime).toEqual(now);
    expect(Parameter?.LastModifiedDate).toEqual(now);
  });

  test('errors have the names that the SDK gives to those of AWS', async () => {
    const { clients } = await start({ worldFile: { clusters: ['c'] } });

    await expect(
      clients.ecs.send(new DescribeServicesCommand({ cluster: 'nowhere', services: ['s'] })),
    ).rejects.toMatchObject({
      name: 'ClusterNotFoundException',
      message: 'Cluster not found.',
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
    await expect(
      clients.elb.send(new DescribeRulesCommand({ RuleArns: ['arn:aws:nothing'] })),
    ).rejects.toMatchObject({
      name: 'RuleNotFoundException',
      Code: 'RuleNotFound',
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
    await expect(
      clients.ssm.send(new GetParameterCommand({ Name: '/nothing' })),
    ).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });

  test('nested lists with numbers arrive at ELBv2 as they were given, and come back', async () => {
    const { clients } = await start({ worldFile: twoColours });
    const { Listeners } = await clients.elb.send(
      new DescribeListenersCommand({
        LoadBalancerArn: `${ELB}:loadbalancer/app/web/1`,
      }),
    );

    await clients.elb.send(
      new SetRulePrioritiesCommand({
        RulePriorities: [
          { RuleArn: `${ELB}:listener-rule/app/web/1/2/blue`, Priority: 20 },
          { RuleArn: `${ELB}:listener-rule/app/web/1/2/green`, Priority: 10 },
        ],
      }),
    );
    const { Rules } = await clients.elb.send(
      new DescribeRulesCommand({ ListenerArn: Listeners?.[0]?.ListenerArn }),
    );

    expect(
      Rules?.map(({ Priority, Conditions, Actions }) => ({
        Priority,
        values: Conditions?.flatMap(({ PathPatternConfig }) => PathPatternConfig?.Values ?? []),
        to: Actions?.[0]?.ForwardConfig?.TargetGroups,
      })),
    ).toEqual([
      {
        Priority: '10',
        values: ['/<a>&"b"/*'],
        to: [{ TargetGroupArn: `${ELB}:targetgroup/green/1`, Weight: 1 }],
      },
      {
        Priority: '20',
        values: ['/<a>&"b"/*'],
        to: [{ TargetGroupArn: `${ELB}:targetgroup/blue/1`, Weight: 1 }],
      },
      { Priority: 'default', values: [], to: undefined },
    ]);
  });
});

const ELB = 'arn:aws:elasticloadbalancing:us-east-1:111111111111';

/** Paths are chosen so that XML has to escape them. */
const twoColours = {
  targetGroups: [
    { name: 'blue', arn: `${ELB}:targetgroup/blue/1`, port: 8080 },
    { name: 'green', arn: `${ELB}:targetgroup/green/1`, port: 8080 },
  ],
  loadBalancers: [
    {
      name: 'web',
      arn: `${ELB}:loadbalancer/app/web/1`,
      listeners: [
        {
          port: 80,
          arn: `${ELB}:listener/app/web/1/2`,
          rules: ['blue', 'green'].map((targetGroup, index) => ({
            priority: 10 * (index + 1),
            arn: `${ELB}:listener-rule/app/web/1/2/${targetGroup}`,
            paths: ['/<a>&"b"/*'],
            targetGroup,
          })),
        },
      ],
    },
  ],
};

describe('what is not implemented is refused by name', () => {
  const JSON_CALL = { ...SIGNED, 'content-type': 'application/x-amz-json-1.1' };
  const FORM = { ...SIGNED, 'content-type': 'application/x-www-form-urlencoded' };

  test.each([
    ['AmazonEC2ContainerServiceV20141113.CreateDaemon', 'ecs.CreateDaemon'],
    ['DynamoDB_20120810.TransactWriteItems', 'dynamodb.TransactWriteItems'],
    [
      'GraniteServiceVersion20100801.DescribeAlarms',
      'GraniteServiceVersion20100801.DescribeAlarms',
    ],
  ])('%s', async (target, name) => {
    const { front } = await startFront();

    const answer = await send(front, {
      headers: { ...JSON_CALL, 'x-amz-target': target },
      body: '{}',
    });

    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toEqual({
      __type: expect.stringMatching(/UnknownOperationException$/),
      message: `The sandbox does not implement ${name}.`,
    });
  });

  test.each([
    ['Action=DescribeSSLPolicies&Version=2015-12-01', 'elasticloadbalancing.DescribeSSLPolicies'],
    ['Action=ListQueues&Version=2012-11-05', '2012-11-05.ListQueues'],
  ])('%s', async (body, name) => {
    const { front } = await startFront();

    const answer = await send(front, { headers: FORM, body });

    expect(answer.status).toBe(400);
    expect(answer.text).toContain('<Code>InvalidAction</Code>');
    expect(answer.text).toContain(`The sandbox does not implement ${name}.`);
  });

  test('a parameter, unless it is null or an empty list', async () => {
    const { front, clients } = await startFront();
    const createCluster = (input: object) =>
      send(front, {
        headers: {
          ...JSON_CALL,
          'x-amz-target': 'AmazonEC2ContainerServiceV20141113.CreateCluster',
        },
        body: JSON.stringify({ clusterName: 'c', ...input }),
      });

    expect((await createCluster({ nothing: null, none: [] })).status).toBe(200);
    const refused = await createCluster({ teleport: false });
    expect(JSON.parse(refused.text)).toEqual({
      __type: 'InvalidParameterException',
      message: 'The sandbox does not implement the parameter teleport.',
    });
    await expect(
      clients().elb.send(
        new CreateLoadBalancerCommand({ Name: 'web', CustomerOwnedIpv4Pool: 'pool' }),
      ),
    ).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'The sandbox does not implement the parameter CustomerOwnedIpv4Pool.',
    });
  });

  test('a request that is no API call at all', async () => {
    const { front } = await startFront();

    const answer = await send(front, { method: 'GET', path: '/2015-03-31/functions' });

    expect(answer.status).toBe(404);
    expect(answer.text).toContain('GET /2015-03-31/functions');
  });
});

test.each(['', '{', '[]', '"text"', 'null'])('a body of %j is no JSON object', async (body) => {
  const { front } = await startFront();

  const answer = await send(front, {
    headers: {
      ...SIGNED,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AmazonEC2ContainerServiceV20141113.CreateCluster',
    },
    body,
  });

  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.text)).toMatchObject({ __type: 'SerializationException' });
});

test("the sandbox's own bug is a 500 that names it, and is told to whoever listens", async () => {
  const { front, bugs, world } = await startFront();
  world.region = () => {
    throw new TypeError('a bug');
  };

  const answer = await send(front, {
    headers: {
      ...SIGNED,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AmazonEC2ContainerServiceV20141113.CreateCluster',
    },
    body: '{}',
  });

  expect(answer.status).toBe(500);
  expect(JSON.parse(answer.text)).toEqual({
    __type: 'InternalFailure',
    message: 'The sandbox failed: a bug',
  });
  expect(bugs).toEqual([new TypeError('a bug')]);
  expect(front.calls.entries()).toMatchObject([{ outcome: 'InternalFailure' }]);
});
