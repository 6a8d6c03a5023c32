import { type CircusEvent, type CircusNode, runner } from './jest-globals.ts';
import type { Failure, TestRun, WorkerTask } from './test-thread.ts';

/**
 * Runs the tests that the test file of the same bundle has described.
 * @param onStart Told the full name of each test that starts, for it may never end.
 */
export async function runCollected(
  { tests, limitMs }: WorkerTask,
  onStart: (test: string) => void,
): Promise<TestRun> {
  const pattern = tests && new RegExp(`^(?:${tests.map(literally).join('|')})$`);
  // Whoever started this thread ends it before.
  const testTimeout = limitMs * 2;
  runner.setState({ ...runner.getState(), testNamePattern: pattern, testTimeout });
  const strays = watchStrays(onStart);
  try {
    const { testResults, unhandledErrorsDetailed } = await runner.run();
    const errors = [...unhandledErrorsDetailed.map(toFailure), ...strays.during(undefined)];
    return {
      tests: testResults
        .filter(({ status }) => status === 'done')
        .map(({ testPath, errorsDetailed }) => {
          const name = testPath.slice(1).join(' ');
          return { name, failures: [...errorsDetailed.map(toFailure), ...strays.during(name)] };
        }),
      errors: errors.map(({ message }) => message),
    };
  } finally {
    strays.stop();
  }
}

/** Errors that nobody waits for count against the test that runs meanwhile. */
function watchStrays(onStart: (test: string) => void) {
  let current: string | undefined;
  const found: { readonly during: string | undefined; readonly failure: Failure }[] = [];
  const onStray = (error: unknown) => {
    found.push({ during: current, failure: toFailure(error) });
  };
  const onEvent = async ({ name, test }: CircusEvent) => {
    if (name === 'test_started' && test) {
      current = fullName(test);
      onStart(current);
    } else if (name === 'test_done') {
      // A rejection counts as unhandled only once nothing is left to be done at once.
      await new Promise(setImmediate);
      current = undefined;
    }
  };
  process.on('unhandledRejection', onStray).on('uncaughtException', onStray);
  runner.addEventHandler(onEvent);
  return {
    during: (test: string | undefined): Failure[] =>
      found.filter(({ during }) => during === test).map(({ failure }) => failure),
    stop() {
      process.off('unhandledRejection', onStray).off('uncaughtException', onStray);
      runner.removeEventHandler(onEvent);
    },
  };
}

function fullName(test: CircusNode): string {
  const names: string[] = [];
  for (let node = test; node.parent; node = node.parent) names.unshift(node.name);
  return names.join(' ');
}

function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

function toFailure(error: unknown): Failure {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { message, isAssertion: isAssertion(error) };
}

/** Also when something that repeats assertions, as fast-check does, has wrapped it. */
function isAssertion(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const isOwn = error.constructor.name === 'JestAssertionError' || 'matcherResult' in error;
  return isOwn || isAssertion(error.cause);
}
