/**
 * Goal: what is stored is what the old tool stores and reads, and no race or lost answer spoils it.
 * Method: the real SDK against DynamoDB in memory; items are written and read raw.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type AttributeValue,
  BatchWriteItemCommand,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { ArtifactDb } from '../../../src/artifactdb/artifact-db.ts';
import { ArtifactNotFoundError, MalformedArtifactError } from '../../../src/artifactdb/errors.ts';
import { ArtifactTable } from '../../../src/aws/artifact-table.ts';
import { type DynaliteTable, startDynaliteTable } from './dynalite-table.ts';

type Item = Record<string, AttributeValue>;

let table: DynaliteTable;
let db: ArtifactDb;
let projects = 0;
/** A new one for each test. */
let project: string;

beforeAll(async () => {
  table = await startDynaliteTable();
});
afterAll(() => table.stop());
beforeEach(() => {
  db = new ArtifactDb(new ArtifactTable(table.client, table.tableName));
  project = `project-${++projects}`;
  table.calls.length = 0;
});

function key(buildNumber: number): Item {
  return { ProjectName: { S: project }, BuildNumber: { N: String(buildNumber) } };
}

async function putItem(buildNumber: number, attributes: Item): Promise<void> {
  const Item = { ...key(buildNumber), ...attributes };
  await table.client.send(new PutItemCommand({ TableName: table.tableName, Item }));
}

async function readItem(buildNumber: number): Promise<Item | undefined> {
  const get = new GetItemCommand({
    TableName: table.tableName,
    Key: key(buildNumber),
    ConsistentRead: true,
  });
  return (await table.client.send(get)).Item;
}

/** Builds 1 to `count`, each with its own SHA: its number in 8 digits. */
async function putBuilds(count: number, moreTags: Item = {}): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  for (let from = 0; from < count; from += 25) {
    const puts = numbers.slice(from, from + 25).map((buildNumber) => ({
      PutRequest: {
        Item: {
          ...key(buildNumber),
          Value: { S: `${project}:${shaOf(buildNumber)}` },
          Tags: { M: { SHA: { S: shaOf(buildNumber) }, ...moreTags } },
        },
      },
    }));
    await table.client.send(
      new BatchWriteItemCommand({ RequestItems: { [table.tableName]: puts } }),
    );
  }
}

function shaOf(buildNumber: number): string {
  return String(buildNumber).padStart(8, '0');
}

function operations(): string[] {
  return table.calls.map((call) => call.operation);
}

describe('an artifact is stored', () => {
  test('with its tags and what it contains', async () => {
    await db.create(project, { value: 'base' });

    await db.create(project, {
      value: 'hello:0012abcd',
      tags: { SHA: '0012abcd', ForAutomatedDeploy: 'true', empty: '' },
      contains: [`${project}:1`],
    });

    expect(await readItem(2)).toEqual({
      ProjectName: { S: project },
      BuildNumber: { N: '2' },
      Value: { S: 'hello:0012abcd' },
      Tags: {
        M: { SHA: { S: '0012abcd' }, ForAutomatedDeploy: { S: 'true' }, empty: { S: '' } },
      },
      ContainedArtifacts: { L: [{ S: `${project}:1` }] },
    });
  });

  test('with NULL for tags when none are given', async () => {
    await db.create(project, { value: 'hello:1' });

    expect(await readItem(1)).toEqual({
      ProjectName: { S: project },
      BuildNumber: { N: '1' },
      Value: { S: 'hello:1' },
      Tags: { NULL: true },
      ContainedArtifacts: { L: [] },
    });
  });

  test('in two requests', async () => {
    await putBuilds(100);
    table.calls.length = 0;

    expect(await db.create(project, { value: 'v' })).toMatchObject({ buildNumber: 101 });
    expect(operations()).toEqual(['Query', 'PutItem']);
  });
});

describe('an artifact is read', () => {
  const expected = { value: 'v', tags: null, containedArtifacts: [] };

  test('as it was written', async () => {
    const written = await db.create(project, { value: 'v', tags: { SHA: 'a', n: '1' } });

    expect(await db.get(written)).toEqual(written);
  });

  test.each<[string, Item, object]>([
    ['with NULL for all that is empty', nulls(), expected],
    ['with nothing for all that is empty', { Value: { S: 'v' } }, expected],
    [
      'with NULL for an empty tag',
      { Tags: { M: { empty: { NULL: true }, a: { S: '' } } } },
      { tags: { empty: '', a: '' } },
    ],
    [
      'with attributes that nobody knows',
      { Value: { S: 'v' }, CreatedBy: { S: 'ann' }, Expires: { N: '1' } },
      expected,
    ],
    ['with a number for a tag', { Tags: { M: { n: { N: '7' } } } }, { tags: { n: '7' } }],
  ])('when another tool wrote it %s', async (_, item, artifact) => {
    await putItem(1, item);

    expect(await db.get({ projectName: project, buildNumber: 1 })).toMatchObject(artifact);
  });

  test.each<[string, Item]>([
    ['Tags is not a map', { Tags: { S: 'SHA=1' } }],
    ['Tags.SHA is not a string', { Tags: { M: { SHA: { BOOL: true } } } }],
    ['ContainedArtifacts is not a list', { ContainedArtifacts: { S: 'a:1' } }],
    ['Value is not a string', { Value: { L: [] } }],
  ])('or refused with its name: %s', async (message, item) => {
    await putItem(1, item);

    const reading = db.get({ projectName: project, buildNumber: 1 });

    await expect(reading).rejects.toThrow(MalformedArtifactError);
    await expect(reading).rejects.toThrow(`${project}:1 is malformed: ${message}`);
  });

  test.each(['9007199254740993', '1.5'])('or refused for its number: %s', async (number) => {
    const Item = { ...key(1), BuildNumber: { N: number }, Value: { S: 'v' } };
    await table.client.send(new PutItemCommand({ TableName: table.tableName, Item }));

    for (const reading of [db.latest(project), db.create(project, { value: 'w' })]) {
      await expect(reading).rejects.toThrow(`${project}:${number} is malformed: BuildNumber`);
    }
  });

  function nulls(): Item {
    return { Value: { S: 'v' }, Tags: { NULL: true }, ContainedArtifacts: { NULL: true } };
  }
});

describe('races and lost answers', () => {
  test('a build whose first answer is lost is registered once', async () => {
    const lost = table.loseAnswerOnce('PutItem');

    const artifact = await db.create(project, { value: 'v', tags: { SHA: 'a' } });

    expect(lost.count).toBe(1);
    expect(artifact.buildNumber).toBe(1);
    expect(await db.list(project, 10)).toEqual([artifact]);
  });

  test('a build is not taken for another one that was first, lost answer or not', async () => {
    await putItem(1, { Value: { S: 'theirs' }, Tags: { M: { SHA: { S: 'a' } } } });
    const table1 = new ArtifactTable(table.client, table.tableName);
    const ours = {
      projectName: project,
      buildNumber: 1,
      value: 'ours',
      tags: { SHA: 'a' },
      containedArtifacts: [],
    };
    table.loseAnswerOnce('PutItem');

    expect(await table1.create(ours)).toBe('taken');
    expect(await readItem(1)).toMatchObject({ Value: { S: 'theirs' } });
  });

  test('equal builds are two builds when no answer was lost', async () => {
    const store = new ArtifactTable(table.client, table.tableName);
    const artifact = await db.create(project, { value: 'same' });

    expect(await store.create(artifact)).toBe('taken');
  });

  test.each<[string, Item, number]>([
    ['tags', { Tags: { M: { a: { S: '1' } } } }, 0],
    ['NULL for tags', { Tags: { NULL: true } }, 1], // The second request is the one with an effect.
  ])(
    'a tag that is set with a lost answer on %s is told as one of which nobody knows what was before',
    async (_, item, later) => {
      await putItem(1, item);
      const changes: unknown[] = [];
      db = new ArtifactDb(new ArtifactTable(table.client, table.tableName), {
        onTagChanged: async (change) => void changes.push(change),
      });
      const ref = { projectName: project, buildNumber: 1 };

      const setting = table.loseAnswerOnce('UpdateItem', later);
      await db.setTag(ref, 'a', '2');
      const removing = table.loseAnswerOnce('UpdateItem');
      await db.removeTag(ref, 'a');

      expect([setting, removing]).toEqual([{ count: 1 }, { count: 1 }]);
      expect((await readItem(1))?.['Tags']).toEqual({ M: {} });
      expect(changes).toEqual([
        { ref, key: 'a', before: undefined, after: '2' },
        { ref, key: 'a', before: undefined, after: null },
      ]);
    },
  );

  test('tags set at once on an artifact without tags are all there', async () => {
    const artifact = await db.create(project, { value: 'v' });
    const keys = Array.from({ length: 20 }, (_, n) => `tag-${n}`);

    await Promise.all(keys.map((tag) => db.setTag(artifact, tag, tag)));

    const { tags } = await db.get(artifact);
    expect(tags).toEqual(Object.fromEntries(keys.map((tag) => [tag, tag])));
  });
});

describe('tags', () => {
  test.each<[string, Item]>([
    ['NULL', { Tags: { NULL: true } }],
    ['missing', {}],
    ['empty', { Tags: { M: {} } }],
  ])('are set where they are %s', async (_, item) => {
    await putItem(1, { Value: { S: 'v' }, ...item });

    const artifact = await db.setTag({ projectName: project, buildNumber: 1 }, 'deploy-dev-1', 'x');

    expect(artifact).toMatchObject({ value: 'v', tags: { 'deploy-dev-1': 'x' } });
    expect(await readItem(1)).toEqual({
      ...key(1),
      Value: { S: 'v' },
      Tags: { M: { 'deploy-dev-1': { S: 'x' } } },
    });
  });

  test('are set in one request where there are tags, and leave the others alone', async () => {
    const artifact = await db.create(project, { value: 'v', tags: { SHA: 'a' } });
    table.calls.length = 0;

    await db.recordOutcome(artifact, 'dev', ['0012', 'content.1'], 'success');

    expect(operations()).toEqual(['UpdateItem']);
    const S = 'success';
    expect((await readItem(1))?.['Tags']).toEqual({
      M: { SHA: { S: 'a' }, 'deploy-dev-0012': { S }, 'deploy-dev-content.1': { S } },
    });
  });

  test('are all set on an artifact that had none', async () => {
    const artifact = await db.create(project, { value: 'v' });

    const after = await db.recordOutcome(artifact, 'dev', ['0012', 'content.1'], 'success');

    const tags = { 'deploy-dev-0012': 'success', 'deploy-dev-content.1': 'success' };
    expect(after.tags).toEqual(tags);
    expect(await db.get(artifact)).toMatchObject({ tags });
  });

  test.each<[string, Item, AttributeValue]>([
    ['is there', { Tags: { M: { a: { S: '1' }, b: { S: '2' } } } }, { M: { b: { S: '2' } } }],
    ['is not there', { Tags: { M: { b: { S: '2' } } } }, { M: { b: { S: '2' } } }],
    ['can not be there', { Tags: { NULL: true } }, { NULL: true }],
  ])('are removed when the tag %s', async (_, item, after) => {
    await putItem(1, item);

    await db.removeTag({ projectName: project, buildNumber: 1 }, 'a');

    expect((await readItem(1))?.['Tags']).toEqual(after);
  });

  test('are not set or removed on an artifact that does not exist, nor is one made', async () => {
    const ref = { projectName: project, buildNumber: 1 };

    await expect(db.setTag(ref, 'a', '1')).rejects.toThrow(ArtifactNotFoundError);
    await expect(db.removeTag(ref, 'a')).rejects.toThrow(ArtifactNotFoundError);
    expect(await readItem(1)).toBeUndefined();
  });
});

test('every read is strongly consistent', async () => {
  const reads: unknown[] = [];
  table.client.middlewareStack.add(
    (next, context) => (args) => {
      if (/Query|GetItem/.test(context.commandName ?? '')) reads.push(args.input);
      return next(args);
    },
    { step: 'initialize', name: 'readInputs' },
  );
  const artifact = await db.create(project, { value: 'v' });
  await db.findBySha(project, 'abcd1234');
  await db.latest(project, { SHA: 'abcd1234' });
  await db.outcome(artifact, 'dev', '0012');
  table.client.middlewareStack.remove('readInputs');

  expect(reads).toEqual([1, 2, 3, 4].map(() => expect.objectContaining({ ConsistentRead: true })));
});

test('an artifact and its tags have room for 400 KB, and nothing is half written', async () => {
  const artifact = await db.create(project, { value: 'v', tags: { a: 'x'.repeat(300_000) } });

  await expect(db.setTag(artifact, 'b', 'y'.repeat(200_000))).rejects.toThrow(/Item size/);
  await expect(db.create(project, { value: 'z'.repeat(500_000) })).rejects.toThrow(/Item size/);

  expect(await db.get(artifact)).toEqual(artifact);
  expect(await db.list(project, 5)).toEqual([artifact]);
});

test('odd names and values come back as they were', async () => {
  const odd = ['a b', 'ü😀', 'a\nb', '"\\\u0001', '#Tags.a', ':value', 'constructor', ' '];
  const tags = Object.fromEntries(odd.map((text) => [text, text]));

  for (const name of odd) {
    const artifact = await db.create(`${project} ${name}`, { value: name, tags });
    await db.setTag(artifact, `${name}.${name}`, name);

    const stored = await db.get(artifact);
    expect(stored).toMatchObject({ projectName: `${project} ${name}`, value: name });
    expect(stored.tags).toEqual({ ...tags, [`${name}.${name}`]: name });
    expect(await db.latest(artifact.projectName, tags)).toEqual(stored);
  }
});

describe('a project of 700 builds with tags of 2 KB', () => {
  let fat: string;

  beforeAll(async () => {
    project = fat = 'fat-project';
    await putBuilds(700, { notes: { S: 'x'.repeat(2_000) } });
  });
  beforeEach(() => {
    project = fat;
    table.calls.length = 0;
  });

  // An answer ends at 1 MB: some 500 of these builds, however many were asked for.
  test.each([
    [700, 1],
    [681, 1],
    [680, 2],
    [200, 2],
    [100, 3],
    [1, 3],
  ])('is searched for the tags of build %i in %i requests', async (buildNumber, requests) => {
    const artifact = await db.latest(project, { SHA: shaOf(buildNumber) });

    expect(artifact).toMatchObject({ buildNumber });
    expect(operations()).toEqual(Array.from({ length: requests }, () => 'Query'));
  });
});

describe('a project of 1,100 builds', () => {
  let large: string;

  beforeAll(async () => {
    project = large = 'large-project';
    await putBuilds(1_100);
  });
  beforeEach(() => {
    project = large;
    table.calls.length = 0;
  });

  test.each([
    [1_100, 1],
    [1_081, 1],
    [1_080, 2],
    [101, 2],
    [100, 3],
  ])('is searched for the tags of build %i in %i requests', async (buildNumber, requests) => {
    const artifact = await db.latest(project, { SHA: shaOf(buildNumber) });

    expect(artifact).toMatchObject({ buildNumber });
    expect(operations()).toEqual(Array.from({ length: requests }, () => 'Query'));
  });

  test('is searched for a commit', async () => {
    expect(await db.findBySha(project, shaOf(101))).toMatchObject({
      kind: 'found',
      matched: 'exact',
      artifact: { buildNumber: 101 },
    });
    expect(operations()).toEqual(['Query', 'Query']);

    expect(await db.findBySha(project, `${shaOf(7)}${'e'.repeat(32)}`)).toMatchObject({
      kind: 'found',
      matched: 'prefix',
      artifact: { buildNumber: 7 },
    });
    expect(await db.findBySha(project, '0000109')).toMatchObject({
      kind: 'ambiguous',
      candidates: [1_099, 1_098, 1_097, 1_096, 1_095, 1_094, 1_093, 1_092, 1_091, 1_090].map(
        (buildNumber) => ({ buildNumber }),
      ),
    });
    expect(await db.findBySha(project, 'e0001099')).toMatchObject({
      kind: 'none',
      nearMisses: [1_099, 1_098, 1_097, 1_096, 1_095].map((buildNumber) => ({ buildNumber })),
      buildsRead: 1_100,
    });
  });
});
