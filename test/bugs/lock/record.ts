import type { Bug } from '../bug.ts';

const IN_ACQUIRE = 'test/unit/lock/acquire.test.ts';
const IN_DEFECTS = 'test/unit/lock/known-defects.test.ts';
const IN_HEARTBEAT = 'test/unit/lock/lease-heartbeat.test.ts';
const IN_ITEM = 'test/unit/lock/item.test.ts';
const IN_LOSS = 'test/unit/lock/lease-loss.test.ts';
const IN_TAKE_OVER = 'test/unit/lock/take-over.test.ts';

/** What is in the record, and what it means. */
export const RECORD_BUGS: readonly Bug[] = [
  {
    id: 'old-data-stays',
    defect: "a fresh deploy shows the previous one's data until its first checkpoint (dynamolock)",
    file: 'src/lock/acquire.ts',
    find: 'fields: { leaseDurationMs, data },',
    replace: 'fields: { leaseDurationMs },',
    caughtBy: { file: IN_DEFECTS, test: 'a fresh owner never shows the data of the one before' },
  },
  {
    id: 'heartbeat-replaces-data',
    defect: "a heartbeat replaces the data it does not know (Java's lock client, replaceData)",
    file: 'src/lock/lease-writer.ts',
    find: 'data: write.data,',
    replace: 'data: write.data ?? new Uint8Array(),',
    caughtBy: {
      file: IN_HEARTBEAT,
      test: 'heartbeats go out one interval after the last write was sent, with a new version each',
    },
  },
  {
    id: 'take-over-restores-old-data',
    defect:
      'taking over writes back the data as it was first seen, not as it was left (dynamolock)',
    file: 'src/lock/take-over.ts',
    find: "fields: { leaseDurationMs, data: typeof data === 'function' ? data(holder) : data },",
    replace: 'fields: { leaseDurationMs, data: data ?? options.seen.data },',
    caughtBy: {
      file: IN_DEFECTS,
      test: 'taking over keeps the last checkpoint, not the first one seen',
    },
  },
  {
    id: 'mark-stays',
    defect:
      'the mark of the release stays on the lock when it is acquired (Java, pull request 114)',
    file: 'src/lock/acquire.ts',
    find: 'remove: [ATTRIBUTE.isReleased],',
    replace: 'remove: [],',
    caughtBy: {
      file: IN_ACQUIRE,
      test: 'takes a released lock, hands over what was in it and keeps what it does not know',
    },
  },
  {
    id: 'foreign-mark-livelocks',
    defect:
      'a mark that is not the string "1" is read as released, but never acquired (dynamolock)',
    file: 'src/lock/item.ts',
    find: 'if (value.S !== RELEASED) {',
    replace: 'if (value === undefined) {',
    caughtBy: {
      file: IN_ACQUIRE,
      test: 'refuses an item whose isReleased is {"BOOL":true}, and leaves it alone',
    },
  },
  {
    id: 'missing-lease-is-over',
    defect: 'an item without a lease is stolen at once (dynamolock)',
    file: 'src/lock/item.ts',
    find: 'const text = requiredString(key, item, ATTRIBUTE.leaseDuration);',
    replace: "const text = item[ATTRIBUTE.leaseDuration]?.S ?? '0';",
    caughtBy: {
      file: IN_ITEM,
      test: 'refuses, and says what is wrong with, a lease that is missing',
    },
  },
  {
    id: 'deleted-item-crashes',
    defect:
      'a heartbeat dereferences nil when the item was deleted (dynamolock v5, retryHeartbeat)',
    file: 'src/lock/lease-writer.ts',
    find: "if (!item) throw this.#lost('deleted');",
    replace: 'if (!item) throw new TypeError("Cannot read properties of undefined");',
    caughtBy: {
      file: IN_LOSS,
      test: 'the lease is lost for good when the item was deleted, even if the last answer was lost',
    },
  },
  {
    id: 'milliseconds-as-seconds',
    defect:
      'milliseconds are added as seconds: a lease of 10 s lasts 10 ms (dynamodb-lock-manager)',
    file: 'src/lock/lease-duration.ts',
    find: '  s: 1_000,',
    replace: '  s: 1,',
    caughtBy: {
      file: IN_TAKE_OVER,
      test: 'a holder that is silent is replaced when its lease is over, to the millisecond, with its data kept',
    },
  },
];
