import { afterEach, expect, test } from '@jest/globals';
import {
  BatchWriteItemCommand,
  type ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { startHttpServer } from '../../../sandbox/wire/http-server.ts';
import type { TableEntry } from '../../../sandbox/world-file/world-file.ts';
import { sdkClients } from '../../support/sdk.ts';
import { send, SIGNED, startFront } from './start-front.ts';

const LOCKS: TableEntry = { name: 'Locks', hashKey: { name: 'key', type: 'S' } };
const BUILDS: TableEntry = {
  name: 'Builds',
  hashKey: { name: 'Project', type: 'S' },
  rangeKey: { name: 'Number', type: 'N' },
};
const WORLD = { worldFile: { tables: [LOCKS, BUILDS] } };

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

test('items are written, changed, found and deleted, through a socket', async () => {
  const { front } = await startFront(WORLD);
  const server = await startHttpServer(front, 0);
  const { dynamoDb, destroy } = sdkClients(server.url);
  cleanups.push(destroy, () => server.close());
  const build = (number: number) => ({ Project: { S: 'p' }, Number: { N: String(number) } });

  for (const number of [1, 2, 10]) {
    await dynamoDb.send(new PutItemCommand({ TableName: 'Builds', Item: build(number) }));
  }
  const { Attributes } = await dynamoDb.send(
    new UpdateItemCommand({
      TableName: 'Builds',
      Key: build(2),
      UpdateExpression: 'SET tag = :t',
      ExpressionAttributeValues: { ':t': { S: 'é€' } },
      ReturnValues: 'ALL_NEW',
    }),
  );
  await dynamoDb.send(new DeleteItemCommand({ TableName: 'Builds', Key: build(1) }));
  const { Items } = await dynamoDb.send(
    new QueryCommand({
      TableName: 'Builds',
      KeyConditionExpression: '#p = :p',
      ExpressionAttributeNames: { '#p': 'Project' },
      ExpressionAttributeValues: { ':p': { S: 'p' } },
      ScanIndexForward: false,
    }),
  );

  expect(Attributes).toEqual({ ...build(2), tag: { S: 'é€' } });
  expect(Items).toEqual([build(10), { ...build(2), tag: { S: 'é€' } }]);
});

test('each account and Region has tables of its own, with its own ARNs', async () => {
  const { clients } = await startFront({
    worldFile: {
      tables: [LOCKS],
      credentials: [{ accessKeyId: 'AKIAOTHER', accountId: '222222222222' }],
      elsewhere: [{ accountId: '222222222222', tables: [BUILDS] }],
    },
  });
  const tables = async (config: Parameters<typeof clients>[0]) =>
    (await clients(config).dynamoDb.send(new ListTablesCommand({}))).TableNames;

  expect(await tables({})).toEqual(['Locks']);
  expect(await tables({ region: 'eu-west-1' })).toEqual([]);
  expect(await tables({ accessKeyId: 'AKIAOTHER' })).toEqual(['Builds']);
  const { Table } = await clients({ accessKeyId: 'AKIAOTHER' }).dynamoDb.send(
    new DescribeTableCommand({ TableName: 'Builds' }),
  );
  expect(Table).toMatchObject({
    TableStatus: 'ACTIVE',
    TableArn: 'arn:aws:dynamodb:us-east-1:222222222222:table/Builds',
  });
});

/** The write whose condition fails, in each of its three forms. */
const FAILING = {
  PutItem: (extra: object) =>
    new PutItemCommand({
      TableName: 'Locks',
      Item: { key: { S: 'k' }, owner: { S: 'second' } },
      ConditionExpression: 'attribute_not_exists(#key)',
      ExpressionAttributeNames: { '#key': 'key' },
      ...extra,
    }),
  UpdateItem: (extra: object) =>
    new UpdateItemCommand({
      TableName: 'Locks',
      Key: { key: { S: 'k' } },
      UpdateExpression: 'SET #owner = :second',
      ConditionExpression: '#owner = :second',
      ExpressionAttributeNames: { '#owner': 'owner' },
      ExpressionAttributeValues: { ':second': { S: 'second' } },
      ...extra,
    }),
  DeleteItem: (extra: object) =>
    new DeleteItemCommand({
      TableName: 'Locks',
      Key: { key: { S: 'k' } },
      ConditionExpression: '#owner = :second',
      ExpressionAttributeNames: { '#owner': 'owner' },
      ExpressionAttributeValues: { ':second': { S: 'second' } },
      ...extra,
    }),
};
const ALL_OLD = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
const HELD = { key: { S: 'k' }, owner: { S: 'first' }, n: { N: '1' } };

async function failureOf(
  client: DynamoDBClient,
  operation: keyof typeof FAILING,
  extra: object,
): Promise<ConditionalCheckFailedException> {
  const command = FAILING[operation](extra);
  return client.send(command as PutItemCommand).then(
    () => {
      throw new Error('The condition held.');
    },
    (error: ConditionalCheckFailedException) => error,
  );
}

test.each(['PutItem', 'UpdateItem', 'DeleteItem'] as const)(
  'a failed %s brings the item that it met, when asked to',
  async (operation) => {
    const { clients, world } = await startFront(WORLD);
    const { dynamoDb } = clients();
    await dynamoDb.send(new PutItemCommand({ TableName: 'Locks', Item: HELD }));

    const asked = await failureOf(dynamoDb, operation, ALL_OLD);
    const unasked = await failureOf(dynamoDb, operation, {});
    world.settings.returnConditionFailureItem = false;
    const ignored = await failureOf(dynamoDb, operation, ALL_OLD);

    expect(asked).toMatchObject({
      name: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
      Item: HELD,
    });
    for (const error of [unasked, ignored]) {
      expect(error.name).toBe('ConditionalCheckFailedException');
      expect(error.Item).toBeUndefined();
    }
  },
);

test('a condition that fails on nothing brings no item', async () => {
  const { clients } = await startFront(WORLD);

  const { name, Item } = await failureOf(clients().dynamoDb, 'UpdateItem', ALL_OLD);

  expect({ name, Item }).toEqual({ name: 'ConditionalCheckFailedException', Item: undefined });
});

/** Were a write let in between a failed condition and the read after it, an owner would be skipped. */
test('of many writers at once one wins, and every other is told who', async () => {
  const { clients } = await startFront(WORLD);
  const { dynamoDb } = clients();
  const owners = Array.from({ length: 50 }, (_, index) => `owner ${index}`);

  const losers = await Promise.all(
    owners.map((owner) =>
      dynamoDb
        .send(
          new PutItemCommand({
            TableName: 'Locks',
            Item: { key: { S: 'k' }, owner: { S: owner } },
            ConditionExpression: 'attribute_not_exists(#key)',
            ExpressionAttributeNames: { '#key': 'key' },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        )
        .then(
          () => undefined,
          (error: ConditionalCheckFailedException) => ({ owner, met: error.Item?.['owner']?.S }),
        ),
    ),
  );

  const { Item } = await dynamoDb.send(
    new GetItemCommand({ TableName: 'Locks', Key: { key: { S: 'k' } } }),
  );
  const winner = Item?.['owner']?.S;
  expect(owners).toContain(winner);
  expect(losers.filter((loser) => loser !== undefined)).toEqual(
    owners.filter((owner) => owner !== winner).map((owner) => ({ owner, met: winner })),
  );
});

test('the item is the one that failed the condition, even if another write waits behind', async () => {
  const { clients } = await startFront(WORLD);
  const { dynamoDb } = clients();
  await dynamoDb.send(new PutItemCommand({ TableName: 'Locks', Item: HELD }));

  const [failure] = await Promise.all([
    failureOf(dynamoDb, 'PutItem', ALL_OLD),
    dynamoDb.send(
      new BatchWriteItemCommand({
        RequestItems: { Locks: [{ DeleteRequest: { Key: { key: { S: 'k' } } } }] },
      }),
    ),
  ]);

  expect(failure.Item).toEqual(HELD);
});

test('what dynalite itself would let pass is refused', async () => {
  const { clients } = await startFront(WORLD);

  expect(
    await failureOf(clients().dynamoDb, 'PutItem', { ReturnValuesOnConditionCheckFailure: 'SOME' }),
  ).toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining("Value 'SOME' at 'returnValuesOnConditionCheckFailure'"),
  });
});

test('the time to live is stored and described, and dies with its table', async () => {
  const { clients } = await startFront(WORLD);
  const { dynamoDb } = clients();
  const update = (Enabled: boolean, AttributeName = 'expires', TableName = 'Locks') =>
    dynamoDb.send(
      new UpdateTimeToLiveCommand({
        TableName,
        TimeToLiveSpecification: { AttributeName, Enabled },
      }),
    );
  const describe = async () =>
    (await dynamoDb.send(new DescribeTimeToLiveCommand({ TableName: 'Locks' })))
      .TimeToLiveDescription;

  expect(await describe()).toEqual({ TimeToLiveStatus: 'DISABLED' });
  await expect(update(false)).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'TimeToLive is already disabled',
  });
  expect((await update(true)).TimeToLiveSpecification).toEqual({
    AttributeName: 'expires',
    Enabled: true,
  });
  expect(await describe()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' });
  await expect(update(true)).rejects.toMatchObject({ message: 'TimeToLive is already enabled' });
  await expect(update(false, 'other')).rejects.toMatchObject({ name: 'ValidationException' });
  await update(false);
  expect(await describe()).toEqual({ TimeToLiveStatus: 'DISABLED' });
  await expect(update(true, 'expires', 'Nothing')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });

  await update(true);
  const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName: 'Locks' }));
  await dynamoDb.send(new DeleteTableCommand({ TableName: 'Locks' }));
  await untilGone(dynamoDb);
  await dynamoDb.send(
    new CreateTableCommand({
      TableName: 'Locks',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: Table?.AttributeDefinitions,
      KeySchema: Table?.KeySchema,
    }),
  );
  expect(await describe()).toEqual({ TimeToLiveStatus: 'DISABLED' });
});

async function untilGone(dynamoDb: DynamoDBClient): Promise<void> {
  while ((await dynamoDb.send(new ListTablesCommand({}))).TableNames?.includes('Locks')) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

test("dynalite's own answers pass unchanged, checksum and all", async () => {
  const { front } = await startFront(WORLD);

  const answer = await send(front, {
    headers: {
      ...SIGNED,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-date': '20260101T000000Z',
      'x-amz-target': 'DynamoDB_20120810.PutItem',
    },
    body: JSON.stringify({ TableName: 'Nothing', Item: { key: { S: 'k' } } }),
  });

  expect(answer.status).toBe(400);
  expect(answer.headers['x-amz-crc32']).toMatch(/^\d+$/);
  expect(JSON.parse(answer.text)).toMatchObject({
    __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
  });
  expect(front.calls.entries()[0]).toMatchObject({ outcome: 'ResourceNotFoundException' });
});
