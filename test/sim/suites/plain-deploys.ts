import type { Campaign } from '../engine/campaign.ts';
import { V1_SERVES } from '../engine/scenario.ts';
import { run } from './plans.ts';

const DEPLOYS = 4_000;

/** The same deploy again and again; for measuring. */
export async function plainDeploys(campaign: Campaign): Promise<void> {
  for (let count = 0; count < DEPLOYS; count++) {
    // The first half warms the machine up, and is not counted.
    if (count === DEPLOYS / 2) campaign.countAnew();
    await campaign.run({ world: V1_SERVES, stages: [[run('deploy v2')]] });
  }
}
