/**
 * Goal: to the official SDK, the sandbox's DynamoDB is AWS's, as far as a deployer uses it.
 * Method: each operation is called with success and with its errors, through the real protocol.
 */
import { expect } from '@jest/globals';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  GetItemCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { DYNAMODB_OPERATIONS } from '../../../sandbox/wire/dynamodb/operations.ts';
import { until } from '../runtime/processes.ts';
import { proveOperations, type Proofs } from './proofs.ts';
import { ACCOUNT, REGION, type Scene } from './scene.ts';

const TABLE_ARN = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/Locks`;
const KEY = { key: { S: 'k' } };
const HELD = {
  ...KEY,
  owner: { S: 'first' },
  n: { N: '1' },
  data: { B: new Uint8Array([0, 255]) },
};
const invalid = (message: string | RegExp) => ['ValidationException', message] as const;
const NO_TABLE = ['ResourceNotFoundException', 'Requested resource not found'] as const;
const NO_TABLE_NAMED = [
  'ResourceNotFoundException',
  'Requested resource not found: Table: Nothing not found',
] as const;
const FAILED = ['ConditionalCheckFailedException', 'The conditional request failed'] as const;
const IF_SECOND = {
  ConditionExpression: '#owner = :second',
  ExpressionAttributeNames: { '#owner': 'owner' },
  ExpressionAttributeValues: { ':second': { S: 'second' } },
};
const NEW_TABLE = {
  TableName: 'Builds',
  BillingMode: 'PAY_PER_REQUEST' as const,
  AttributeDefinitions: [
    { AttributeName: 'ProjectName', AttributeType: 'S' as const },
    { AttributeName: 'BuildNumber', AttributeType: 'N' as const },
  ],
  KeySchema: [
    { AttributeName: 'ProjectName', KeyType: 'HASH' as const },
    { AttributeName: 'BuildNumber', KeyType: 'RANGE' as const },
  ],
};

const put = async ({ dynamoDb }: Scene, Item: PutItemCommand['input']['Item'] = HELD) =>
  dynamoDb.send(new PutItemCommand({ TableName: 'Locks', Item }));
const get = async ({ dynamoDb }: Scene) =>
  (await dynamoDb.send(new GetItemCommand({ TableName: 'Locks', Key: KEY, ConsistentRead: true })))
    .Item;
const statusOf = async ({ dynamoDb }: Scene, TableName: string) =>
  (await dynamoDb.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus;
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

const ITEMS: Proofs = {
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

const TABLES: Proofs = {
  CreateTable: {
    command: CreateTableCommand,
    works: {
      'creates a table that is ACTIVE soon': async (scene) => {
        const { TableDescription } = await scene.dynamoDb.send(new CreateTableCommand(NEW_TABLE));
        expect(TableDescription).toMatchObject({
          TableName: 'Builds',
          TableStatus: 'CREATING',
          KeySchema: NEW_TABLE.KeySchema,
        });
        await until(async () => (await statusOf(scene, 'Builds')) === 'ACTIVE');
      },
    },
    refuses: {
      'when the name is in use': {
        input: {
          ...NEW_TABLE,
          TableName: 'Locks',
        },
        error: ['ResourceInUseException', 'Table already exists: Locks'],
      },
    },
  },
  DescribeTable: {
    command: DescribeTableCommand,
    works: {
      'shows keys, billing and ARN': async ({ dynamoDb }) => {
        const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName: 'Locks' }));
        expect(Table).toMatchObject({
          TableName: 'Locks',
          TableStatus: 'ACTIVE',
          TableArn: TABLE_ARN,
          KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
          BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
        });
      },
    },
    refuses: {
      'when it is not there': { input: { TableName: 'Nothing' }, error: NO_TABLE_NAMED },
    },
  },
  ListTables: {
    command: ListTablesCommand,
    works: {
      'lists their names': async ({ dynamoDb }) => {
        expect((await dynamoDb.send(new ListTablesCommand())).TableNames).toEqual(['Locks']);
      },
    },
    refuses: {
      'for a page of no known size': {
        input: { Limit: 101 },
        error: invalid(/Value '101' at 'limit' failed to satisfy constraint/),
      },
    },
    nothingDeclared: 'AWS declares trouble with itself only.',
  },
  UpdateTable: {
    command: UpdateTableCommand,
    works: {
      'changes how it is paid': async ({ dynamoDb }) => {
        const { TableDescription } = await dynamoDb.send(
          new UpdateTableCommand({
            TableName: 'Locks',
            BillingMode: 'PROVISIONED',
            ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
          }),
        );
        expect(TableDescription).toMatchObject({ TableName: 'Locks' });
      },
    },
    refuses: {
      'when it is not there': {
        input: {
          TableName: 'Nothing',
          ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
        },
        error: NO_TABLE_NAMED,
      },
    },
  },
  DeleteTable: {
    command: DeleteTableCommand,
    works: {
      'deletes it with its items': async (scene) => {
        const { TableDescription } = await scene.dynamoDb.send(
          new DeleteTableCommand({ TableName: 'Locks' }),
        );
        expect(TableDescription).toMatchObject({ TableStatus: 'DELETING' });
        await until(() =>
          statusOf(scene, 'Locks').then(
            () => false,
            (error: Error) => error.name === 'ResourceNotFoundException',
          ),
        );
      },
    },
    refuses: {
      'when it is not there': { input: { TableName: 'Nothing' }, error: NO_TABLE_NAMED },
    },
  },
  UpdateTimeToLive: {
    command: UpdateTimeToLiveCommand,
    works: {
      'says which attribute it is, and who asks is told': async ({ dynamoDb }) => {
        const TimeToLiveSpecification = { AttributeName: 'expires', Enabled: true };
        const input = { TableName: 'Locks', TimeToLiveSpecification };
        const answer = await dynamoDb.send(new UpdateTimeToLiveCommand(input));
        const { TimeToLiveDescription } = await dynamoDb.send(
          new DescribeTimeToLiveCommand({ TableName: 'Locks' }),
        );

        expect(answer.TimeToLiveSpecification).toEqual(TimeToLiveSpecification);
        expect(TimeToLiveDescription).toEqual({
          TimeToLiveStatus: 'ENABLED',
          AttributeName: 'expires',
        });
      },
    },
    refuses: {
      'for a table that is not there': {
        input: {
          TableName: 'Nothing',
          TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
        },
        error: NO_TABLE_NAMED,
      },
      'when it is so already': {
        input: {
          TableName: 'Locks',
          TimeToLiveSpecification: { AttributeName: 'expires', Enabled: false },
        },
        error: invalid('TimeToLive is already disabled'),
      },
    },
  },
  DescribeTimeToLive: {
    command: DescribeTimeToLiveCommand,
    works: {
      'says that there is none': async ({ dynamoDb }) => {
        const input = { TableName: 'Locks' };
        const { TimeToLiveDescription } = await dynamoDb.send(new DescribeTimeToLiveCommand(input));
        expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'DISABLED' });
      },
    },
    refuses: {
      'for a table that is not there': {
        input: { TableName: 'Nothing' },
        error: NO_TABLE_NAMED,
      },
    },
  },
};

const TAG = { Key: 'k', Value: 'v' };
const NO_RESOURCE = ['ResourceNotFoundException', /^Requested resource not found/] as const;
const tagsOf = async ({ dynamoDb }: Scene) =>
  (await dynamoDb.send(new ListTagsOfResourceCommand({ ResourceArn: TABLE_ARN }))).Tags;

const TAGS: Proofs = {
  TagResource: {
    command: TagResourceCommand,
    works: {
      'adds tags to a table': async (scene) => {
        await scene.dynamoDb.send(new TagResourceCommand({ ResourceArn: TABLE_ARN, Tags: [TAG] }));
        expect(await tagsOf(scene)).toEqual([TAG]);
      },
    },
    refuses: {
      'for a table that is not there': {
        input: { ResourceArn: `${TABLE_ARN}x`, Tags: [TAG] },
        error: NO_RESOURCE,
      },
    },
  },
  UntagResource: {
    command: UntagResourceCommand,
    works: {
      'removes tags': async (scene) => {
        await scene.dynamoDb.send(new TagResourceCommand({ ResourceArn: TABLE_ARN, Tags: [TAG] }));
        const input = { ResourceArn: TABLE_ARN, TagKeys: ['k'] };
        await scene.dynamoDb.send(new UntagResourceCommand(input));
        expect(await tagsOf(scene)).toEqual([]);
      },
    },
    refuses: {
      'for a table that is not there': {
        input: { ResourceArn: `${TABLE_ARN}x`, TagKeys: ['k'] },
        error: NO_RESOURCE,
      },
    },
  },
  ListTagsOfResource: {
    command: ListTagsOfResourceCommand,
    works: {
      'lists none where there are none': async (scene) => {
        expect(await tagsOf(scene)).toEqual([]);
      },
    },
    refuses: {
      'for a table that is not there': {
        input: { ResourceArn: `${TABLE_ARN}x` },
        error: NO_RESOURCE,
      },
    },
  },
};

proveOperations(
  {
    client: 'dynamoDb',
    sdkPackage: '@aws-sdk/client-dynamodb',
    operations: DYNAMODB_OPERATIONS,
    commonErrors: ['ValidationException'],
  },
  { ...ITEMS, ...TABLES, ...TAGS },
);
