import type { Bug } from '../bug.ts';
import { sandbox, slice } from './caught-by.ts';

const RUN_STEPS = 'src/deploy/run-steps.ts';
const LOG = 'src/deploy/checkpoint-log.ts';
const ENDING = 'src/deploy/ending.ts';

export const RECORD_BUGS: readonly Bug[] = [
  {
    id: 'checkpoint-after-effect',
    defect: 'a step is written down only after it has taken effect',
    file: RUN_STEPS,
    find: '    const begun = context.checkpoint.begin(step);\n',
    replace: '    const begun = Promise.resolve();\n',
    also: [
      {
        file: RUN_STEPS,
        find: '? [await begun.then(() => step.run(context))]',
        replace:
          '? [await step.run(context).then((of) => context.checkpoint.begin(step).then(() => of))]',
      },
    ],
    caughtBy: slice('crashes, then deploy'),
  },
  {
    id: 'checkpoint-not-awaited',
    defect: 'a step takes effect before it is known that it was written down',
    file: RUN_STEPS,
    find: '? [await begun.then(() => step.run(context))]',
    replace: '? await Promise.all([step.run(context), begun])',
    caughtBy: slice('lost writes of the lock'),
  },
  {
    id: 'done-then-released',
    defect: 'Done and the release are two writes, and a crash in between blocks the next deploy',
    file: LOG,
    find: '    this.note({ done: true });\n',
    replace: '    await this.save({ done: true });\n',
    also: [
      {
        file: 'src/deploy/held-lock.ts',
        find: '  return holdIn(holder) === undefined && readCheckpoint(holder)?.done === true;',
        replace: '  return holdIn(holder) === undefined && holder.leaseDurationMs < 0;',
      },
    ],
    caughtBy: slice('crashes, then deploy'),
  },
  {
    id: 'success-before-primary',
    defect: 'the success is recorded before the new task set is PRIMARY (D8)',
    file: 'src/deploy/steps/make-primary.ts',
    find: '    const id = newTaskSetIdOf(context);\n',
    replace:
      "    const id = newTaskSetIdOf(context);\n    await context.artifacts.recordOutcome({ projectName: context.plan.artifactDbProjectName, buildNumber: context.plan.artifact.buildNumber }, context.plan.environment, [context.plan.configSha], 'success');\n",
    caughtBy: slice('crashes, then deploy'),
  },
  {
    id: 'failure-recorded',
    defect: 'a deploy that was cut short is marked as failed, though it may be resumed (D8)',
    file: ENDING,
    find: '  const lost = lossOf(error, unfinished);\n',
    replace:
      "  const lost = lossOf(error, unfinished);\n  const { plan } = unfinished.context;\n  if (!lost) await unfinished.context.artifacts.recordOutcome({ projectName: plan.artifactDbProjectName, buildNumber: plan.artifact.buildNumber }, plan.environment, [plan.configSha], 'failure');\n",
    caughtBy: slice('signals, then resume'),
  },
  {
    id: 'success-unseen',
    defect: 'the success is recorded without looking whether the new version serves',
    file: 'src/deploy/steps/record-success.ts',
    find: '        await assertInPlace(context);\n',
    replace: '        void assertInPlace;\n',
    caughtBy: {
      ...sandbox(
        'meanwhile',
        'a person who goes back while the post-deploy commands run keeps it from being a success',
      ),
      by: /received value must be a non-null object/, // The deploy did not fail.
    },
  },
  {
    id: 'not-put-back',
    defect: 'a deploy that has changed nothing leaves its own checkpoint in the lock that it frees',
    file: ENDING,
    find: 'await lease.releaseLock(found?.data ?? new Uint8Array());',
    replace: 'await checkpoint.finish();',
    caughtBy: sandbox(
      'unfinished',
      'an interruption before anything was changed puts the lock back as it was',
    ),
  },
  {
    id: 'lock-before-refusal',
    defect:
      'what can be refused is looked at with the lock taken, and a refusal leaves its trace there',
    file: 'src/deploy/take-up/begin.ts',
    find: '  const plan = await preflightUnlessHeld(request, tools);\n',
    replace:
      '  await acquire({ ...lockOptions(lockKeyOf(request), tools), data: new Uint8Array() });\n  const plan = await preflightUnlessHeld(request, tools);\n',
    caughtBy: sandbox('refusals', 'a template error is refused with its path'),
  },
  {
    id: 'not-yielded',
    defect: 'a deploy that has failed keeps the lock',
    file: ENDING,
    find: '      await checkpoint.yieldLock(error instanceof Error ? error.message : String(error));\n',
    replace: '',
    caughtBy: slice('signals, then resume'),
  },
  {
    id: 'released-unfinished',
    defect: 'a deploy that has failed frees the lock, and the next one begins on what it has left',
    file: ENDING,
    find: '    if (checkpoint.mayHaveChanged) {',
    replace: '    if (checkpoint.mayHaveChanged && checkpoint.current.done) {',
    caughtBy: slice('signals, then resume'),
  },
  {
    id: 'last-read-fails-the-deploy',
    defect: 'a deploy that has succeeded fails because what serves could not be read once more',
    file: 'src/deploy/serving.ts',
    find: 'await steadily(context, () => findServing(aws, plan, artifacts, current));',
    replace: 'await findServing(aws, plan, artifacts, current);',
    also: [
      {
        file: 'src/deploy/serving.ts',
        find: "    context.report({ type: 'note', message: `What serves now could not be read again: ${why}` });\n",
        replace: '    void [why, steadily];\n    throw error;\n',
      },
    ],
    caughtBy: slice('throttled reads of the rules'),
  },
  {
    id: 'secret-in-the-lock',
    defect: 'the checkpoint says more than it needs to, and holds what containers are told',
    file: 'src/deploy/take-up/common.ts',
    find: "    configSha: plan.configSha,\n    newTaskSetId: '',",
    replace:
      "    configSha: plan.configSha + JSON.stringify(plan.containerDefinitions),\n    newTaskSetId: '',",
    caughtBy: slice('crashes, then deploy'),
  },
  {
    id: 'done-only-when-done',
    defect: 'a checkpoint leaves Done out while it is false, which the original takes for true',
    file: 'src/deploy/checkpoint.ts',
    find: 'Done: checkpoint.done,',
    replace: 'Done: checkpoint.done || undefined,',
    caughtBy: slice('crashes, then deploy'),
  },
  {
    id: 'recorded-without-looking',
    defect: 'success is recorded after an outage by a look from before it',
    file: 'src/deploy/steps/record-success.ts',
    find: '        await assertInPlace(context);\n',
    replace: '        if (!hasLooked) await assertInPlace(context);\n        hasLooked = true;\n',
    also: [
      {
        file: 'src/deploy/steps/record-success.ts',
        find: '    let isRecorded = false;\n',
        replace: '    let isRecorded = false;\n    let hasLooked = false;\n',
      },
    ],
    caughtBy: slice('a swap by hand while ArtifactDB is out of order'),
  },
  {
    id: 'untold-repair',
    defect: 'a start-over that has moved PRIMARY says that nothing was changed',
    file: 'src/deploy/put-right.ts',
    find: '  context.checkpoint.willChange();\n  context.report({ type:',
    replace: '  context.report({ type:',
    caughtBy: sandbox(
      'meanwhile',
      'a start-over that is stopped after it has put things right says so, and can be resumed',
    ),
  },
  {
    id: 'step-goes-back',
    defect: 'commands that run again after the swap take the step’s number back before it',
    file: 'src/deploy/checkpoint-log.ts',
    find: '? Math.max(number, step) : number;',
    replace: '? number : number;',
    caughtBy: sandbox(
      'meanwhile',
      'commands that run again after the swap do not let a resume undo a rollback',
    ),
  },
  {
    id: 'one-task-less',
    defect: 'a task that is lost during the bake time is nothing to worry about',
    file: 'src/deploy/steps/monitor-active-color.ts',
    find: 'healthy < Math.min(healthyBefore, wanted)',
    replace: 'healthy < Math.min(healthyBefore - 1, wanted)',
    caughtBy: sandbox(
      'meanwhile',
      'a task that is lost during the bake time, and not replaced, is an illness',
    ),
  },
];
