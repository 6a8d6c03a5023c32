import { beforeEach, describe, expect, test } from '@jest/globals';
import { ArtifactDb } from '../../../src/artifactdb/artifact-db.ts';
import { MalformedJournalError } from '../../../src/artifactdb/errors.ts';
import type { TagChange } from '../../../src/artifactdb/tag-change.ts';
import {
  readTagHistory,
  recordTagChange,
  unrecordedTags,
} from '../../../src/artifactdb/tag-history.ts';
import { MemoryArtifactStore } from '../../support/memory-artifact-store.ts';
import { MemoryJournalStore } from '../../support/memory-journal-store.ts';

const ref = { projectName: 'hello', buildNumber: 12 };
const ann = { user: 'ann', host: 'laptop' };
const ci = { user: 'bob', host: 'runner', job: 'https://ci.example/7' };

let nowMs: number;
let store: MemoryArtifactStore;
let journal: MemoryJournalStore;
let db: ArtifactDb;

beforeEach(() => {
  nowMs = 1_767_225_600_000;
  store = new MemoryArtifactStore();
  store.put({ ...ref, tags: { SHA: 'abcd' } });
  journal = new MemoryJournalStore({ wallMs: () => nowMs });
  db = new ArtifactDb(store, {
    onTagChanged: (change) => recordTagChange(journal, change, ann),
  });
});

function change(key: string, before: TagChange['before'], after: string | null): TagChange {
  return { ref, key, before, after };
}

describe('each change of a tag', () => {
  test('is recorded with what was there before, who and when', async () => {
    await db.setTag(ref, 'label', 'a');
    nowMs += 1_000;
    await db.setTag(ref, 'label', 'b');
    nowMs += 1_000;
    await db.removeTag(ref, 'label');

    expect(await readTagHistory(journal, ref, 10)).toEqual({
      changes: [
        { atMs: nowMs, key: 'label', before: 'b', after: null, by: ann },
        { atMs: nowMs - 1_000, key: 'label', before: 'a', after: 'b', by: ann },
        { atMs: nowMs - 2_000, key: 'label', before: null, after: 'a', by: ann },
      ],
      isWhole: true,
    });
  });

  test('is not recorded when it changes nothing, or when it was refused', async () => {
    await db.setTag(ref, 'SHA', 'abcd');
    await db.removeTag(ref, 'none');
    await expect(db.setTag({ ...ref, buildNumber: 99 }, 'a', '1')).rejects.toThrow('99');

    expect((await readTagHistory(journal, ref, 10)).changes).toEqual([]);
  });

  test('is recorded with an unknown value before when an answer was lost', async () => {
    const setTags = store.setTags.bind(store);
    store.setTags = async (...args) => {
      await setTags(...args); // Takes effect; what comes back is of the second attempt.
      const before = await setTags(...args);
      return before && { ...before, mayShowChange: true };
    };

    expect(await db.setTag(ref, 'SHA', 'new')).toMatchObject({ tags: { SHA: 'new' } });

    const { changes } = await readTagHistory(journal, ref, 10);
    expect(changes).toEqual([
      { atMs: nowMs, key: 'SHA', before: undefined, after: 'new', by: ann },
    ]);
  });

  test('leaves outcomes to the history of deploys, and is one request', async () => {
    store.requests.length = 0;

    await db.recordOutcome(ref, 'dev', ['c0ffee', 'content.1'], 'success');

    expect(store.requests).toEqual(['setTags hello:12 deploy-dev-c0ffee deploy-dev-content.1']);
    expect((await readTagHistory(journal, ref, 10)).changes).toEqual([]);
  });
});

test('a history is read in pages, up to the limit', async () => {
  for (let n = 1; n <= 5; n++) await recordTagChange(journal, change('n', null, String(n)), ci);

  const newest = await readTagHistory(journal, ref, 2);

  expect(newest).toMatchObject({
    changes: [{ after: '5', by: ci }, { after: '4' }],
    isWhole: false,
  });
  expect(await readTagHistory(journal, ref, 6)).toMatchObject({ isWhole: true });
  expect((await readTagHistory(journal, { ...ref, buildNumber: 1 }, 5)).changes).toEqual([]);
});

test('what is too long for a record is shortened, and known again', async () => {
  const long = 'x'.repeat(300_000);

  await db.setTag(ref, long, long);

  const { changes } = await readTagHistory(journal, ref, 10);
  const short = `${'x'.repeat(1_000)}… (300000 characters)`;
  expect(changes).toMatchObject([{ key: short, before: null, after: short }]);
  expect(unrecordedTags(await db.get(ref), changes)).toEqual({ SHA: 'abcd' });
});

test('the tags that the records do not explain are told apart', async () => {
  await db.setTag(ref, 'ours', '1');
  await db.setTag(ref, 'changed', '1');
  await db.setTag(ref, 'gone', '1');
  await db.setTag(ref, 'removed', '1');
  await db.removeTag(ref, 'removed');
  await store.setTags(ref, { changed: '2' });
  await store.setTags(ref, { ['__proto__']: 'x' });
  await store.removeTag(ref, 'gone');

  const { changes } = await readTagHistory(journal, ref, 10);
  const unrecorded = unrecordedTags(await db.get(ref), changes);

  expect(new Map(Object.entries(unrecorded))).toEqual(
    new Map([
      ['SHA', 'abcd'],
      ['__proto__', 'x'],
      ['changed', '2'],
      ['gone', null],
    ]),
  );
});

test.each([
  'text',
  null,
  [],
  {},
  { key: 'a', after: 'b', by: 'ann' },
  { key: 'a', after: 'b', by: { user: 'ann' } },
  { key: 'a', by: ann },
  { key: 1, after: 'b', by: ann },
  { key: 'a', before: 1, after: 'b', by: ann },
])('a record of something else is named, not guessed at: %j', async (record) => {
  await journal.append('tags of hello:12', record);

  const reading = readTagHistory(journal, ref, 10);

  await expect(reading).rejects.toThrow(MalformedJournalError);
  await expect(reading).rejects.toThrow(
    'Record 1767225600000000 of the journal "tags of hello:12"',
  );
});
