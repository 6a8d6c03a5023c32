import type { Campaign } from '../engine/campaign.ts';
import type { Fault, RunSpec, WorldSpec } from '../engine/scenario.ts';
import type { Share } from './index.ts';
import { crashesAt, run } from './plans.ts';
import { FOLLOW_UPS } from './single-faults.ts';

/** How a third one brings it to its end. */
const LAST = [run('resume'), run('start-over v2'), run('start-over v3')];

/** Every third one for every pair, and in every world, where there is time for it. */
export const IS_FULL = process.env['SIM_FULL'] !== undefined;

/**
 * Suite 2: a deploy crashes, whoever goes on crashes too, and a third brings it to its end. Every
 * place of the first crash, each way to go on, every place of the second; the third's ways take
 * turns, so that each of them meets every first place and every second one.
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
    for (const next of followUps) await secondCrashes(campaign, world, { fault, index }, next);
    if (campaign.isOver) return;
  }
}

async function secondCrashes(
  campaign: Campaign,
  world: WorldSpec,
  { fault, index }: { readonly fault: Fault; readonly index: number },
  next: RunSpec,
): Promise<void> {
  const crashed = [run('deploy v2', fault)];
  const traced = await campaign.run({ world, stages: [crashed, [next]] }, { isTraced: true });
  for (const [turn, second] of crashesAt(traced.watch.trace, 2).entries()) {
    const inTurn = LAST.slice((index + turn) % LAST.length).slice(0, 1);
    for (const last of IS_FULL ? LAST : inTurn) {
      if (campaign.isOver) return;
      await campaign.run({ world, stages: [crashed, [{ ...next, faults: [second] }], [last]] });
    }
  }
}
