import type { Bug } from '../bug.ts';

const IN_ACQUIRE = 'test/unit/lock/acquire.test.ts';
const IN_DEFECTS = 'test/unit/lock/known-defects.test.ts';
const IN_LOSS = 'test/unit/lock/lease-loss.test.ts';

/** How long a lease lasts, for its owner. */
export const LEASE_BUGS: readonly Bug[] = [
  {
    id: 'guard-ignores-remaining',
    defect: 'a change may begin in the last moment of the lease (Java issues 1 and 62)',
    file: 'src/lock/lease.ts',
    find: 'if (this.remainingMs() < this.#times.mutationMarginMs) {',
    replace: 'if (this.remainingMs() <= 0) {',
    caughtBy: { file: IN_LOSS, test: 'changes may begin only while half of the lease is left' },
  },
  {
    id: 'lease-from-answer',
    defect: 'a lease is renewed from when the answer came, not from when the write was sent',
    file: 'src/lock/lease-writer.ts',
    find: 'this.#lastFailure = undefined;\n    return nowMs;',
    replace: 'this.#lastFailure = undefined;\n    return clock.monotonicMs();',
    caughtBy: {
      file: IN_DEFECTS,
      test: 'a slow answer renews the lease from when its heartbeat was sent',
    },
  },
  {
    id: 'first-lease-from-answer',
    defect: 'the first lease is counted from the attempt that got through, not from the first one',
    file: 'src/lock/claim.ts',
    find: 'return { won: true, owner, recordVersionNumber, sentMs, previous: undefined };',
    replace:
      'return { won: true, owner, recordVersionNumber, sentMs: clock.monotonicMs(), previous: undefined };',
    caughtBy: {
      file: IN_ACQUIRE,
      test: 'counts the lease from the first attempt, not from the one that got through',
    },
  },
  {
    id: 'outage-extends-lease',
    defect: 'a lease goes on without a write while the table is away (Java, holdLockOnService…)',
    file: 'src/lock/lease-writer.ts',
    find: "if (failure === 'invalid') throw error;\n      return undefined;",
    replace:
      "if (failure === 'invalid') throw error;\n      return failure === 'unknown' ? nowMs : undefined;",
    caughtBy: {
      file: IN_LOSS,
      test: 'the lease is lost for good at its very end, when the connection breaks',
    },
  },
  {
    id: 'pause-drops-lock',
    defect: 'an owner that was paused gives up a lock that is still its own (dynamolock)',
    file: 'src/lock/lease-clock.ts',
    find: 'if (nowMs - dueMs > this.#pauseMs) this.#wokenAtMs = nowMs;',
    replace: '',
    caughtBy: {
      file: IN_LOSS,
      test: 'after a pause that outlasted the lease nothing may change until the store has confirmed that nobody took it',
    },
  },
  {
    id: 'sleep-not-counted',
    defect:
      "the owner's lease stands still while its machine sleeps (Go's monotonic clock on Linux)",
    file: 'src/lock/lease-clock.ts',
    find: 'return monotonicMs + this.#jumpedMs;',
    replace: 'return monotonicMs;',
    caughtBy: {
      file: IN_LOSS,
      test: 'after a pause that outlasted the lease a sleep that only the wall clock saw counts as well',
    },
  },
  {
    id: 'owner-trusts-wall-clock',
    defect: 'a wall clock that is set back lengthens the lease',
    file: 'src/lock/lease-clock.ts',
    find: 'if (gainedMs > JUMP_MS) this.#jumpedMs += gainedMs;',
    replace: 'if (Math.abs(gainedMs) > JUMP_MS) this.#jumpedMs += gainedMs;',
    caughtBy: {
      file: IN_LOSS,
      test: 'after a pause that outlasted the lease a wall clock that is set back changes nothing, and hides no sleep that follows',
    },
  },
  {
    id: 'reason-lost',
    defect: 'nobody can tell an outage from a theft when the lease is lost (Java issue 6)',
    file: 'src/lock/lease.ts',
    find: "this.#lose(new LeaseLostError('expired', { key: this.key, cause }));",
    replace: "this.#lose(new LeaseLostError('taken', { key: this.key, cause }));",
    caughtBy: {
      file: IN_LOSS,
      test: 'the lease is lost for good at its very end, when the credentials have run out',
    },
  },
];
