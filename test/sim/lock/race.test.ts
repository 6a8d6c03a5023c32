import { test } from '@jest/globals';
import { assertHolds } from '../suites/in-worker.ts';

/*
 * Goal: whatever the network and the machines do, two owners never both have the right to change
 * something, no confirmed checkpoint is undone, the old tool can always read the record, and when the
 * trouble is over the lock can be had again.
 * Method: thousands of short schedules on a virtual clock, each with its own mixture of lost, late,
 * copied and refused requests, of processes that are stopped, put to sleep, cut off and killed, and of
 * wall clocks that are set.
 * Everything is looked at after each event. A failure shows its schedule and names its seed:
 * `LOCK_SEED=17 npm run jest -- race` runs that one again, `LOCK_SEED=1-50000` a few more.
 */
const LIMIT_MS = 600_000;

test.each([
  ['two of ours', 'lock-races-ours'],
  ['ours and the old tool', 'lock-races-old'],
  ['three of ours and the old tool', 'lock-races-many'],
] as const)(
  '%s never both have the right, lose no checkpoint, and leave a lock that can be had',
  (_, suite) => assertHolds(suite),
  LIMIT_MS,
);
