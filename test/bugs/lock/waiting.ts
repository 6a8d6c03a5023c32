import type { Bug } from '../bug.ts';

const IN_DEFECTS = 'test/unit/lock/known-defects.test.ts';
const IN_END = 'test/unit/lock/lease-end.test.ts';
const IN_TAKE_OVER = 'test/unit/lock/take-over.test.ts';

/** How somebody else's lock is waited for, taken over and broken. */
export const WAITING_BUGS: readonly Bug[] = [
  {
    id: 'yielded-lock-waited-for',
    defect: 'a lock that was given up still costs a whole lease (dynamolock issue 778)',
    file: 'src/lock/take-over.ts',
    find: 'return holder.leaseDurationMs === 0 ? sinceMs : sinceMs + holder.leaseDurationMs + 1;',
    replace: 'return sinceMs + (holder.leaseDurationMs || 10_000) + 1;',
    caughtBy: { file: IN_DEFECTS, test: 'a lock that was given up is taken over without any wait' },
  },
  {
    id: 'yield-keeps-lease',
    defect: 'giving a lock up does not say so in its record (dynamolock issue 84)',
    file: 'src/lock/lease-writer.ts',
    find: 'leaseDurationMs: ends ? 0 : this.#to.times.leaseDurationMs,',
    replace: 'leaseDurationMs: this.#to.times.leaseDurationMs,',
    caughtBy: {
      file: IN_END,
      test: 'the end a yield leaves the lock held, with a lease that is over',
    },
  },
  {
    id: 'wait-not-cancellable',
    defect: 'waiting for a lock can not be called off (dynamolock issue 106)',
    file: 'src/lock/take-over.ts',
    find: 'await sleep(clock, Math.min(POLL_INTERVAL_MS, remainingMs), signal);',
    replace: 'await sleep(clock, Math.min(POLL_INTERVAL_MS, remainingMs));',
    caughtBy: { file: IN_TAKE_OVER, test: 'whoever waits can be called off' },
  },
  {
    id: 'live-holder-robbed',
    defect: 'a holder that has renewed its lease is not given the whole of it',
    file: 'src/lock/take-over.ts',
    find: 'seen = { holder: current, sinceMs: clock.monotonicMs() };',
    replace: 'seen = { holder: current, sinceMs: seen.sinceMs };',
    caughtBy: {
      file: IN_TAKE_OVER,
      test: 'a holder that is alive that falls silent meanwhile is given a whole lease from its last sign of life',
    },
  },
  {
    id: 'wall-clock-expiry',
    defect: "a holder's silence is measured by the wall clock (dynamodb-lock-rs, fifo-lock-client)",
    file: 'src/lock/take-over.ts',
    find: '  const times = leaseTimes(options);\n  const startMs = clock.monotonicMs();',
    replace: `  const times = leaseTimes(options);
  clock.monotonicMs = () => clock.wallMs();
  const startMs = clock.monotonicMs();`,
    caughtBy: {
      file: IN_DEFECTS,
      test: 'a wall clock that jumps forward makes nobody silent sooner or later',
    },
  },
  {
    id: 'break-leaves-owner',
    defect: "breaking a lock leaves its owner's name, so that a dynamolock owner goes on with it",
    file: 'src/lock/claim.ts',
    find: 'set: encodeFields({ ...request.fields, owner, recordVersionNumber }),',
    replace:
      'set: encodeFields(request.fields.isReleased ? request.fields : { ...request.fields, owner, recordVersionNumber }),',
    caughtBy: {
      file: IN_DEFECTS,
      test: 'breaking a lock takes it from a holder that heeds no mark',
    },
  },
];
