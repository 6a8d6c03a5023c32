/** Proofs of DynamoDB's operations on tables and their tags. */
import { expect } from '@jest/globals';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { until } from '../runtime/processes.ts';
import { invalid, NEW_TABLE, statusOf } from './dynamodb-words.ts';
import type { Proofs } from './proofs.ts';
import { ACCOUNT, REGION, type Scene } from './scene.ts';

const TABLE_ARN = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/Locks`;
const NO_TABLE_NAMED = [
  'ResourceNotFoundException',
  'Requested resource not found: Table: Nothing not found',
] as const;
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

export const TABLE_PROOFS: Proofs = { ...TABLES, ...TAGS };
