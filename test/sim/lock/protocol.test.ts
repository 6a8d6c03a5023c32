import { describe, expect, test } from '@jest/globals';
import { OURS, type Protocol, type Violation } from './protocol.ts';
import { search } from './search.ts';

/*
 * Goal: the rules of the lock keep their promises in every order in which things can happen, and each
 * of them is needed.
 * Method: all runs of two clients with two requests each under way, and of a person who breaks the
 * lock, are searched to the end. Then one rule at a time is weakened, and the search must find what
 * that rule prevents. The shortest run to it is written out below: read it to see why the rule exists.
 */
const TWO_OWNERS: Violation = 'two clients may both change something';

test('in every run at most one client may change something, and no write comes after its end', () => {
  const result = search(OURS, { isUnified: true });

  // Fewer or more states mean that the rules, or what can happen, have changed.
  expect(result).toEqual({ states: 123_521, steps: 1_149_244 });
}, 120_000);

/** The smallest lease that there is: it lasts until time has passed once. */
const COARSE: Protocol = { ...OURS, leaseTicks: 1, takeOverAfterTicks: 1, breakAfterTicks: 1 };

interface Weakness {
  readonly name: string;
  readonly change: Partial<Protocol>;
  readonly violation: Violation;
  readonly run: readonly string[];
}

const WEAKNESSES: readonly Weakness[] = [
  {
    name: 'a renewal that requires nothing but its owner, so that an old one undoes a new one',
    change: { renewRequires: 'owner only' },
    violation: 'the record goes back',
    run: [
      ...acquired('A'),
      'A sends: renew',
      'A sends: renew',
      'the renew of A arrives', // The second one.
      'the renew of A arrives',
    ],
  },
  {
    name: 'a renewal that knows only what was confirmed, so that a lost answer loses the lock',
    change: { renewRequires: 'confirmed' },
    violation: 'an owner believes to have lost what it has',
    run: [
      'A sends: acquire',
      'A sends: acquire once more',
      'the acquire of A arrives',
      'the acquire of A is answered',
      'A sends: renew',
      'the renew of A arrives',
      'A sends: renew',
      'the renew of A arrives and is refused',
      'the renew of A is answered: refused',
    ],
  },
  {
    name: 'a lease that counts from the answer',
    change: { leaseFrom: 'answer' },
    violation: TWO_OWNERS,
    run: [
      'A sends: acquire',
      'the acquire of A arrives',
      'time passes',
      'B sends: take over',
      'the acquire of A is answered',
      'the take over of B arrives',
      'the take over of B is answered',
    ],
  },
  {
    name: 'an owner that goes on until its release is confirmed',
    change: { rightEndsWith: 'answer' },
    violation: TWO_OWNERS,
    run: [
      'A sends: acquire',
      'B sends: acquire',
      'the acquire of A arrives',
      'the acquire of A is answered',
      'A sends: release',
      'the release of A arrives',
      'the acquire of B arrives',
      'the acquire of B is answered',
    ],
  },
  {
    name: 'a take-over after less than a lease',
    change: { takeOverAfterTicks: 0 },
    violation: TWO_OWNERS,
    run: [
      'A sends: acquire',
      'the acquire of A arrives',
      'B sends: take over',
      'the acquire of A is answered',
      'the take over of B arrives',
      'the take over of B is answered',
    ],
  },
  {
    name: 'a take-over that does not require the version that was silent',
    change: { takeOverRequires: 'held' },
    violation: TWO_OWNERS,
    run: [
      'A sends: acquire',
      'the acquire of A arrives',
      'time passes',
      'A is killed',
      'A sends: take over', // A new process, on the same side.
      'B sends: take over',
      'the take over of A arrives',
      'the take over of B arrives',
      'the take over of A is answered',
      'the take over of B is answered',
    ],
  },
  {
    name: 'a silence that counts from when the record was asked for',
    change: { silenceFrom: 'request' },
    violation: TWO_OWNERS,
    run: [
      'A asks',
      'time passes',
      'B sends: acquire',
      'the acquire of B arrives',
      'A sends: take over',
      'the acquire of B is answered',
      'the take over of A arrives',
      'the take over of A is answered',
    ],
  },
  {
    name: 'a released lock that is acquired without removing the mark',
    change: { acquireRemovesMark: false },
    violation: TWO_OWNERS,
    run: [
      'A sends: acquire',
      'the acquire of A arrives',
      'time passes',
      'A is killed',
      'A sends: acquire',
      'B sends: acquire',
      'a person breaks the lock',
      'the acquire of A arrives',
      'the acquire of B arrives',
      'the acquire of A is answered',
      'the acquire of B is answered',
    ],
  },
  {
    name: 'a person who breaks the lock of an owner that is alive',
    change: { breakAfterTicks: 0 },
    violation: TWO_OWNERS,
    run: [
      'A sends: acquire',
      'B sends: acquire',
      'the acquire of A arrives',
      'the acquire of A is answered',
      'a person breaks the lock',
      'the acquire of B arrives',
      'the acquire of B is answered',
    ],
  },
  {
    name: 'a break that leaves the name, so that the owner takes the mark for its own',
    change: { breakChanges: 'version' },
    violation: 'a write counts as confirmed that was never made',
    run: [
      'A sends: acquire',
      'the acquire of A arrives',
      'time passes',
      'the acquire of A is answered',
      'A sends: release',
      'a person breaks the lock',
      'the release of A arrives and is refused',
      'the release of A is answered: refused',
    ],
  },
  {
    name: 'a break that only sets the mark, and renewals that do not look at it, as in dynamolock',
    change: { breakChanges: 'mark only', renewLooksAtMark: false },
    violation: TWO_OWNERS,
    run: [
      'A sends: acquire',
      'the acquire of A arrives',
      'time passes',
      'B sends: acquire',
      'the acquire of A is answered',
      'A sends: renew',
      'a person breaks the lock',
      'the renew of A arrives',
      'the acquire of B arrives',
      'the renew of A is answered',
      'the acquire of B is answered',
    ],
  },
  {
    name: 'a release that keeps the version, and renewals that do not look at the mark',
    change: { releaseChangesVersion: false, renewLooksAtMark: false },
    violation: 'a late write is made after the end of its owner',
    run: [
      ...acquired('A'),
      'A sends: renew',
      'A sends: release',
      'the release of A arrives',
      'the renew of A arrives',
    ],
  },
];

describe('it does not hold any more with', () => {
  test.each(WEAKNESSES)('$name', ({ change, violation, run }) => {
    // A weak protocol may have several faults; this is the one that the rule is there for.
    const { counterexample } = search({ ...COARSE, ...change }, { only: violation });

    expect(counterexample).toEqual({ violation, run });
  });
});

/*
 * An attempt for a free lock is one request, and so has no version to require. What follows is left
 * out of the search above.
 */
describe('an attempt for a free lock that is under way for longer than its whole deploy', () => {
  const outlived = { ...COARSE, claimsOutliveTheirUse: true };

  test('would take the lock again that its deploy has released, if it did not know its own name', () => {
    const { counterexample } = search({
      ...outlived,
      breakAfterTicks: Infinity,
      acquireKnowsItself: false,
    });

    expect(counterexample?.run).toEqual([
      'A sends: acquire',
      'A sends: acquire once more',
      'the acquire of A arrives',
      'the acquire of A is answered',
      'A sends: release',
      'the release of A arrives',
      'the acquire of A arrives',
    ]);
  });

  test('is refused by its own name, until somebody else has had the lock and freed it', () => {
    const { counterexample } = search({ ...outlived, breakAfterTicks: Infinity });

    expect(counterexample?.run).toEqual([
      'A sends: acquire',
      'A sends: acquire once more',
      'the acquire of A arrives',
      'the acquire of A is answered',
      'A sends: yield',
      'the yield of A arrives',
      'a person breaks the lock',
      'the acquire of A arrives',
    ]);
  });
});

function acquired(name: string): string[] {
  const what = `the acquire of ${name}`;
  return [`${name} sends: acquire`, `${what} arrives`, `${what} is answered`];
}
