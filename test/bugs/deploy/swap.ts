import type { Bug } from '../bug.ts';
import { sandbox, slice } from './caught-by.ts';

const STEP_9 = 'src/deploy/steps/swap-rule-priorities.ts';
const READINESS = 'src/deploy/readiness.ts';
const HAS_SWAPPED = 'src/deploy/steps/has-swapped.ts';

export const SWAP_BUGS: readonly Bug[] = [
  {
    id: 'swap-from-fresh-read',
    defect: 'a resume exchanges whatever priorities it finds, and so swaps back (D3)',
    file: STEP_9,
    find: 'const target = swapped(originalPrioritiesOf(context));',
    replace: 'const target = swapped(prioritiesOf(colors));',
    also: [
      {
        file: STEP_9,
        find: 'return (await hasSwapped(context)) ?',
        replace: 'return hasSwapped.length > 1 ?',
      },
      { file: STEP_9, find: 'if (maySwap) return true;', replace: 'if (wasSent) return true;' },
      {
        file: STEP_9,
        find: 'let maySwap = context.isResumed;',
        replace: 'let wasSent = false;\n    void movedByOthers;',
      },
      {
        file: STEP_9,
        find: 'throw movedByOthers(prioritiesOf(colors), originalPrioritiesOf(context));',
        replace: 'return false;',
      },
      { file: STEP_9, find: '          maySwap = true;', replace: '          wasSent = true;' },
      {
        file: STEP_9,
        find: 'if (!isSwapped(context, colors)) return false;',
        replace: 'if (!isSwapped(context, colors)) return wasSent;',
      },
    ],
    caughtBy: slice('crashes, then resume'),
  },
  {
    id: 'swap-unready',
    defect: 'traffic moves without a last look at the new task set',
    file: STEP_9,
    find: 'const { read: colors } = await stillReady(context, complaint, () => readRules(context));',
    replace: 'void [stillReady, complaint];\n  const colors = await readRules(context);',
    caughtBy: slice('a task set deleted by hand, then resume'),
  },
  {
    id: 'health-not-asked',
    defect: 'a task set counts as ready though the load balancer calls a target unhealthy',
    file: READINESS,
    find: '    whyNotHealthy(taskSet, tasks, targets) ??\n',
    replace: '',
    caughtBy: sandbox('rollout', 'a stranger in the idle target group stops the swap'),
  },
  {
    id: 'running-is-enough',
    defect:
      'a task set counts as ready as soon as enough tasks run, however sick their targets are',
    file: READINESS,
    find: '    whyNotHealthy(taskSet, tasks, targets) ??\n',
    replace: '',
    also: [
      {
        file: READINESS,
        find: 'if (runningCount !== expected || pendingCount !== 0) return',
        replace: 'if (runningCount < expected) return',
      },
      {
        file: READINESS,
        find: 'return isSteady ? undefined :',
        replace: 'return isSteady || pendingCount >= 0 ? undefined :',
      },
    ],
    caughtBy: slice('sick targets, then resume'),
  },
  {
    id: 'steady-without-counts',
    defect: 'STEADY_STATE is taken for the truth, also when it is left over from before',
    file: READINESS,
    find: '  if (expected < 1) return',
    replace: '  if (taskSet.isSteady) return undefined;\n  if (expected < 1) return',
    caughtBy: {
      file: 'test/unit/deploy/readiness.test.ts',
      test: 'it is not ready when too few tasks run',
    },
  },
  {
    id: 'nothing-wanted',
    defect: 'a deploy to a service that wants no task is begun, and its commands run (D4)',
    file: 'src/deploy/deployable.ts',
    find: '  if (service.desiredCount < 1) {',
    replace: '  if (service.desiredCount < 0) {',
    caughtBy: sandbox('refusals', 'a desired count of 0 is refused'),
  },
  {
    id: 'swap-of-nothing',
    defect:
      'a service whose desired count is 0 is steady, and traffic moves to no task at all (D4)',
    file: READINESS,
    find: "  if (expected < 1) return 'the service to want at least one task (its desired count is 0)';\n",
    replace: '',
    caughtBy: sandbox(
      'rollout',
      'a service that is scaled to 0 during the rollout never gets the swap',
    ),
  },
  {
    id: 'swap-not-begun',
    defect: 'a swap by hand is taken for the swap of the deploy that was cut off',
    file: HAS_SWAPPED,
    find: 'if (swapHasBegun(current)) return true;',
    replace: 'if (swapHasBegun(current) || newActiveColor) return true;',
    caughtBy: slice('a swap by hand, then resume'),
  },
  {
    id: 'swap-begun-not-recorded',
    defect: 'the checkpoint does not say that the swap was begun',
    file: STEP_9,
    find: '  records: { swapBegun: true },\n',
    replace: '  records: { swapBegun: false },\n',
    caughtBy: slice('crashes, then resume'),
  },
  {
    id: 'swapped-by-number',
    defect: 'a resume believes the number of the step: what was begun has happened',
    file: HAS_SWAPPED,
    find: '  const rules = await aws.rules.describe(plan.listenerArn);\n  if (readColors',
    replace:
      '  if (current.step >= 9) return true;\n  const rules = await aws.rules.describe(plan.listenerArn);\n  if (readColors',
    caughtBy: slice('crashes, then resume'),
  },
  {
    id: 'created-where-it-serves',
    defect: 'the task set is created without looking whether its colour is still idle and free',
    file: 'src/deploy/steps/create-task-set.ts',
    find: '  await assertIdleColorIsFree(context);\n',
    replace: '  void assertIdleColorIsFree;\n',
    caughtBy: sandbox(
      'meanwhile',
      'a person who moves the rules in the middle of a deploy stops it before anything is created there',
    ),
  },
  {
    id: 'primary-without-traffic',
    defect: 'the new task set becomes PRIMARY without looking whether it still serves',
    file: 'src/deploy/steps/make-primary.ts',
    find: '        await assertNewVersionServes(context);\n',
    replace: '        void assertNewVersionServes;\n',
    caughtBy: sandbox(
      'meanwhile',
      'PRIMARY stays where it is when a person goes back right after the swap',
    ),
  },
  {
    id: 'repeated-without-looking',
    defect: 'a change that is repeated after an outage is made without looking once more',
    file: 'src/deploy/steps/remove-stale-task-sets.ts',
    find: '        await assertMayRemove(context, id);\n        await service.scaleTaskSet(id, 0);\n',
    replace: '        await service.scaleTaskSet(id, 0);\n',
    caughtBy: slice('PRIMARY moved by hand during an outage'),
  },
];
