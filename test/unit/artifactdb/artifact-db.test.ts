import { beforeEach, describe, expect, test } from '@jest/globals';
import { ArtifactDb } from '../../../src/artifactdb/artifact-db.ts';
import {
  ArtifactCycleError,
  ArtifactNotFoundError,
  BuildNumberContentionError,
  InvalidArtifactIdError,
  InvalidTagError,
} from '../../../src/artifactdb/errors.ts';
import { MemoryArtifactStore } from '../../support/memory-artifact-store.ts';

let store: MemoryArtifactStore;
let db: ArtifactDb;

beforeEach(() => {
  store = new MemoryArtifactStore();
  db = new ArtifactDb(store);
});

function putBuilds(count: number): void {
  for (let buildNumber = 1; buildNumber <= count; buildNumber++) {
    store.put({ projectName: 'hello', buildNumber, tags: { n: String(buildNumber) } });
  }
}

describe('create', () => {
  test('numbers the builds of each project from 1', async () => {
    await db.create('other', { value: 'o' });

    const first = await db.create('hello', { value: 'a' });
    const second = await db.create('hello', { value: 'b', tags: { SHA: '0012' } });

    expect(first).toEqual({
      projectName: 'hello',
      buildNumber: 1,
      value: 'a',
      tags: null,
      containedArtifacts: [],
    });
    expect(second).toMatchObject({ buildNumber: 2, tags: { SHA: '0012' } });
    expect(await db.get(second)).toEqual(second);
  });

  test('reads one artifact however many there are', async () => {
    putBuilds(3_000);

    const artifact = await db.create('hello', { value: 'a' });

    expect(artifact.buildNumber).toBe(3_001);
    expect(store.requests).toEqual(['readPage hello limit 1', 'create hello:3001']);
  });

  test('gives builds that are registered at the same time different numbers without gaps', async () => {
    const builds = Array.from({ length: 50 }, () => db.create('hello', { value: 'same' }));

    const numbers = (await Promise.all(builds)).map((artifact) => artifact.buildNumber);

    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  });

  test('asks for the newest again when it has fallen behind', async () => {
    const create = store.create.bind(store);
    store.create = (artifact) => {
      putBuilds(5_000); // Others were faster.
      store.create = create;
      return create(artifact);
    };

    expect(await db.create('hello', { value: 'a' })).toMatchObject({ buildNumber: 5_001 });
    expect(store.requests.length).toBeLessThan(20);
  });

  test('gives up when every number is taken, and says so', async () => {
    store.create = async () => 'taken';

    const creating = db.create('hello', { value: 'a' });

    await expect(creating).rejects.toThrow(BuildNumberContentionError);
    await expect(creating).rejects.toThrow('build number for hello: 1000 in a row');
  });

  test('ends at the last number that can be counted to', async () => {
    store.put({ projectName: 'hello', buildNumber: Number.MAX_SAFE_INTEGER });

    await expect(db.create('hello', { value: 'a' })).rejects.toThrow(
      'No build of hello can come after number 9007199254740991',
    );
    expect(store.requests).toEqual(['readPage hello limit 1']);
  });

  test('refuses a tag without a name', async () => {
    await expect(db.create('hello', { value: 'a', tags: { '': 'x' } })).rejects.toThrow(
      InvalidTagError,
    );
    expect(store.requests).toEqual([]);
  });
});

describe('what an artifact contains', () => {
  test('must exist', async () => {
    store.put({ projectName: 'base', buildNumber: 1 });

    const creating = db.create('hello', { value: 'a', contains: ['base:1', 'base:2'] });

    await expect(creating).rejects.toThrow(ArtifactNotFoundError);
    await expect(creating).rejects.toThrow(
      'Artifact base:2, contained in the new build of hello, does not exist',
    );
    expect(await db.latest('hello')).toBeUndefined();
  });

  test('must be named as project:build', async () => {
    await expect(db.create('hello', { value: 'a', contains: ['base'] })).rejects.toThrow(
      InvalidArtifactIdError,
    );
  });

  test('must not contain itself, be it through others', async () => {
    store.put({ projectName: 'a', buildNumber: 1, containedArtifacts: ['b:1'] });
    store.put({ projectName: 'b', buildNumber: 1, containedArtifacts: ['c:1'] });
    store.put({ projectName: 'c', buildNumber: 1, containedArtifacts: ['b:01'] });

    const creating = db.create('hello', { value: 'v', contains: ['a:1'] });

    await expect(creating).rejects.toThrow(ArtifactCycleError);
    await expect(creating).rejects.toThrow(
      /^Artifacts contain each other: b:1 contains c:1 contains b:1$/,
    );
    await expect(
      db.withContents(await db.get({ projectName: 'b', buildNumber: 1 })),
    ).rejects.toThrow(ArtifactCycleError);
  });

  test('may contain what was deleted since: only what is named has to exist', async () => {
    store.put({ projectName: 'base', buildNumber: 5, containedArtifacts: ['os:1'] });

    const hello = await db.create('hello', { value: 'v', contains: ['base:05'] });

    expect(hello.buildNumber).toBe(1);
    await expect(db.withContents(hello)).rejects.toThrow(
      'Artifact os:1, contained in base:5, does not exist',
    );
  });

  test('is read once for each artifact, however often it occurs in the others', async () => {
    const depth = 40; // 2^40 ways lead to the innermost.
    for (let level = 1; level <= depth; level++) {
      const inner = level === 1 ? [] : [`level-${level - 1}:1`, `level-${level - 1}:1`];
      store.put({ projectName: `level-${level}`, buildNumber: 1, containedArtifacts: inner });
    }

    await db.create('hello', { value: 'v', contains: [`level-${depth}:1`] });

    expect(store.requests.filter((request) => request.startsWith('get'))).toHaveLength(depth);
  });

  test('may be contained twice, and is read once', async () => {
    store.put({ projectName: 'base', buildNumber: 1 });
    store.put({ projectName: 'a', buildNumber: 1, containedArtifacts: ['base:1'] });
    store.put({ projectName: 'b', buildNumber: 1, containedArtifacts: ['base:1'] });
    const hello = await db.create('hello', { value: 'v', contains: ['a:1', 'b:1'] });
    store.requests.length = 0;

    const tree = await db.withContents(hello);

    const base = { artifact: expect.objectContaining({ projectName: 'base' }), contained: [] };
    expect(tree).toEqual({
      artifact: hello,
      contained: [
        { artifact: expect.objectContaining({ projectName: 'a' }), contained: [base] },
        { artifact: expect.objectContaining({ projectName: 'b' }), contained: [base] },
      ],
    });
    expect(store.requests.sort()).toEqual(['get a:1', 'get b:1', 'get base:1']);
  });
});

describe('latest', () => {
  test('is nothing in an empty project', async () => {
    expect(await db.latest('hello')).toBeUndefined();
    expect(await db.latest('hello', { SHA: 'x' })).toBeUndefined();
  });

  test('reads one artifact when no tags are asked for', async () => {
    putBuilds(100);

    expect(await db.latest('hello')).toMatchObject({ buildNumber: 100 });
    expect(store.requests).toEqual(['readPage hello limit 1']);
  });

  test.each([
    [3_000, 1],
    [2_981, 1],
    [2_980, 2],
    [2_001, 2],
    [2_000, 3],
    [1, 4],
  ])('finds build %i of 3,000 by its tag in %i requests', async (buildNumber, requests) => {
    putBuilds(3_000);

    const artifact = await db.latest('hello', { n: String(buildNumber) });

    expect(artifact).toMatchObject({ buildNumber });
    expect(store.requests).toHaveLength(requests);
  });

  test('takes the newest of several that have the tags', async () => {
    store.put({ projectName: 'hello', buildNumber: 1, tags: { SHA: 'a' } });
    store.put({ projectName: 'hello', buildNumber: 2, tags: { SHA: 'a' } });
    store.put({ projectName: 'hello', buildNumber: 3, tags: null });

    expect(await db.latest('hello', { SHA: 'a' })).toMatchObject({ buildNumber: 2 });
  });
});

test('list has the newest first, and stops at the limit', async () => {
  putBuilds(30);

  const numbers = (await db.list('hello', 3)).map((artifact) => artifact.buildNumber);

  expect(numbers).toEqual([30, 29, 28]);
  expect(store.requests).toEqual(['readPage hello limit 3']);
  expect(await db.list('hello', 100)).toHaveLength(30);
});

test('list goes on when a page is cut short', async () => {
  store = new MemoryArtifactStore({ fullPage: 4 });
  db = new ArtifactDb(store);
  putBuilds(30);

  expect(await db.list('hello', 6)).toHaveLength(6);
  expect(store.requests).toEqual(['readPage hello limit 6', 'readPage hello <27 limit 2']);
});

describe('tags', () => {
  const ref = { projectName: 'hello', buildNumber: 1 };

  test('are set and removed one by one, also where there were none', async () => {
    store.put(ref);

    expect(await db.setTag(ref, 'a', '1')).toMatchObject({ tags: { a: '1' } });
    expect(await db.setTag(ref, 'b', '2')).toMatchObject({ tags: { a: '1', b: '2' } });
    expect(await db.removeTag(ref, 'a')).toMatchObject({ tags: { b: '2' } });
    expect(await db.removeTag(ref, 'a')).toMatchObject({ tags: { b: '2' } });
    expect(await db.get(ref)).toMatchObject({ tags: { b: '2' } });
  });

  test('belong to an artifact that exists', async () => {
    await expect(db.get(ref)).rejects.toThrow('Artifact hello:1 does not exist');
    await expect(db.setTag(ref, 'a', '1')).rejects.toThrow(ArtifactNotFoundError);
    await expect(db.removeTag(ref, 'a')).rejects.toThrow(ArtifactNotFoundError);
  });

  test('have a name', async () => {
    store.put(ref);

    await expect(db.setTag(ref, '', '1')).rejects.toThrow(InvalidTagError);
    await expect(db.removeTag(ref, '')).rejects.toThrow(InvalidTagError);
  });

  test('record how a deployment ended, and are asked anew', async () => {
    store.put({ ...ref, tags: { SHA: 'abcd' } });
    const seenBefore = await db.get(ref);

    expect(await db.outcome(seenBefore, 'dev', 'c0ffee')).toBeUndefined();
    await db.recordOutcome(seenBefore, 'dev', ['c0ffee'], 'failure');
    expect(await db.outcome(seenBefore, 'dev', 'c0ffee')).toBe('failure');
    await db.recordOutcome(seenBefore, 'dev', ['c0ffee'], 'success');
    expect(await db.outcome(seenBefore, 'dev', 'c0ffee')).toBe('success');
    expect(await db.outcome(seenBefore, 'dev', 'other')).toBeUndefined();
    expect(await db.get(ref)).toMatchObject({
      tags: { SHA: 'abcd', 'deploy-dev-c0ffee': 'success' },
    });
  });
});
