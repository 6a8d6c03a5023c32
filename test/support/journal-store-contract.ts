import { describe, expect, test } from '@jest/globals';
import type { JournalStore } from '../../src/artifactdb/journal.ts';

/** What a test does with a journal store: an empty one, and the clock that it takes the time from. */
export interface JournalScene {
  readonly store: JournalStore;
  /** Milliseconds since 1970. */
  readonly clock: { nowMs: number };
}

/** What every journal store promises. */
export function describeJournalStore(name: string, open: () => JournalScene): void {
  describe(name, () => {
    test('has nothing in a journal that nobody wrote to', async () => {
      const { store } = open();

      expect(await store.read('empty')).toEqual({ entries: [], before: null });
      expect(await store.read('empty', { limit: 5 })).toEqual({ entries: [], before: null });
    });

    test('gives records back as they were, newest first, with their times', async () => {
      const { store, clock } = open();
      const records = ['text', null, { a: [1, true], 'ü\n"': '\u0000' }];

      for (const record of records) {
        clock.nowMs += 60_000;
        expect(await store.append('j', record)).toMatchObject({ record, atMs: clock.nowMs });
      }

      const { entries, before } = await store.read('j');
      expect(entries.map(({ record }) => record)).toEqual(records.toReversed());
      expect(entries.map(({ atMs }) => clock.nowMs - atMs)).toEqual([0, 60_000, 120_000]);
      expect(before).toBeNull();
    });

    test('keeps each journal by itself', async () => {
      const { store } = open();

      await store.append('a', 1);
      await store.append('a b', 2);

      expect((await store.read('a')).entries).toEqual([expect.objectContaining({ record: 1 })]);
    });

    test('keeps the order of records that one writer made within one millisecond', async () => {
      const { store } = open();

      for (const record of [1, 2, 3]) await store.append('j', record);

      const { entries } = await store.read('j');
      expect(entries.map(({ record }) => record)).toEqual([3, 2, 1]);
      expect(new Set(entries.map(({ atMs }) => atMs)).size).toBe(1);
    });

    test('loses none of many that are written at once', async () => {
      const { store } = open();
      const records = Array.from({ length: 20 }, (_, index) => index);

      const written = await Promise.all(records.map((record) => store.append('j', record)));

      const { entries } = await store.read('j');
      expect(entries.map(({ record }) => Number(record)).sort((a, b) => a - b)).toEqual(records);
      expect(new Set(written.map(({ sequence }) => sequence)).size).toBe(20);
    });

    test('is read page by page', async () => {
      const { store, clock } = open();
      for (let record = 1; record <= 7; record++) {
        clock.nowMs++;
        await store.append('j', record);
      }

      const seen: unknown[] = [];
      const sizes: number[] = [];
      for (let before: number | null | undefined; before !== null;) {
        const page = await store.read('j', { before, limit: 3 });
        seen.push(...page.entries.map(({ record }) => record));
        sizes.push(page.entries.length);
        before = page.before;
      }

      expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1]);
      expect(sizes).toEqual([3, 3, 1]);
    });
  });
}
