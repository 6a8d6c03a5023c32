import type { Campaign } from '../engine/campaign.ts';
import type { Fault, RunSpec, WorldSpec } from '../engine/scenario.ts';
import type { Share } from './index.ts';
import { crashesAt, run, troublesAt } from './plans.ts';

/** What people do after a deploy that did not end well. */
export const FOLLOW_UPS: readonly RunSpec[] = [
  run('resume'),
  run('start-over v2'),
  run('start-over v3'),
  run('deploy v2'),
];

/** A part of the suite; all of it where it says nothing. */
interface FaultsSlice extends Share {
  readonly isWanted?: (fault: Fault) => boolean;
  readonly followUps?: readonly RunSpec[];
  /** What meets the fault; a deploy of v2 unless said otherwise. */
  readonly first?: RunSpec;
}

/**
 * Suite 1: every single fault at every call of a deploy, then each way to go on, then a deploy of
 * something else. The calls are those that the deploy makes, so that a new one is met by itself.
 */
export async function singleFaults(
  campaign: Campaign,
  world: WorldSpec,
  slice: FaultsSlice,
): Promise<void> {
  const { share, shares, isWanted = () => true } = slice;
  const { followUps = FOLLOW_UPS, first = run('deploy v2') } = slice;
  const { watch } = await campaign.run({ world, stages: [[first]] }, { isTraced: true });
  const { trace } = watch;
  const faults = [...crashesAt(trace, 1), ...troublesAt(trace, 1)].filter(isWanted);
  for (const [index, fault] of faults.entries()) {
    if (campaign.isOver) return;
    if (index % shares === share) await goOn(campaign, world, { first, fault, followUps });
  }
}

async function goOn(
  campaign: Campaign,
  world: WorldSpec,
  {
    first,
    fault,
    followUps,
  }: { readonly first: RunSpec; readonly fault: Fault; readonly followUps: readonly RunSpec[] },
): Promise<void> {
  for (const next of followUps) {
    if (campaign.isOver) return;
    const hit = { ...first, faults: [...first.faults, fault] };
    const stages = [[hit], [next], [run('start-over v4')]];
    const outcome = await campaign.run({ world, stages });
    assertStruck(outcome.processes[0]?.struck.has(fault), fault);
    // When it ended well all the same, how one would go on makes no difference.
    if (outcome.processes[0]?.ending?.kind === 'done') return;
  }
}

/** A fault that never strikes tests nothing. */
function assertStruck(hasStruck: boolean | undefined, fault: Fault): void {
  if (!hasStruck) throw new Error(`The fault ${JSON.stringify(fault)} never struck.`);
}
