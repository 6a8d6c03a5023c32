import type { Campaign } from '../engine/campaign.ts';
import type { RunSpec, Scenario, WorldSpec } from '../engine/scenario.ts';
import { V1_SERVES } from '../engine/scenario.ts';
import { crashesAt, run } from './plans.ts';
import type { Share } from './index.ts';

/** Every call takes its time, so that two processes meet everywhere between their calls. */
const FAR: WorldSpec = { ...V1_SERVES, latencyMs: 40 };

const RIVALS = ['deploy v2', 'deploy v3', 'start-over v3', 'resume'];

/** From together to when the first one has ended. */
const DELAYS_MS = [0, 10, 25, 60, 150, 400, 1_200, 3_000];

/**
 * Suite 4: two processes at once, of the same artifact and of another, in every mode; and a third
 * that goes on when the first one crashes. The seeds shuffle how long the calls take.
 */
export async function races(campaign: Campaign, { share, shares }: Share): Promise<void> {
  let index = 0;
  for (const scenario of [...pairs(), ...(await afterCrashes(campaign))]) {
    if (campaign.isOver) return;
    index++;
    if (index % shares !== share) continue;
    for (const seed of [1, 2]) await campaign.run(scenario, { seed });
  }
}

function* pairs(): Iterable<Scenario> {
  for (const rival of RIVALS) {
    for (const delayMs of DELAYS_MS) {
      yield inRace([run('deploy v2'), { ...run(rival), delayMs }]);
    }
  }
}

/** Two go on with what a third has left, wherever it was cut off. */
async function afterCrashes(campaign: Campaign): Promise<Scenario[]> {
  const stages = [[run('deploy v2')]];
  const { watch } = await campaign.run({ world: FAR, stages }, { isTraced: true });
  const goOn: readonly (readonly [string, string])[] = [
    ['resume', 'resume'],
    ['resume', 'start-over v3'],
    ['start-over v2', 'start-over v3'],
    ['start-over v3', 'deploy v2'],
  ];
  return crashesAt(watch.trace, 1).flatMap((fault, index) => {
    const [a, b] = goOn[index % goOn.length] ?? ['resume', 'resume'];
    return [0, 30].map((delayMs) =>
      inRace([run(a), { ...run(b), delayMs }], [run('deploy v2', fault)]),
    );
  });
}

function inRace(racers: readonly RunSpec[], ...before: RunSpec[][]): Scenario {
  return { world: FAR, stages: [...before, racers, [run('start-over v4')]] };
}
