import { type Readiness, READINESS_READS, readReadiness } from '../readiness.ts';
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
    let healthyBefore = 0;
    const targets = await waitUntil(context, plan.bakeMs + MARGIN_MS, async () => {
      const [readiness] = await Promise.all([
        readReadiness(context),
        assertNewVersionServes(context),
      ]);
      const isIll = !readiness.isReady && isIllness(readiness, healthyBefore);
      sickLooks = isIll ? sickLooks + 1 : 0;
      if (isIll && sickLooks < SICK_LOOKS) return { waitingFor: readiness.why };
      if (isIll) {
        throw new StepFailedError(
          `The new version does not stay healthy; needed: ${readiness.why}.`,
        );
      }
      healthyBefore = readiness.isReady ? readiness.tasks : readiness.healthy;
      const leftMs = bakeUntilMs - clock.monotonicMs();
      if (leftMs <= 0 && healthyBefore > 0) return { done: healthyBefore };
      return {
        waitingFor: readiness.isReady
          ? `the bake time to pass (${Math.ceil(leftMs / 1000)} s left, all healthy)`
          : readiness.why,
      };
    });
    return targets === 1 ? '1 target healthy' : `${targets} targets healthy`;
  },
};

/** Being scaled is none: new tasks take their time, and those that are scaled away are not missed. */
function isIllness(
  { healthy, isSick, wanted }: Readiness & { isReady: false },
  healthyBefore: number,
): boolean {
  return isSick || healthy < Math.min(healthyBefore, wanted);
}
