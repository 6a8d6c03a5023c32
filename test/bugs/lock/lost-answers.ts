import type { Bug } from '../bug.ts';

const IN_ACQUIRE = 'test/unit/lock/acquire.test.ts';
const IN_HEARTBEAT = 'test/unit/lock/lease-heartbeat.test.ts';

/** What an answer that is lost must not cost. */
export const LOST_ANSWER_BUGS: readonly Bug[] = [
  {
    id: 'lost-answer-loses-lock',
    defect: 'a write whose answer was lost is refused when it is repeated (dynamolock issue 280)',
    file: 'src/lock/lease-writer.ts',
    find: "if (failure !== 'unknown') this.#forget(version, sentMs);",
    replace: 'this.#forget(version, sentMs);',
    caughtBy: {
      file: IN_HEARTBEAT,
      test: 'a lost answer of a heartbeat (its answer) costs one request and nothing else',
    },
  },
  {
    id: 'lost-answer-hides-acquisition',
    defect: 'the lock is left to nobody when the answer to its acquisition is lost',
    file: 'src/lock/claim.ts',
    find: 'if (result.current?.[ATTRIBUTE.owner]?.S !== owner) {',
    replace: 'if (!result.written) {',
    caughtBy: {
      file: IN_ACQUIRE,
      test: 'knows its own record again when the answer was lost',
      by: /^Error: Held by /,
    },
  },
  {
    id: 'lost-answer-hides-release',
    defect: 'a release whose answer was lost is reported as a lost lock',
    file: 'src/lock/lease-writer.ts',
    find: "if (current.isReleased && write.kind !== 'release') throw",
    replace: 'if (current.isReleased) throw',
    caughtBy: {
      file: IN_HEARTBEAT,
      test: 'a lost answer of a release (its answer) still ends released',
      by: /^LeaseLostError: .* was released by somebody else/,
    },
  },
  {
    id: 'race-is-an-error',
    defect: 'losing a race for a lock that is free again by then is an error (dynamolock issue 56)',
    file: 'src/lock/acquire.ts',
    find: 'const MAX_RACES = 5;',
    replace: 'const MAX_RACES = 1;',
    caughtBy: {
      file: IN_ACQUIRE,
      test: 'tries again when the lock was released by the time it was looked at',
      by: /^LockStoreError: .* changes hands too quickly/,
    },
  },
];
