import { READINESS_READS, readReadiness } from '../readiness.ts';
import { type Step, StepFailedError } from '../step.ts';
import { steadily } from '../waiting.ts';
import { hasSwapped } from './has-swapped.ts';

/**
 * Step 8: verifies the new version before users see it: every task of the new task set runs and
 * every target of the idle colour is healthy.
 *
 * Resumes by verifying again.
 */
export const verifyIdleColor: Step = {
  number: 8,
  name: 'verify-idle-color',
  title: 'Verify the idle colour',
  reads: [...READINESS_READS, 'elasticloadbalancing:DescribeRules'],
  changes: [],

  isDone: async (context) =>
    (await hasSwapped(context)) ? 'traffic has moved already' : undefined,

  async run(context) {
    const readiness = await steadily(context, () => readReadiness(context));
    if (!readiness.isReady) {
      throw new StepFailedError(
        `The new task set was ready, but is not any more; needed: ${readiness.why}.`,
      );
    }
    return readiness.tasks === 1 ? '1 target healthy' : `${readiness.tasks} targets healthy`;
  },
};
