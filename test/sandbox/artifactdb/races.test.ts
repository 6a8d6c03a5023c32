/**
 * Goal: builds that are registered at the same time get numbers of their own, without gaps, whatever
 * the network does and whichever tool others use.
 * Method: many clients over HTTP against the sandbox's DynamoDB, with its faults.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import type { FaultRule } from '../../../sandbox/wire/fault-rules.ts';
import { ArtifactDb } from '../../../src/artifactdb/artifact-db.ts';
import type { Artifact } from '../../../src/artifactdb/artifact.ts';
import { ArtifactTable } from '../../../src/aws/artifact-table.ts';
import { sdkClients } from '../../support/sdk.ts';
import { OldTool } from './old-tool.ts';

const TABLE = 'ArtifactDB';
const PROJECT = 'hello';

let sandbox: Sandbox;
let clients: ReturnType<typeof sdkClients>[];

beforeEach(async () => {
  clients = [];
  const [hashKey, rangeKey] = [
    { name: 'ProjectName', type: 'S' },
    { name: 'BuildNumber', type: 'N' },
  ] as const;
  sandbox = await startSandbox({ worldFile: { tables: [{ name: TABLE, hashKey, rangeKey }] } });
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  await sandbox.close();
});

/** As of a process of its own. */
function connect(): DynamoDBClient {
  const client = sdkClients(sandbox.url, { accessKeyId: 'AKIASANDBOX' });
  clients.push(client);
  return client.dynamoDb;
}

function ours(client = connect()): ArtifactDb {
  return new ArtifactDb(new ArtifactTable(client, TABLE));
}

/** Registers so many builds at once, each with a value of its own. */
function createAtOnce(count: number): Promise<Artifact[]> {
  const values = Array.from({ length: count }, (_, index) => `hello:${index}`);
  const db = ours();
  return Promise.all(values.map((value) => db.create(PROJECT, { value, tags: { SHA: value } })));
}

/** What is in the table: value by build number, oldest first. */
async function registered(): Promise<[number, string][]> {
  const items = await new OldTool(connect(), TABLE).all(PROJECT);
  return items
    .map((item): [number, string] => [Number(item['BuildNumber']?.N), item['Value']?.S ?? ''])
    .toReversed();
}

function expectWithoutGaps(builds: readonly [number, string][]): void {
  expect(builds.map(([number]) => number)).toEqual(builds.map((_, index) => index + 1));
}

function expectEachOnce(artifacts: readonly Artifact[], builds: readonly [number, string][]): void {
  const mine = builds.filter(([, value]) => value.startsWith('hello:'));
  expect(mine).toEqual(
    artifacts
      .map(({ buildNumber, value }): [number, string] => [buildNumber, value])
      .sort(([a], [b]) => a - b),
  );
}

test('50 builds get the numbers 1 to 50', async () => {
  const artifacts = await createAtOnce(50);

  const builds = await registered();
  expect(builds).toHaveLength(50);
  expectWithoutGaps(builds);
  expectEachOnce(artifacts, builds);
}, 60_000);

test('50 builds get 50 numbers while the old tool registers its own, and loses some', async () => {
  const oldTool = new OldTool(connect(), TABLE);
  const oldTries = Array.from({ length: 3 }, async () => {
    let registered = 0;
    for (let tries = 0; tries < 20; tries++) {
      const isDone = oldTool.create(PROJECT, 'old').then(
        () => true,
        (error: Error) => error.name !== 'ConditionalCheckFailedException',
      );
      if (await isDone) registered++;
    }
    return registered;
  });

  const [artifacts, ...oldBuilds] = await Promise.all([createAtOnce(50), ...oldTries]);

  const builds = await registered();
  const oldCount = oldBuilds.reduce((sum, count) => sum + count, 0);
  expect(oldCount).toBeGreaterThan(0);
  expect(builds).toHaveLength(50 + oldCount);
  expectWithoutGaps(builds);
  expectEachOnce(artifacts, builds);
}, 60_000);

describe('with answers that are lost', () => {
  const broken = { kind: 'reject', code: 'InternalServerError', status: 500 } as const;

  test.each<[string, FaultRule[]]>([
    ['every third registration', [lost('PutItem', 3)]],
    ['every second registration, and every fifth read', [lost('PutItem', 2), lost('GetItem', 5)]],
    [
      'a third of them, and others are not done',
      [lost('PutItem', 3), { operation: 'dynamodb.PutItem', everyNth: 4, do: broken }],
    ],
  ])(
    'no build is registered twice, and none is lost: %s',
    async (_, rules) => {
      sandbox.faults.add(rules);

      const artifacts = await createAtOnce(8);

      sandbox.faults.remove();
      expect(sandbox.faults.matches().length).toBeGreaterThan(1);
      const builds = await registered();
      expect(builds).toHaveLength(8);
      expectWithoutGaps(builds);
      expectEachOnce(artifacts, builds);
    },
    60_000,
  );

  function lost(operation: string, everyNth: number): FaultRule {
    // The first attempts only: otherwise a call could lose all that it makes.
    return { operation: `dynamodb.${operation}`, attempt: 1, everyNth, do: { kind: 'drop' } };
  }
});

test('what the old tool registered is found, whatever it left out', async () => {
  const oldTool = new OldTool(connect(), TABLE);
  const db = ours();
  await oldTool.create(PROJECT, 'a', { SHA: 'abcd1234', label: '' });
  await db.create(PROJECT, { value: 'b', tags: { SHA: 'other123' } });
  await oldTool.create(PROJECT, 'c');
  await oldTool.create(PROJECT, 'd', { SHA: 'abcd1234' });
  await oldTool.create(PROJECT, 'e');

  expect(await db.latest(PROJECT, { SHA: 'abcd1234' })).toMatchObject({ value: 'd' });
  expect(await db.latest(PROJECT, { SHA: 'other123' })).toMatchObject({ value: 'b' });
  expect(await db.latest(PROJECT, { SHA: 'abcd1234', label: '' })).toMatchObject({ value: 'd' });
  expect(await db.latest(PROJECT)).toMatchObject({ value: 'e' });
  expect(await db.list(PROJECT, 9)).toHaveLength(5);
});

test('tags of both tools stay beside each other, also where there were none', async () => {
  const client = connect();
  const oldTool = new OldTool(client, TABLE);
  const db = ours(client);
  const buildNumber = await oldTool.create(PROJECT, 'a');
  const ref = { projectName: PROJECT, buildNumber };

  await expect(oldTool.setTag(PROJECT, buildNumber, 'old', '1')).rejects.toThrow();
  await db.setTag(ref, 'ours', '1');
  await oldTool.setTag(PROJECT, buildNumber, 'old', '1');

  expect(await db.get(ref)).toMatchObject({ tags: { ours: '1', old: '1' } });
});
