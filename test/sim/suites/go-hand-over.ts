import type { Campaign } from '../engine/campaign.ts';
import { parseFault, V1_SERVES, type WorldSpec } from '../engine/scenario.ts';
import type { TracedCall } from '../engine/watch.ts';
import { Happenings, runCounted } from '../go/campaign.ts';
import { old, ours, printMixed } from '../go/plan.ts';
import type { OldEnding } from '../go/simulation.ts';
import type { Share } from './index.ts';
import { crashesAt } from './plans.ts';

/** What has to happen for this suite to have tested anything. */
type Happening =
  | 'ours resumed what the old tool began'
  | 'ours started over'
  | 'nothing was left to resume'
  | `the old tool resumed ours: ${OldEnding}`
  | 'ours deployed again';

/** With this many places for the process to be cut off. */
const WORLDS: readonly WorldSpec[] = [V1_SERVES, { ...V1_SERVES, start: 'v1-v0' }];

/** Suite 7: one tool is cut off at each of its calls, and the other one goes on. */
export async function handOver(campaign: Campaign, share: Share): Promise<void> {
  const happenings = new Happenings<Happening>();
  for (const [index, world] of WORLDS.entries()) {
    // Whoever has the first fault of one world has the second one of the other.
    const here = { ...share, share: (share.share + index) % share.shares };
    await fromTheOldTool(campaign, world, here, happenings);
    await toTheOldTool(campaign, world, here, happenings);
  }
  const { shares } = share;
  happenings.assertAtLeast({
    'ours resumed what the old tool began': 50 / shares,
    'ours started over': 120 / shares,
    'nothing was left to resume': 6 / shares,
    'the old tool resumed ours: success': 110 / shares,
    'the old tool resumed ours: no checkpoint': 2 / shares,
    'the old tool resumed ours: succeeded before': 4 / shares,
    'ours deployed again': 120 / shares,
  });
}

async function fromTheOldTool(
  campaign: Campaign,
  world: WorldSpec,
  { share, shares }: Share,
  happenings: Happenings<Happening>,
): Promise<void> {
  const stages = [[old('deploy v2')]];
  const { watch } = await runCounted(campaign, { world, stages }, { isTraced: true });
  for (const [index, fault] of crashesAt(watch.trace, 1).entries()) {
    if (index % shares !== share) continue;
    for (const next of ['resume', 'start-over v2', 'start-over v3']) {
      const after = next === 'resume' ? [[ours(next)], [ours('start-over v4')]] : [[ours(next)]];
      const scenario = { world, stages: [[old('deploy v2', fault)], ...after] };
      const { processes, watch: seen } = await runCounted(campaign, scenario);
      const isDone = processes[1]?.ending?.kind === 'done';
      if (next !== 'resume') happenings.count('ours started over');
      else if (isDone) happenings.count('ours resumed what the old tool began');
      else happenings.count('nothing was left to resume');
      // A deploy that nobody disturbs breaks nothing, wherever it dies: there is nothing to excuse.
      if (seen.excused.size > 0) throw new Error(`Excused: ${printMixed(scenario)}`);
    }
  }
}

async function toTheOldTool(
  campaign: Campaign,
  world: WorldSpec,
  { share, shares }: Share,
  happenings: Happenings<Happening>,
): Promise<void> {
  const stages = [[ours('deploy v2')]];
  const { watch } = await runCounted(campaign, { world, stages }, { isTraced: true });
  const faults = [...crashesAt(watch.trace, 1), ...signalsAt(watch.trace)];
  for (const [index, fault] of faults.entries()) {
    if (index % shares !== share) continue;
    const before = [[ours('deploy v2', fault)], [old('resume v2')]];
    const outcome = await runCounted(campaign, { world, stages: [...before, [ours('deploy v3')]] });
    const [first, second, third] = outcome.processes;
    const ending = second && outcome.oldEndings.get(second);
    if (!first?.struck.has(fault)) throw new Error(`${JSON.stringify(fault)} never struck.`);
    happenings.count(`the old tool resumed ours: ${ending ?? 'a call failed'}`);
    if (third?.ending?.kind === 'done') happenings.count('ours deployed again');
    else await runCounted(campaign, { world, stages: [...before, [ours('start-over v3')]] });
  }
}

/** The first signal, once for each instant. */
function signalsAt(trace: readonly TracedCall[]) {
  const moments = new Map(trace.map((call) => [call.moment, call]));
  return [...moments.values()].map(({ nth, site }) => parseFault(`${site}#${nth}:!SIGINT`));
}
