/** Proofs of DynamoDB's operations on items. */
import { expect } from '@jest/globals';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { until } from '../runtime/processes.ts';
import { invalid, NEW_TABLE, statusOf } from './dynamodb-words.ts';
import type { Proofs } from './proofs.ts';
import { type Scene } from './scene.ts';

const KEY = { key: { S: 'k' } };
const HELD = {
  ...KEY,
  owner: { S: 'first' },
  n: { N: '1' },
  data: { B: new Uint8Array([0, 255]) },
};
const NO_TABLE = ['ResourceNotFoundException', 'Requested resource not found'] as const;
const FAILED = ['ConditionalCheckFailedException', 'The conditional request failed'] as const;
const IF_SECOND = {
  ConditionExpression: '#owner = :second',
  ExpressionAttributeNames: { '#owner': 'owner' },
  ExpressionAttributeValues: { ':second': { S: 'second' } },
};
const put = async ({ dynamoDb }: Scene, Item: PutItemCommand['input']['Item'] = HELD) =>
  dynamoDb.send(new PutItemCommand({ TableName: 'Locks', Item }));
const get = async ({ dynamoDb }: Scene) =>
  (await dynamoDb.send(new GetItemCommand({ TableName: 'Locks', Key: KEY, ConsistentRead: true })))
    .Item;
/** The input of a write whose condition the item does not meet. */
const onHeld = (input: object) => async (scene: Scene) => {
  await put(scene);
  return { TableName: 'Locks', ...input };
};
/** Three builds of one project and one of another, in a table of their own. */
const putBuilds = async (scene: Scene) => {
  await scene.dynamoDb.send(new CreateTableCommand(NEW_TABLE));
  await until(async () => (await statusOf(scene, 'Builds')) === 'ACTIVE');
  const keys = [
    ['p', '2'],
    ['p', '10'],
    ['p', '1'],
    ['q', '3'],
  ];
  const Builds = keys.map(([project, number]) => ({
    PutRequest: { Item: { ProjectName: { S: project! }, BuildNumber: { N: number! } } },
  }));
  return scene.dynamoDb.send(new BatchWriteItemCommand({ RequestItems: { Builds } }));
};

export const ITEM_PROOFS: Proofs = {
  PutItem: {
    command: PutItemCommand,
    works: {
      'creates an item only where there is none': async (scene) => {
        await scene.dynamoDb.send(
          new PutItemCommand({
            TableName: 'Locks',
            Item: HELD,
            ConditionExpression: 'attribute_not_exists(#key)',
            ExpressionAttributeNames: { '#key': 'key' },
          }),
        );
        expect(await get(scene)).toEqual(HELD);
      },
    },
    refuses: {
      'when the condition does not hold': {
        input: onHeld({ Item: HELD, ...IF_SECOND }),
        error: FAILED,
      },
      'for a table that is not there': {
        input: { TableName: 'Nothing', Item: KEY },
        error: NO_TABLE,
      },
      'without the key': {
        input: { TableName: 'Locks', Item: { owner: { S: 'x' } } },
        error: invalid(/Missing the key key in the item/),
      },
    },
  },
  GetItem: {
    command: GetItemCommand,
    works: {
      'gives every type back, and nothing where there is nothing': async (scene) => {
        expect(await get(scene)).toBeUndefined();
        await put(scene);
        expect(await get(scene)).toEqual(HELD);
      },
    },
    refuses: {
      'for a table that is not there': {
        input: { TableName: 'Nothing', Key: KEY },
        error: NO_TABLE,
      },
      'for another key than the table has': {
        input: { TableName: 'Locks', Key: { other: { S: 'k' } } },
        error: invalid('The provided key element does not match the schema'),
      },
    },
  },
  UpdateItem: {
    command: UpdateItemCommand,
    works: {
      'counts up, and answers what is there now': async (scene) => {
        await put(scene);
        const { Attributes } = await scene.dynamoDb.send(
          new UpdateItemCommand({
            TableName: 'Locks',
            Key: KEY,
            UpdateExpression: 'SET #owner = :second ADD n :one',
            ExpressionAttributeNames: { '#owner': 'owner' },
            ExpressionAttributeValues: { ':second': { S: 'second' }, ':one': { N: '1' } },
            ReturnValues: 'UPDATED_NEW',
          }),
        );
        expect(Attributes).toEqual({ owner: { S: 'second' }, n: { N: '2' } });
      },
    },
    refuses: {
      'when the condition does not hold': {
        input: onHeld({ Key: KEY, UpdateExpression: 'SET #owner = :second', ...IF_SECOND }),
        error: FAILED,
      },
      'for a table that is not there': {
        input: { TableName: 'Nothing', Key: KEY },
        error: NO_TABLE,
      },
    },
  },
  DeleteItem: {
    command: DeleteItemCommand,
    works: {
      'deletes an item, and takes one that is gone for done': async (scene) => {
        await put(scene);
        for (let count = 0; count < 2; count++) {
          await scene.dynamoDb.send(new DeleteItemCommand({ TableName: 'Locks', Key: KEY }));
        }
        expect(await get(scene)).toBeUndefined();
      },
    },
    refuses: {
      'when the condition does not hold': {
        input: onHeld({ Key: KEY, ...IF_SECOND }),
        error: FAILED,
      },
      'for a table that is not there': {
        input: { TableName: 'Nothing', Key: KEY },
        error: NO_TABLE,
      },
    },
  },
  BatchGetItem: {
    command: BatchGetItemCommand,
    works: {
      'gives the items that are there': async (scene) => {
        await put(scene);
        const Keys = [KEY, { key: { S: 'other' } }];
        const answer = await scene.dynamoDb.send(
          new BatchGetItemCommand({ RequestItems: { Locks: { Keys } } }),
        );
        expect(answer.Responses).toEqual({ Locks: [HELD] });
        expect(answer.UnprocessedKeys).toEqual({});
      },
    },
    refuses: {
      'for a table that is not there': {
        input: { RequestItems: { Nothing: { Keys: [KEY] } } },
        error: NO_TABLE,
      },
    },
  },
  BatchWriteItem: {
    command: BatchWriteItemCommand,
    works: {
      'writes and deletes': async (scene) => {
        await put(scene, { key: { S: 'old' } });
        const Locks = [
          { PutRequest: { Item: HELD } },
          { DeleteRequest: { Key: { key: { S: 'old' } } } },
        ];
        await scene.dynamoDb.send(new BatchWriteItemCommand({ RequestItems: { Locks } }));
        const { Items } = await scene.dynamoDb.send(new ScanCommand({ TableName: 'Locks' }));
        expect(Items).toEqual([HELD]);
      },
    },
    refuses: {
      'for a table that is not there': {
        input: { RequestItems: { Nothing: [{ PutRequest: { Item: KEY } }] } },
        error: NO_TABLE,
      },
    },
  },
  Query: {
    command: QueryCommand,
    works: {
      'finds the newest first, page by page, in the order of numbers': async (scene) => {
        await putBuilds(scene);
        const query = (ExclusiveStartKey?: QueryCommand['input']['ExclusiveStartKey']) =>
          scene.dynamoDb.send(
            new QueryCommand({
              TableName: 'Builds',
              KeyConditionExpression: 'ProjectName = :p',
              ExpressionAttributeValues: { ':p': { S: 'p' } },
              ScanIndexForward: false,
              Limit: 2,
              ExclusiveStartKey,
            }),
          );
        const first = await query();
        const second = await query(first.LastEvaluatedKey);

        expect(first.Items?.map((item) => item['BuildNumber']?.N)).toEqual(['10', '2']);
        expect(first.LastEvaluatedKey).toEqual({
          ProjectName: { S: 'p' },
          BuildNumber: { N: '2' },
        });
        expect(second.Items?.map((item) => item['BuildNumber']?.N)).toEqual(['1']);
        expect(second.LastEvaluatedKey).toBeUndefined();
      },
    },
    refuses: {
      'for a table that is not there': {
        input: {
          TableName: 'Nothing',
          KeyConditionExpression: '#key = :k',
          ExpressionAttributeNames: { '#key': 'key' },
          ExpressionAttributeValues: { ':k': { S: 'k' } },
        },
        error: NO_TABLE,
      },
      'for a reserved word': {
        input: {
          TableName: 'Locks',
          KeyConditionExpression: 'key = :k',
          ExpressionAttributeValues: { ':k': { S: 'k' } },
        },
        error: invalid(/Attribute name is a reserved keyword; reserved keyword: key$/),
      },
    },
  },
  Scan: {
    command: ScanCommand,
    works: {
      'counts what passes the filter, and what it looked at': async (scene) => {
        await putBuilds(scene);
        const answer = await scene.dynamoDb.send(
          new ScanCommand({
            TableName: 'Builds',
            FilterExpression: 'ProjectName = :q',
            ExpressionAttributeValues: { ':q': { S: 'q' } },
          }),
        );
        expect(answer).toMatchObject({ Count: 1, ScannedCount: 4 });
      },
    },
    refuses: {
      'for a table that is not there': { input: { TableName: 'Nothing' }, error: NO_TABLE },
    },
  },
};
