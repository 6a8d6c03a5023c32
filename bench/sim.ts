/**
 * How many deploys one core simulates in a second: the whole of `src/deploy`, `src/lock` and the
 * adapters over the sandbox's world, with every invariant checked after every event.
 */
import { deploysPerSecond } from '../test/sim/engine/campaign.ts';
import { endWorkers, inWorker } from '../test/sim/worker/run.ts';

const TARGET = 2_000;

const { finding, tally } = await inWorker({
  suite: 'plain-deploys',
  share: 0,
  shares: 1,
});
await endWorkers();
if (finding !== undefined) throw new Error(finding);
console.log(`${deploysPerSecond(tally)} deploys per second and core (target: ${TARGET})`);
