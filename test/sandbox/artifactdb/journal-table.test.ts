/**
 * Goal: journals lose and double nothing, and whoever asks for a project never sees them.
 * Method: the real SDK against DynamoDB in memory; the old tool's own requests on the same table.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ArtifactDb } from '../../../src/artifactdb/artifact-db.ts';
import { MalformedJournalError } from '../../../src/artifactdb/errors.ts';
import { readTagHistory, recordTagChange } from '../../../src/artifactdb/tag-history.ts';
import { ArtifactTable } from '../../../src/aws/artifact-table.ts';
import { JournalTable } from '../../../src/aws/journal-table.ts';
import { describeJournalStore } from '../../support/journal-store-contract.ts';
import { type DynaliteTable, startDynaliteTable } from './dynalite-table.ts';
import { OldTool } from './old-tool.ts';

const NOON = 1_767_225_600_000;

let table: DynaliteTable;
let clock: { nowMs: number };
let store: JournalTable;
let scenes = 0;
/** A new one for each test. */
let journal: string;

beforeAll(async () => {
  table = await startDynaliteTable();
});
afterAll(() => table.stop());
beforeEach(() => {
  clock = { nowMs: NOON };
  store = new JournalTable(table.client, table.tableName, { wallMs: () => clock.nowMs });
  journal = `journal ${++scenes}`;
  table.calls.length = 0;
});

function operations(): string[] {
  return table.calls.map(({ operation }) => operation);
}

describeJournalStore('a journal store in DynamoDB', () => {
  const name = (given: string) => `scene ${scenes} ${given}`;
  return {
    clock,
    store: {
      append: (given, record) => store.append(name(given), record),
      read: (given, request) => store.read(name(given), request),
    },
  };
});

test('a record costs one request, and so does a page of them', async () => {
  await store.append(journal, { a: 1 });
  await store.read(journal, { limit: 10 });

  expect(operations()).toEqual(['PutItem', 'Query']);
});

test('a record whose first answer is lost is there once', async () => {
  table.loseAnswerOnce('PutItem');

  const written = await store.append(journal, { a: 1 });

  expect((await store.read(journal)).entries).toEqual([written]);
  expect(operations()).toEqual(['PutItem', 'PutItem', 'GetItem', 'Query']);
});

test('a lost answer does not make another one’s record ours', async () => {
  const theirs = await store.append(journal, 'theirs');
  table.loseAnswerOnce('PutItem');

  const ours = await store.append(journal, 'ours');

  expect((await store.read(journal)).entries).toEqual([ours, theirs]);
});

test('the clock may stand still or go back: nothing is written over', async () => {
  await store.append(journal, 1);
  clock.nowMs -= 1;
  await store.append(journal, 2);
  clock.nowMs += 1;
  await store.append(journal, 3);

  const { entries } = await store.read(journal);
  expect(entries.map(({ record }) => record)).toEqual([3, 1, 2]);
});

test('an item that is no record is refused by name', async () => {
  const [{ sequence }] = [await store.append(journal, 1)];
  const Item = {
    ProjectName: { S: `\0journal: ${journal}` },
    BuildNumber: { N: String(sequence + 1) },
    Record: { S: '{' },
  };
  await table.client.send(new PutItemCommand({ TableName: table.tableName, Item }));

  const reading = store.read(journal);

  await expect(reading).rejects.toThrow(MalformedJournalError);
  await expect(reading).rejects.toThrow(`Record ${sequence + 1} of the journal "${journal}"`);
});

describe('beside a project with a history', () => {
  const by = { user: 'ann', host: 'laptop' };
  let project: string;
  let db: ArtifactDb;
  let oldTool: OldTool;

  beforeEach(async () => {
    project = `project-${scenes}`;
    oldTool = new OldTool(table.client, table.tableName);
    db = new ArtifactDb(new ArtifactTable(table.client, table.tableName), {
      onTagChanged: (change) => recordTagChange(store, change, by),
    });
    const artifact = await db.create(project, { value: 'v', tags: { SHA: 'abcd' } });
    for (const value of ['1', '2', '3']) await db.setTag(artifact, 'label', value);
    await store.append(`deploys of ${project}/dev`, { outcome: 'success' });
  });

  test('the old tool sees the artifacts, and nothing else', async () => {
    const artifact = {
      ProjectName: { S: project },
      BuildNumber: { N: '1' },
      Value: { S: 'v' },
      Tags: { M: { SHA: { S: 'abcd' }, label: { S: '3' } } },
      ContainedArtifacts: { L: [] },
    };

    expect(await oldTool.all(project)).toEqual([artifact]);
    expect(await oldTool.latest(project, { label: '3' })).toEqual(artifact);
    expect(await oldTool.latest(project, { SHA: 'none' })).toBeUndefined();
    expect(await oldTool.create(project, 'next')).toBe(2);
    expect(
      (await readTagHistory(store, { projectName: project, buildNumber: 1 }, 9)).changes,
    ).toHaveLength(3);
  });

  test('no key of a record could be a project that anyone names', async () => {
    const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.tableName }));
    const records = Items.filter((item) => item['Record'] !== undefined);

    expect(records.length).toBeGreaterThanOrEqual(4);
    for (const { ProjectName } of records) expect(ProjectName?.S).toMatch(/^\0journal: /);
  });

  test('nor can a journal be taken for a project by us', async () => {
    const key = `\0journal: tags of ${project}:1`;
    table.calls.length = 0;

    const tries = [
      () => db.latest(key),
      () => db.get({ projectName: key, buildNumber: 1 }),
      () => db.create(key, { value: 'v' }),
      () => db.setTag({ projectName: key, buildNumber: 1 }, 'a', 'b'),
    ];

    for (const attempt of tries) await expect(attempt()).rejects.toThrow('begins with NUL');
    expect(operations()).toEqual([]);
  });
});
