import { beforeEach, describe, expect, test } from '@jest/globals';
import { ArtifactDb } from '../../../src/artifactdb/artifact-db.ts';
import { MemoryArtifactStore } from '../../support/memory-artifact-store.ts';

const FULL_SHA = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';
const OTHER_FULL_SHA = '1a2b3c4d00000000000000000000000000000000';

let store: MemoryArtifactStore;
let db: ArtifactDb;

beforeEach(() => {
  store = new MemoryArtifactStore();
  db = new ArtifactDb(store);
});

/** The builds of `hello` by number. What is not named has a SHA that is like no other. */
function putBuilds(count: number, shas: Readonly<Record<number, string | null>> = {}): void {
  for (let buildNumber = 1; buildNumber <= count; buildNumber++) {
    const given = shas[buildNumber];
    const sha = given === undefined ? `z${buildNumber}` : given;
    store.put({ projectName: 'hello', buildNumber, tags: sha === null ? null : { SHA: sha } });
  }
}

function found(buildNumber: number, matched: 'exact' | 'prefix') {
  return { kind: 'found', matched, artifact: expect.objectContaining({ buildNumber }) };
}

describe('an equal SHA', () => {
  test('is found, in its newest build', async () => {
    putBuilds(5, { 2: '0012abcd', 4: '0012abcd', 5: null });

    expect(await db.findBySha('hello', '0012abcd')).toEqual(found(4, 'exact'));
  });

  test('need not look like one', async () => {
    putBuilds(2, { 1: 'abcd' });

    expect(await db.findBySha('hello', 'abcd')).toEqual(found(1, 'exact'));
  });

  test('wins over a newer build whose SHA only begins like it', async () => {
    putBuilds(900, { 1: '1a2b3c4d', 900: FULL_SHA });

    expect(await db.findBySha('hello', '1a2b3c4d')).toEqual(found(1, 'exact'));
  });

  test.each([
    [5_000, 1],
    [4_001, 2],
    [4_000, 3],
  ])('ends the search at its page: build %i of 5,000, %i requests', async (build, requests) => {
    putBuilds(5_000, { [build]: 'abcd1234' });

    expect(await db.findBySha('hello', 'abcd1234')).toEqual(found(build, 'exact'));
    expect(store.requests).toHaveLength(requests);
  });
});

describe('a SHA of another length', () => {
  test.each([
    ['8 characters asked for, 40 tagged', '1a2b3c4d', FULL_SHA],
    ['40 characters asked for, 8 tagged', FULL_SHA, '1a2b3c4d'],
    ['7 characters asked for', '1a2b3c4', FULL_SHA],
    ['upper case asked for', '1A2B3C4D', FULL_SHA],
    ['the same length in upper case', '1A2B3C4D', '1a2b3c4d'],
  ])('is found: %s', async (_, sha, tag) => {
    putBuilds(3, { 2: tag });

    expect(await db.findBySha('hello', sha)).toEqual(found(2, 'prefix'));
  });

  test.each([
    ['6 characters asked for', '1a2b3c', FULL_SHA],
    ['6 characters tagged', FULL_SHA, '1a2b3c'],
    ['not hexadecimal', 'release-1', 'release-10'],
    ['an empty one', '', FULL_SHA],
    ['an empty tag', FULL_SHA, ''],
  ])('is not found: %s', async (_, sha, tag) => {
    putBuilds(3, { 2: tag });

    expect(await db.findBySha('hello', sha)).toMatchObject({ kind: 'none' });
  });

  test('is found in its newest build when all tags abbreviate one commit', async () => {
    putBuilds(4, { 1: FULL_SHA, 2: '1a2b3c4d', 3: FULL_SHA.slice(0, 12) });

    expect(await db.findBySha('hello', '1a2b3c4')).toEqual(found(3, 'prefix'));
  });

  test('is ambiguous when two commits begin with it: the newest build of each is named', async () => {
    putBuilds(5, { 1: OTHER_FULL_SHA, 2: FULL_SHA, 4: FULL_SHA });

    expect(await db.findBySha('hello', '1a2b3c4d')).toEqual({
      kind: 'ambiguous',
      candidates: [
        expect.objectContaining({ buildNumber: 4 }),
        expect.objectContaining({ buildNumber: 1 }),
      ],
    });
  });

  test('is decided when the newest 1,000 builds are read', async () => {
    putBuilds(5_000, { 4_999: FULL_SHA, 4_001: OTHER_FULL_SHA });
    expect(await db.findBySha('hello', '1a2b3c4d')).toMatchObject({ kind: 'ambiguous' });

    putBuilds(5_000, { 4_999: FULL_SHA, 4_000: OTHER_FULL_SHA });
    store.requests.length = 0;
    expect(await db.findBySha('hello', '1a2b3c4d')).toEqual(found(4_999, 'prefix'));
    expect(store.requests).toHaveLength(2);
  });

  test('is found further back as well', async () => {
    putBuilds(5_000, { 2_500: FULL_SHA });

    expect(await db.findBySha('hello', '1a2b3c4d')).toEqual(found(2_500, 'prefix'));
    expect(store.requests).toHaveLength(4);
  });
});

describe('a SHA that no build has', () => {
  test('gives those that differ by a slip of the fingers or begin alike', async () => {
    putBuilds(20, {
      3: '1a2bffff', // Begins alike.
      5: 'a12b3c4d', // Swapped.
      7: `1b2b3c4d${'0'.repeat(32)}`, // One other character, and the whole SHA.
      9: '99999999',
      11: null,
      13: '9a2b', // Too short for one slip to mean anything.
    });

    expect(await db.findBySha('hello', '1a2b3c4d')).toMatchObject({
      kind: 'none',
      nearMisses: [{ buildNumber: 7 }, { buildNumber: 5 }, { buildNumber: 3 }],
      buildsRead: 20,
      isWholeProject: true,
    });
  });

  test('gives the newest five when nothing comes close', async () => {
    putBuilds(20);

    expect(await db.findBySha('hello', '1a2b3c4d')).toMatchObject({
      kind: 'none',
      nearMisses: [20, 19, 18, 17, 16].map((buildNumber) => ({ buildNumber })),
    });
  });

  test('gives nothing in an empty project', async () => {
    expect(await db.findBySha('hello', '1a2b3c4d')).toEqual({
      kind: 'none',
      nearMisses: [],
      buildsRead: 0,
      isWholeProject: true,
    });
  });

  test('is given up after so many builds, and says so', async () => {
    putBuilds(5_000, { 1: '1a2b3c4d' });

    const match = await db.findBySha('hello', '1a2b3c4d', { buildsMax: 3_000 });

    expect(match).toMatchObject({ kind: 'none', buildsRead: 3_000, isWholeProject: false });
    expect(store.requests).toHaveLength(4);
  });
});
