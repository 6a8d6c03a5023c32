import { afterAll, describe, expect, test } from '@jest/globals';
import type { Bug } from './bug.ts';
import { TestThread } from './test-thread.ts';
import { faultsOf, verdictOn } from './verdict.ts';

/**
 * Describes the tests of a bug bank: that the tests which are to catch its bugs pass on the sources as
 * they are, and that with any one of the bugs in a copy of them the test that it names fails.
 */
export function testBank(bugs: readonly Bug[]): void {
  const thread = new TestThread();
  afterAll(() => thread.close());

  test('every bug has a name of its own', () => {
    const ids = bugs.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  test.each([...new Set(bugs.map(({ caughtBy }) => caughtBy.file))])(
    'without a bug, %s passes',
    async (file) => {
      const tests = testsNamed(bugs, file);

      expect(faultsOf(await thread.run({ file, tests }), tests)).toEqual([]);
    },
  );

  describe('is caught:', () => {
    test.each(bugs.map((bug) => ({ ...bug, bug })))('$id: $defect', async ({ bug }) => {
      const { file, test } = bug.caughtBy;

      const run = await thread.run({ file, bug, tests: test === undefined ? undefined : [test] });

      expect(verdictOn(bug, run)).toEqual({ isCaught: true });
    });
  });
}

/** The tests of a file that some bug names; undefined, for all of them, when one names none. */
function testsNamed(bugs: readonly Bug[], file: string): readonly string[] | undefined {
  const named = bugs
    .map(({ caughtBy }) => caughtBy)
    .filter((catcher) => catcher.file === file)
    .map(({ test }) => test);
  const tests = named.filter((test) => test !== undefined);
  return tests.length === named.length ? [...new Set(tests)] : undefined;
}
