import type { Bug } from './bug.ts';
import type { Failure, TestRun } from './test-thread.ts';

/** Whether a bug is caught as its catcher says, and otherwise what happens instead. */
export type Verdict = { readonly isCaught: true } | { readonly isCaught: false; why: string };

/** Judges a run of the tests with the bug in the sources. */
export function verdictOn({ caughtBy }: Bug, run: TestRun): Verdict {
  const { test, by = 'assertion' } = caughtBy;
  const missed = (why: string): Verdict => ({ isCaught: false, why });
  if (run.errors.length > 0) return missed(`Something broke: ${run.errors.join('\n')}`);
  if (run.hung !== undefined) {
    const isMeant = by === 'hang' && (test === undefined || test === run.hung);
    return isMeant ? { isCaught: true } : missed(`This test never ended: ${run.hung}`);
  }
  const concerned = run.tests.filter(({ name }) => test === undefined || name === test);
  if (concerned.length === 0) return missed(noneRan(test));
  const failures = concerned.flatMap(({ failures }) => failures);
  if (failures.length === 0) return missed('The tests pass all the same.');
  if (failures.some((failure) => isMeant(failure, by))) return { isCaught: true };
  const [first] = failures;
  return missed(`The tests fail otherwise: ${first?.message}`);
}

function isMeant({ isAssertion, message }: Failure, by: 'assertion' | 'hang' | RegExp): boolean {
  if (by instanceof RegExp) return by.test(message);
  return by === 'assertion' && isAssertion;
}

/**
 * Judges a run on the sources as they are: what the tests say under a bug counts only if they pass
 * without one.
 * @returns what is wrong, one line each.
 */
export function faultsOf(run: TestRun, tests: readonly string[] | undefined): string[] {
  const ran = new Set(run.tests.map(({ name }) => name));
  const isEmpty = run.hung === undefined && run.errors.length === 0 && ran.size === 0;
  return [
    ...run.errors,
    ...(run.hung === undefined ? [] : [`This test never ended: ${run.hung}`]),
    ...run.tests.flatMap(({ name, failures }) =>
      failures.map(({ message }) => `${name}: ${message}`),
    ),
    ...(tests ?? []).filter((test) => !ran.has(test)).map(noneRan),
    ...(isEmpty ? [noneRan(undefined)] : []),
  ];
}

function noneRan(test: string | undefined): string {
  return test === undefined ? 'No test ran.' : `There is no such test: ${test}`;
}
