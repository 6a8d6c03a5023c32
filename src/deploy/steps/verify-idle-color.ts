import { READINESS_READS, stillReady } from '../readiness.ts';
import type { Step } from '../step.ts';
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
    const complaint = 'The new task set was ready, but is not any more';
    const { tasks } = await stillReady(context, complaint, async () => undefined);
    return tasks === 1 ? '1 target healthy' : `${tasks} targets healthy`;
  },
};
