import type { Bug } from '../bug.ts';

const IN_GUARD = 'test/sandbox/aws/mutation-guard.test.ts';

/** The last gate before a change. */
export const GUARD_BUGS: readonly Bug[] = [
  {
    id: 'guard-before-retries-only',
    defect: "the lease is asked before a call, but not before each of the SDK's own attempts",
    file: 'src/aws/mutation-guard.ts',
    find: "{ step: 'deserialize', priority: 'low', name: 'ecsDeployMutationGuard' },",
    replace: "{ step: 'build' as 'deserialize', priority: 'low', name: 'ecsDeployMutationGuard' },",
    caughtBy: { file: IN_GUARD, test: 'each of the SDK’s attempts asks again' },
  },
  {
    id: 'guard-lets-unknown-pass',
    defect: 'a call that the guard has no name for passes it',
    file: 'src/aws/mutation-guard.ts',
    find: 'if (isRead(commandName)) return next(attempt);',
    replace: 'if (!/^(?:Create|Put|Update|Delete)/.test(commandName)) return next(attempt);',
    caughtBy: {
      file: IN_GUARD,
      test: 'what the guard refuses never arrives, and is thrown as it is',
    },
  },
];
