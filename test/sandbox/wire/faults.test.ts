import { afterEach, expect, test } from '@jest/globals';
import {
  CreateTableCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  CreateTargetGroupCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { checkedFaultRules, type FaultRule } from '../../../sandbox/wire/fault-rules.ts';
import { startHttpServer } from '../../../sandbox/wire/http-server.ts';
import { sdkClients } from '../../support/sdk.ts';
import { startFront, until } from './start-front.ts';

const COUNTERS = {
  tables: [{ name: 'counters', hashKey: { name: 'id', type: 'S' } as const }],
};
const INCREMENT = new UpdateItemCommand({
  TableName: 'counters',
  Key: { id: { S: 'c' } },
  UpdateExpression: 'ADD n :one',
  ExpressionAttributeValues: { ':one': { N: '1' } },
  ReturnValues: 'ALL_NEW',
});
const READ = new GetItemCommand({ TableName: 'counters', Key: { id: { S: 'c' } } });

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

test('a reject answers with its error and does nothing', async () => {
  const { clients, front } = await startFront({
    worldFile: COUNTERS,
    faults: [
      {
        operation: 'dynamodb.UpdateItem',
        do: { kind: 'reject', code: 'AccessDeniedException', message: 'no', status: 400 },
      },
    ],
  });

  await expect(clients().dynamoDb.send(INCREMENT)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: 'no',
    $metadata: { attempts: 1 },
  });

  expect((await clients().dynamoDb.send(READ)).Item).toBeUndefined();
  expect(front.calls.entries()[0]).toMatchObject({
    outcome: 'AccessDeniedException',
    answer: 'sent',
    faults: [1],
  });
});

/** What a lost response does to a call that must not be done twice. */
test('a drop happens after the effect, so that the retry of the SDK does it twice', async () => {
  const { clients, front } = await startFront({
    worldFile: COUNTERS,
    faults: [{ operation: 'dynamodb.UpdateItem', attempt: 1, do: { kind: 'drop' } }],
  });

  const { Attributes, $metadata } = await clients().dynamoDb.send(INCREMENT);

  expect(Attributes?.['n']).toEqual({ N: '2' });
  expect($metadata.attempts).toBe(2);
  const [first, second] = front.calls.entries();
  expect(first).toMatchObject({ attempt: 1, outcome: 'ok', answer: 'dropped', faults: [1] });
  expect(second).toMatchObject({ attempt: 2, outcome: 'ok', answer: 'sent', faults: [] });
  expect(second?.invocationId).toBe(first?.invocationId);
});

test('a drop cuts a real connection', async () => {
  const { front } = await startFront({
    worldFile: COUNTERS,
    faults: [{ operation: 'dynamodb.UpdateItem', times: 1, do: { kind: 'drop' } }],
  });
  const server = await startHttpServer(front, 0);
  cleanups.push(() => server.close());
  const once = sdkClients(server.url, { maxAttempts: 1 });
  cleanups.push(() => once.destroy());

  await expect(once.dynamoDb.send(INCREMENT)).rejects.toThrow(/ECONNRESET/);

  expect((await once.dynamoDb.send(READ)).Item?.['n']).toEqual({ N: '1' });
});

test.each([
  ['before', undefined],
  ['after', { N: '1' }],
] as const)('a hang %s is never answered until the front closes', async (when, n) => {
  const { clients, front } = await startFront({
    worldFile: COUNTERS,
    faults: [{ operation: 'dynamodb.UpdateItem', times: 1, do: { kind: 'hang', when } }],
  });
  const hanging = clients({ maxAttempts: 1 }).dynamoDb.send(INCREMENT);
  const closed = expect(hanging).rejects.toMatchObject({ code: 'ECONNRESET' });
  await until(() => front.calls.entries()[0]?.answer === 'hung');

  expect((await clients().dynamoDb.send(READ)).Item?.['n']).toEqual(n);
  expect(front.calls.entries()[0]).toMatchObject({
    answer: 'hung',
    outcome: when === 'before' ? 'not done' : 'ok',
  });

  front.close();
  await closed;
});

test('a hanging call ends when its caller gives up', async () => {
  const { clients } = await startFront({
    worldFile: COUNTERS,
    faults: [{ operation: '*', do: { kind: 'hang' } }],
  });
  const patience = new AbortController();
  const hanging = clients().dynamoDb.send(INCREMENT, { abortSignal: patience.signal });
  const aborted = expect(hanging).rejects.toMatchObject({ name: 'AbortError' });

  patience.abort();

  await aborted;
});

test('delays pass on the clock of the world, before the effect and before the answer', async () => {
  const { clients, clock } = await startFront({
    worldFile: COUNTERS,
    faults: [
      {
        operation: 'elasticloadbalancing.CreateTargetGroup',
        do: { kind: 'delay', ms: 700, when: 'before' },
      },
      {
        operation: 'elasticloadbalancing.CreateTargetGroup',
        do: { kind: 'delay', ms: 300, when: 'after' },
      },
    ],
  });
  const exists = async () =>
    (await clients().elb.send(new DescribeTargetGroupsCommand({}))).TargetGroups?.length === 1;
  let isAnswered = false;
  const created = clients()
    .elb.send(
      new CreateTargetGroupCommand({
        Name: 'blue',
        Port: 80,
        Protocol: 'HTTP',
        VpcId: 'vpc-1',
        TargetType: 'ip',
      }),
    )
    .then(() => {
      isAnswered = true;
    });

  await clock.advance(699);
  expect([await exists(), isAnswered]).toEqual([false, false]);
  await clock.advance(300);
  expect([await exists(), isAnswered]).toEqual([true, false]);
  await clock.advance(1);
  await created;
});

test('a throttle is worded as each service words it', async () => {
  const { clients } = await startFront({
    worldFile: COUNTERS,
    settings: { throttleCode: 'Throttling' },
    faults: [{ operation: '*', do: { kind: 'throttle' } }],
  });
  const once = clients({ maxAttempts: 1 });

  await expect(once.dynamoDb.send(READ)).rejects.toMatchObject({
    name: 'ProvisionedThroughputExceededException',
  });
  await expect(once.elb.send(new DescribeLoadBalancersCommand({}))).rejects.toMatchObject({
    name: 'Throttling',
    message: 'Rate exceeded',
  });
});

test('a garbled answer comes after the effect, or instead of it', async () => {
  const html = '<html>Bad gateway';
  const { clients } = await startFront({
    worldFile: COUNTERS,
    faults: [
      { operation: 'dynamodb.UpdateItem', nth: 1, do: { kind: 'garble', body: html } },
      {
        operation: 'dynamodb.UpdateItem',
        nth: 2,
        do: { kind: 'garble', body: html, status: 502, when: 'before' },
      },
    ],
  });
  const once = clients({ maxAttempts: 1 });

  await expect(once.dynamoDb.send(INCREMENT)).rejects.toThrow(SyntaxError);
  await expect(once.dynamoDb.send(INCREMENT)).rejects.toMatchObject({
    $metadata: { httpStatusCode: 502 },
  });

  expect((await once.dynamoDb.send(READ)).Item?.['n']).toEqual({ N: '1' });
});

test('nth, everyNth, times and wildcards say which calls a rule is for', async () => {
  const reject = (code: string) => ({ kind: 'reject', code }) as const;
  const { clients, front } = await startFront({
    worldFile: COUNTERS,
    faults: [
      { operation: 'dynamodb.UpdateItem', nth: 2, do: reject('Second') },
      { operation: 'dynamodb.*', everyNth: 3, times: 1, do: reject('Third') },
      { operation: 'elasticloadbalancing.*', do: reject('Never') },
    ],
  });
  const client = clients({ maxAttempts: 1 }).dynamoDb;

  const outcomes: string[] = [];
  for (let call = 1; call <= 6; call++) {
    outcomes.push(
      await client.send(INCREMENT).then(
        () => 'ok',
        (error: Error) => error.name,
      ),
    );
  }

  expect(outcomes).toEqual(['ok', 'Second', 'Third', 'ok', 'ok', 'ok']);
  expect(front.faults.matches()).toEqual([
    { rule: 1, operation: 'dynamodb.UpdateItem', attempt: 1, call: 2 },
    { rule: 2, operation: 'dynamodb.UpdateItem', attempt: 1, call: 3 },
  ]);
  expect(front.faults.rules().map(({ seen, fired }) => [seen, fired])).toEqual([
    [6, 1],
    [6, 1],
    [0, 0],
  ]);
});

test('a call that the sandbox does not know can go wrong as well', async () => {
  const { clients } = await startFront({
    faults: [{ operation: '*', nth: 2, do: { kind: 'drop' } }],
  });
  const create = new CreateTableCommand({
    TableName: 'ttt',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
  const client = clients({ maxAttempts: 1 }).dynamoDb;

  await client.send(create);
  await expect(
    client.send(new PutItemCommand({ TableName: 'nothing', Item: { id: { S: '1' } } })),
  ).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test.each<[string, unknown, string]>([
  ['no list', {}, 'faults: Invalid input: expected array'],
  ['no operation', [{ do: { kind: 'drop' } }], 'faults: 0/operation:'],
  [
    'an operation that no one implements',
    [{ operation: 'ecs.CreateTaskSett', do: { kind: 'drop' } }],
    'faults: 0/operation: the sandbox implements no ecs.CreateTaskSett',
  ],
  [
    'a service that no one implements',
    [{ operation: 'lambda.*', do: { kind: 'drop' } }],
    'faults: 0/operation: the sandbox implements no lambda.*',
  ],
  ['an unknown kind', [{ operation: '*', do: { kind: 'explode' } }], 'faults: 0/do/kind:'],
  ['an unknown member', [{ operation: '*', often: true, do: { kind: 'drop' } }], 'often'],
  ['a zeroth call', [{ operation: '*', nth: 0, do: { kind: 'drop' } }], 'faults: 0/nth:'],
  [
    'two ways to count',
    [{ operation: '*', nth: 1, everyNth: 2, do: { kind: 'drop' } }],
    'nth and everyNth exclude each other',
  ],
  ['a delay without a length', [{ operation: '*', do: { kind: 'delay' } }], 'faults: 0/do/ms:'],
])('a rule with %s is refused by its path', (_, rules, message) => {
  expect(() => checkedFaultRules(rules, 'faults')).toThrow(
    expect.objectContaining({
      name: 'BadInputError',
      message: expect.stringContaining(message),
    }),
  );
});

test('a rule that says everything is taken as it is', () => {
  const rules: FaultRule[] = [
    {
      operation: 'ecs.CreateTaskSet',
      attempt: 1,
      nth: 2,
      times: 3,
      do: { kind: 'hang', when: 'after' },
    },
  ];

  expect(checkedFaultRules(rules, 'faults')).toEqual(rules);
});
