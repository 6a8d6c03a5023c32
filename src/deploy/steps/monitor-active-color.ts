import { READINESS_READS, readReadiness } from '../readiness.ts';
import { type Step, StepFailedError } from '../step.ts';
import { waitUntil } from '../waiting.ts';
import { assertNewVersionServes } from './assert-new-version-serves.ts';

/** One sick look may be a health check that was lost; so many in a row are not. */
const SICK_LOOKS = 3;

/** Room for the sick looks beyond the bake time. */
const MARGIN_MS = 60_000;

/**
 * Step 11: watches the new colour for the bake time while the old version still stands by. Looks at
 * least once, also without a bake time.
 *
 * Resumes by watching again from the start.
 */
export const monitorActiveColor: Step = {
  number: 11,
  name: 'monitor-active-color',
  title: 'Monitor the active colour',
  reads: [...READINESS_READS, 'elasticloadbalancing:DescribeRules'],
  changes: [],

  isDone: async () => undefined,

  async run(context) {
    const { clock, plan } = context;
    const bakeUntilMs = clock.monotonicMs() + plan.bakeMs;
    let sickLooks = 0;
    const tasks = await waitUntil(context, plan.bakeMs + MARGIN_MS, async () => {
      const [readiness] = await Promise.all([
        readReadiness(context),
        assertNewVersionServes(context),
      ]);
      if (!readiness.isReady) {
        sickLooks += 1;
        if (sickLooks < SICK_LOOKS) return { waitingFor: readiness.why };
        throw new StepFailedError(
          `The new version does not stay healthy; needed: ${readiness.why}.`,
        );
      }
      sickLooks = 0;
      const leftMs = bakeUntilMs - clock.monotonicMs();
      if (leftMs <= 0) return { done: readiness.tasks };
      return {
        waitingFor: `the bake time to pass (${Math.ceil(leftMs / 1000)} s left, all healthy)`,
      };
    });
    return tasks === 1 ? '1 target healthy' : `${tasks} targets healthy`;
  },
};
