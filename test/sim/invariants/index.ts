import type { Checker, CheckerTools } from './checker.ts';
import { commandChecker } from './commands.ts';
import { endingChecker } from './ending.ts';
import { leaseChecker } from './lease.ts';
import { livenessChecker } from './liveness.ts';
import { lockItemChecker } from './lock-item.ts';
import { servingChecker } from './serving.ts';
import { taskSetChecker } from './task-sets.ts';

/** What must hold, and where it is looked at. */
export interface Invariant {
  readonly number: number;
  readonly text: string;
  /** Where else, for what the simulation can't see or need not repeat. */
  readonly elsewhere?: string;
}

/** The numbers are those of the specification, which people quote. */
export const INVARIANTS: readonly Invariant[] = [
  { number: 0, text: 'A deploy ends with a result or with an error that it understands.' },
  { number: 1, text: 'What serves has all its healthy targets at every instant.' },
  { number: 2, text: 'The targets that serve belong to one task set.' },
  { number: 3, text: 'Traffic moves only to a steady task set, all of whose targets are healthy.' },
  { number: 4, text: 'A task set is created on a colour that has none.' },
  { number: 5, text: 'Nothing that serves is scaled down or deleted.' },
  { number: 6, text: 'PRIMARY is never scaled down or deleted.' },
  { number: 7, text: 'What a deploy began with is left alone by it and its resumes.' },
  { number: 8, text: 'PRIMARY serves, except between the swap and the step after it.' },
  { number: 9, text: 'After a deploy the new set is PRIMARY and serves; the original stands by.' },
  { number: 10, text: 'After a deploy there are the new set and the original, and no other.' },
  { number: 11, text: 'A resume ends where the deploy would have ended.' },
  { number: 12, text: 'A start-over ends where a fresh deploy would have ended.' },
  { number: 13, text: 'Each attempt creates one task set, and crashes alone make no new attempt.' },
  { number: 14, text: 'The priorities are always the same two numbers.' },
  { number: 15, text: 'Only the owner of the lock changes anything.' },
  { number: 16, text: 'No change is sent on a lease that is old, suspect or lost.' },
  { number: 17, text: 'No step takes effect before its number is in the lock.' },
  { number: 18, text: 'The lock’s item never goes back.' },
  { number: 19, text: 'The original tool can read the lock’s item at every moment.' },
  { number: 20, text: 'Success is recorded of what serves, and goes with Done.' },
  {
    number: 21,
    text: 'What can be refused at the start is refused untouched.',
    elsewhere: 'test/sandbox/deploy/refusals.test.ts',
  },
  { number: 22, text: 'A refusal leaves the lock’s item as it was.' },
  { number: 23, text: 'Commands run at their time, in order, and not again once recorded.' },
  { number: 24, text: 'Nobody writes the lock after releasing it.' },
  { number: 25, text: 'There are at most three task sets more than at the start.' },
  { number: 26, text: 'A deploy that failed is to be found in the lock, or has left nothing.' },
  { number: 27, text: 'When the faults are over, a deploy comes to its end.' },
  {
    number: 28,
    text: 'The lock holds no secret.',
    elsewhere: 'test/unit/report/redactor.test.ts for logs and reports',
  },
  { number: 29, text: 'A task set is deleted only when its tasks have stopped.' },
];

export function textOf(number: number): string {
  return INVARIANTS.find((each) => each.number === number)?.text ?? `Invariant ${number}.`;
}

export function makeCheckers(tools: CheckerTools): readonly Checker[] {
  return [
    servingChecker(tools),
    taskSetChecker(tools),
    leaseChecker(tools),
    lockItemChecker(tools),
    commandChecker(tools),
    endingChecker(tools),
    livenessChecker(tools),
  ];
}
