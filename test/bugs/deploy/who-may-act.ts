import type { Bug } from '../bug.ts';
import { sandbox, slice } from './caught-by.ts';

const GATE = 'src/deploy/mutation-gate.ts';
const COMMANDS = 'src/deploy/steps/run-commands.ts';
const STEPS = 'src/deploy/steps/index.ts';

export const WHO_MAY_ACT_BUGS: readonly Bug[] = [
  {
    id: 'gate-always-open',
    defect: 'changes are made on a lease that has run out',
    file: GATE,
    find: '    this.#held().assertCanMutate();\n',
    replace: '    this.#held();\n',
    also: [
      {
        file: GATE,
        find: 'const ready = this.#held().untilCanMutate();',
        replace: 'const ready = Promise.resolve(this.#held()).then(() => {});',
      },
    ],
    caughtBy: slice('schedules 60 to 70'),
  },
  {
    id: 'commands-not-gated',
    defect: 'a command is started on a lease that has run out',
    file: GATE,
    find: '      await gate.untilCanMutate();\n      gate.assertCanMutate();\n      await commands',
    replace: '      void gate;\n      await commands',
    caughtBy: {
      file: 'test/unit/deploy/mutation-gate.test.ts',
      test: 'a command starts only when enough of the lease is left, and never once the lock is lost',
    },
  },
  {
    id: 'loss-goes-unnoticed',
    defect: 'a deploy goes on after its lock was lost: Go notices at the next step',
    file: 'src/deploy/deploy.ts',
    find: 'signal: AbortSignal.any([tools.interrupt, lease.signal]),',
    replace: 'signal: tools.interrupt,',
    caughtBy: sandbox(
      'held',
      'a live deploy whose lock is broken stops, and changes nothing after that',
    ),
  },
  {
    id: 'interrupt-ignored-in-waits',
    defect: 'a signal to the process is not heard while it waits',
    file: 'src/deploy/waiting.ts',
    find: '        signal: context.signal,\n',
    replace: '',
    caughtBy: {
      file: 'test/unit/deploy/waiting.test.ts',
      test: 'a wait ends when the deploy is interrupted',
    },
  },
  {
    id: 'commands-repeated',
    defect: 'a resume runs commands again that have finished',
    file: COMMANDS,
    find: '    if (index < progress.done) continue;\n',
    replace: '',
    caughtBy: slice('crashes, then resume'),
  },
  {
    id: 'commands-recorded-first',
    defect: 'a command is recorded as finished before it has run, and never runs after a crash',
    file: COMMANDS,
    find: '    await runCommand(context, command, shown[index]?.arguments ?? []);\n    await progress.record(index + 1);\n',
    replace:
      '    await progress.record(index + 1);\n    await runCommand(context, command, shown[index]?.arguments ?? []);\n',
    caughtBy: slice('crashes, then resume'),
  },
  {
    id: 'post-before-primary',
    defect: 'post-deploy commands run before the new task set is PRIMARY',
    file: STEPS,
    find: '  makePrimary,\n  monitorActiveColor,\n  runPostDeployCommands,\n',
    replace: '  runPostDeployCommands,\n  makePrimary,\n  monitorActiveColor,\n',
    caughtBy: slice('crashes, then deploy'),
  },
  {
    id: 'pre-after-the-first-change',
    defect: 'pre-deploy commands run after ECS was changed',
    file: STEPS,
    find: '  runPreDeployCommands,\n  readActiveColor,\n  removeStaleTaskSets,\n  registerTaskDefinition,\n',
    replace:
      '  readActiveColor,\n  removeStaleTaskSets,\n  registerTaskDefinition,\n  runPreDeployCommands,\n',
    caughtBy: slice('crashes, then deploy'),
  },
  {
    id: 'lineage-tag-not-written',
    defect: 'a task definition does not say which deploy has registered it',
    file: 'src/deploy/steps/register-task-definition.ts',
    find: 'tags: { ...deployTags(plan), [DEPLOY_ID_TAG]: checkpoint.current.own.deployId },',
    replace: 'tags: deployTags(plan),',
    caughtBy: sandbox(
      'outages',
      'a registration whose answer is lost registers no second revision',
    ),
  },
];
