/**
 * Goal: a bug bank can't say that a bug is caught when it is not, nor miss that a bug no longer fits.
 * Method: bugs that are wrong in one way each, in one small source with quick tests.
 */
import { afterAll, expect, test } from '@jest/globals';
import { type Bug, withBug } from './bug.ts';
import { TestThread } from './test-thread.ts';
import { faultsOf, verdictOn } from './verdict.ts';

const FILE = 'test/unit/lock/lease-duration.test.ts';
const TEST = 'writes 0 ms as Go does: 0';

const BUG: Bug = {
  id: 'over-is-long',
  defect: 'a lease that is over is written as one of ten seconds',
  file: 'src/lock/lease-duration.ts',
  find: "if (durationMs === 0) return '0';",
  replace: "if (durationMs === 0) return '10s';",
  caughtBy: { file: FILE, test: TEST },
};

const thread = new TestThread();
afterAll(() => thread.close());

/** As in a bank. */
async function verdict(bug: Bug) {
  const { file, test = TEST } = bug.caughtBy;
  return verdictOn(bug, await thread.run({ file, bug, tests: [test] }));
}

test('a bug is caught by a test that passes without it and fails with it', async () => {
  expect(faultsOf(await thread.run({ file: FILE }), [TEST])).toEqual([]);
  expect(await verdict(BUG)).toEqual({ isCaught: true });
});

test('a bug is in the sources of one run only', async () => {
  await thread.run({ file: FILE, bug: BUG });

  expect(faultsOf(await thread.run({ file: FILE }), undefined)).toEqual([]);
});

test.each([
  ['is not there', { find: 'if (durationMs === 0) return null;' }, 'is not in src/lock/'],
  ['is there twice', { find: 'minutes > 0 ?' }, 'is 2 times in src/lock/'],
  ['stays what it is', { replace: BUG.find }, 'replaces a text with itself'],
])('a bug is refused when what it replaces %s', (_, change, problem) => {
  const source = `${BUG.find} minutes > 0 ? minutes > 0 ?`;

  expect(() => withBug(source, { ...BUG, ...change })).toThrow(problem);
});

test.each<[string, Partial<Bug>, string]>([
  ['that does not fit its file', { find: 'no such text' }, 'The bug "over-is-long" doesn\'t fit'],
  [
    'in a file that its test does not load',
    { file: 'src/lock/lease.ts', find: 'export class Lease {', replace: 'export class Lease { ' },
    `which ${FILE} doesn't load`,
  ],
  ['that is no code', { replace: 'if (' }, 'Build failed'],
])('a bug %s is refused before any test runs', async (_, change, problem) => {
  await expect(verdict({ ...BUG, ...change })).rejects.toThrow(problem);
});

test.each<[string, Partial<Bug>, string]>([
  [
    'changes nothing that anybody can see',
    { replace: "if (durationMs <= 0) return '0';" },
    'The tests pass all the same.',
  ],
  [
    'is caught by another test than it says',
    { caughtBy: { file: FILE, test: 'refuses to write a duration of -1 ms' } },
    'The tests pass all the same.',
  ],
  ['names no test', { caughtBy: { file: FILE, test: 'x' } }, 'There is no such test: x'],
  [
    'makes its test throw what nobody expected',
    { replace: 'if (durationMs === 0) return missing;' },
    'The tests fail otherwise: ReferenceError: missing is not defined',
  ],
  [
    'throws as it is loaded',
    { find: 'const MAX_MS = ', replace: 'const MAX_MS = missing + ' },
    'Something broke: ReferenceError: missing is not defined',
  ],
  [
    'ends the process',
    { replace: 'if (durationMs === 0) process.exit();' },
    'Something broke: The thread ended with 0.',
  ],
])('a bug that %s is not caught', async (_, change, why) => {
  expect(await verdict({ ...BUG, ...change })).toEqual({ isCaught: false, why });
});

test('a bug may say which error catches it', async () => {
  const throws = { ...BUG, replace: 'if (durationMs === 0) return missing;' };

  const [right, wrong] = [/^ReferenceError: missing/, /^TypeError/].map((by) => ({
    ...throws,
    caughtBy: { ...BUG.caughtBy, by },
  }));

  expect(right && (await verdict(right))).toEqual({ isCaught: true });
  expect(wrong && (await verdict(wrong))).toMatchObject({ isCaught: false });
});

test('a bug that makes its test run for ever is caught only if it says so', async () => {
  const endless: Bug = { ...BUG, replace: 'while (durationMs === 0);' };
  const says: Bug = { ...endless, caughtBy: { ...BUG.caughtBy, by: 'hang' } };

  const run = await thread.run({ file: FILE, bug: endless, tests: [TEST], limitMs: 200 });

  const why = `This test never ended: ${TEST}`;
  expect(verdictOn(endless, run)).toEqual({ isCaught: false, why });
  expect(verdictOn(says, run)).toEqual({ isCaught: true });
});

test('a test that waits for what never comes hangs at once, and the next run is none the worse', async () => {
  const never: Bug = {
    ...BUG,
    file: 'src/clock.ts',
    find: '      resolve();\n',
    replace: '',
    caughtBy: { file: 'test/unit/clock.test.ts', by: 'hang' },
  };
  const file = never.caughtBy.file;

  const run = await thread.run({ file, bug: never, limitMs: 3_600_000 });

  expect(run.hung).toBe('a sleep ends when its time has come, and not before');
  expect(verdictOn(never, run)).toEqual({ isCaught: true });
  expect(faultsOf(await thread.run({ file }), undefined)).toEqual([]);
});

test('an error that nobody waits for counts against the test that runs', async () => {
  const stray = 'void Promise.reject(new Error("Nobody waits."));';
  const bug = { ...BUG, replace: `${stray} ${BUG.find}` };

  const run = await thread.run({ file: FILE, bug, tests: [TEST] });

  expect(run).toEqual({
    tests: [
      {
        name: TEST,
        failures: [{ message: 'Error: Nobody waits.', isAssertion: false }],
      },
    ],
    errors: [],
  });
});

test('a file finds what is beside it, as in Jest', async () => {
  const file = 'test/unit/package-lock.test.ts'; // Reads package-lock.json from the root.

  expect(faultsOf(await thread.run({ file }), undefined)).toEqual([]);
});

test('tests that do not pass without a bug are no proof', async () => {
  const tests = [TEST, 'x'];

  const run = await thread.run({ file: FILE, bug: BUG, tests });

  expect(faultsOf(run, tests)).toEqual([
    expect.stringMatching(new RegExp(`^${TEST}: `)),
    'There is no such test: x',
  ]);
});
