import { newTaskSetIdOf } from '../recorded.ts';
import { READINESS_READS, readReadiness } from '../readiness.ts';
import { FailureEvidence } from '../failure-evidence.ts';
import { type DeployContext, type Step, StepFailedError } from '../step.ts';
import { steadily, waitUntil } from '../waiting.ts';
import { hasSwapped } from './has-swapped.ts';

/** How long a task set that was just created may be missing from describe calls. */
const VISIBILITY_GRACE_MS = 60_000;

/**
 * Step 7: waits until every task of the new task set runs and every target is healthy. Ends early
 * when tasks stop again and again for the same reason: for this kind of service ECS has no circuit
 * breaker.
 *
 * Resumes by waiting again.
 * @see Amazon ECS deployment circuit breaker, Developer Guide: only for the ECS controller
 */
export const awaitRollout: Step = {
  number: 7,
  name: 'await-rollout',
  title: 'Wait for the rollout',
  reads: [...READINESS_READS, 'elasticloadbalancing:DescribeRules'],
  changes: [],

  isDone: async (context) =>
    (await hasSwapped(context)) ? 'traffic has moved already' : undefined,

  async run(context) {
    const { aws, clock, plan } = context;
    const id = newTaskSetIdOf(context);
    const evidence = new FailureEvidence();
    // A resume must not be failed by what stopped before whoever resumed had mended it.
    if (context.isResumed) evidence.ignore(await steadily(context, () => aws.tasks.stopped(id)));
    const startedMs = clock.monotonicMs();

    const tasks = await waitUntil(
      context,
      plan.timeouts.rolloutMs,
      async () => {
        const [readiness, stopped] = await Promise.all([
          readReadiness(context),
          aws.tasks.stopped(id),
        ]);
        if (readiness.isReady) return { done: readiness.tasks };
        evidence.add(stopped);
        assertGoingWell(context, evidence);
        if (readiness.isGone && clock.monotonicMs() - startedMs > VISIBILITY_GRACE_MS) {
          throw new StepFailedError(`Task set ${id} is gone: somebody deleted it.`);
        }
        return { waitingFor: readiness.why + evidence.summary() };
      },
      { remedy: 'Slow starters need a longer Timeouts.RolloutSeconds.' },
    );
    return tasks === 1 ? '1 task healthy' : `${tasks} tasks healthy`;
  },
};

function assertGoingWell(context: DeployContext, evidence: FailureEvidence): void {
  const verdict = evidence.verdict();
  if (verdict === undefined) return;
  throw new StepFailedError(`The tasks of ${newTaskSetIdOf(context)} do not stay up: ${verdict}`, {
    remedy: 'Look at the tasks’ logs.',
  });
}
