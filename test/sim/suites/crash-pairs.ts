import type { Campaign } from '../engine/campaign.ts';
import type { Fault, RunSpec, WorldSpec } from '../engine/scenario.ts';
import type { Share } from './index.ts';
import { crashesAt, run } from './plans.ts';
import { FOLLOW_UPS } from './single-faults.ts';

/**
 * Suite 2: a deploy crashes, whoever goes on crashes too, and a third brings it to its end. Every
 * place of the first crash, every place of the second.
 */
export async function crashPairs(
  campaign: Campaign,
  world: WorldSpec,
  { share, shares, followUps = FOLLOW_UPS }: Share & { readonly followUps?: readonly RunSpec[] },
): Promise<void> {
  const first = await campaign.run({ world, stages: [[run('deploy v2')]] }, { isTraced: true });
  const faults = crashesAt(first.watch.trace, 1);
  for (const [index, fault] of faults.entries()) {
    if (index % shares !== share) continue;
    for (const next of followUps) await secondCrashes(campaign, world, fault, next);
    if (campaign.isOver) return;
  }
}

async function secondCrashes(
  campaign: Campaign,
  world: WorldSpec,
  fault: Fault,
  next: RunSpec,
): Promise<void> {
  const crashed = [run('deploy v2', fault)];
  const last = next.mode === 'deploy' ? run('start-over v2') : next;
  const traced = await campaign.run(
    { world, stages: [crashed, [next], [last]] },
    { isTraced: true },
  );
  for (const second of crashesAt(traced.watch.trace, 2)) {
    if (campaign.isOver) return;
    await campaign.run({ world, stages: [crashed, [{ ...next, faults: [second] }], [last]] });
  }
}
