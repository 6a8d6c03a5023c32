import { seededRandom } from '../../support/world.ts';
import type { Campaign } from '../engine/campaign.ts';
import { type Fault, parseFault, V1_SERVES, type WorldSpec } from '../engine/scenario.ts';
import type { TracedCall } from '../engine/watch.ts';
import { Happenings, runCounted } from '../go/campaign.ts';
import { type MixedRun, type MixedScenario, old, ours } from '../go/plan.ts';
import type { Share } from './index.ts';

/** What has to happen for this suite to have tested anything. */
type Happening =
  | 'both had the lock'
  | 'ours ended well'
  | 'ours was refused or failed'
  | 'the old tool ended well'
  | 'the old tool gave up'
  | 'the old tool acted without the lock'
  | 'the old tool broke another invariant'
  | 'nothing was excused';

const SEEDS = Number(process.env['SIM_SEEDS'] ?? 240);

const OURS = ['deploy v2', 'deploy v3', 'resume', 'start-over v2', 'start-over v3'];
const OLD = ['deploy v2', 'deploy v3', 'resume v2', 'start-over v2', 'start-over v3'];
const DELAYS_MS = [0, 10, 60, 400, 1_200, 3_000, 9_000];

/** Standing still for longer than a lease is what makes two owners. */
const KINDS = ['c', 'd', 'e2500', 'f', 'F', 'g4500', 'g12000', 'G12000', 'G25000'];

type Pick = <T>(of: readonly T[]) => T;

/** Every call of a deploy that nobody disturbs, by the tool that makes it. */
interface Calls {
  readonly ours: readonly TracedCall[];
  readonly old: readonly TracedCall[];
}

/**
 * Suite 8: both tools at once, of the same artifact and of another, in every mode, with pauses and
 * lost answers; often after one of them was cut off. In the end ours starts over.
 */
export async function oldRaces(campaign: Campaign, { share, shares }: Share): Promise<void> {
  const happenings = new Happenings<Happening>();
  const calls = {
    ours: await callsOf(campaign, ours('deploy v2')),
    old: await callsOf(campaign, old('deploy v2')),
  };
  for (let seed = 1 + share; seed <= SEEDS; seed += shares) {
    const random = seededRandom(seed);
    const pick: Pick = (of) => of[Math.floor(random() * of.length)] as (typeof of)[number];
    const scenario = raceOf(pick, calls);
    const { excused, processes } = await runRace(campaign, scenario, seed, happenings);
    if (excused.size === 0) happenings.count('nothing was excused');
    if (excused.has(15) || excused.has(16)) happenings.count('the old tool acted without the lock');
    else if (excused.size > 0) happenings.count('the old tool broke another invariant');
    for (const { ending, spec } of processes) {
      if (!('isOld' in spec) || ending === undefined) continue;
      happenings.count(ending.kind === 'done' ? 'ours ended well' : 'ours was refused or failed');
    }
  }
  const least = Math.floor(SEEDS / shares / 30);
  happenings.assertAtLeast({
    'both had the lock': least,
    'ours ended well': 10 * least,
    'ours was refused or failed': least,
    'the old tool ended well': least,
    'the old tool gave up': least,
    'the old tool acted without the lock': Math.floor(least / 5),
    'the old tool broke another invariant': 0,
    'nothing was excused': 10 * least,
  });
}

async function runRace(
  campaign: Campaign,
  scenario: MixedScenario,
  seed: number,
  happenings: Happenings<Happening>,
) {
  const { oldEndings, processes, watch } = await runCounted(campaign, scenario, { seed });
  for (const ending of oldEndings.values()) {
    happenings.count(ending === 'success' ? 'the old tool ended well' : 'the old tool gave up');
  }
  const racers = processes.filter(({ spec }) => scenario.stages.at(-2)?.includes(spec as MixedRun));
  if (racers.every(({ owners }) => owners.size > 0)) happenings.count('both had the lock');
  return { excused: watch.excused, processes };
}

async function callsOf(campaign: Campaign, run: MixedRun): Promise<readonly TracedCall[]> {
  const scenario = { world: { ...V1_SERVES, start: 'v1-v0' } as const, stages: [[run]] };
  return (await runCounted(campaign, scenario, { isTraced: true })).watch.trace;
}

/** The old tool stands still or is held up right before a change, and ours takes over meanwhile. */
function zombieOf(pick: Pick, calls: Calls): MixedScenario {
  const changes = calls.old.filter(({ isChange, site }) => isChange && !site.startsWith('lock.'));
  const { nth, site } = pick(changes);
  const kinds = ['g12000', 'g14000', 'g25000', 'e7000', 'e12000'];
  const fault = parseFault(`${site}#${nth}:${pick(site.startsWith('cmd.') ? ['g14000'] : kinds)}`);
  const us = { ...ours(pick(['start-over v2', 'start-over v3', 'resume'])), delayMs: 2_500 };
  const stages = [[old('deploy v2', fault), us], [ours('start-over v4')]];
  return { world: worldOf(pick), stages };
}

function raceOf(pick: Pick, calls: Calls): MixedScenario {
  if (pick([true, false, false])) return zombieOf(pick, calls);
  const us = ours(pick(OURS), ...faultsOf(pick, calls.ours));
  const them = old(pick(OLD), ...faultsOf(pick, calls.old));
  const isOursFirst = pick([true, false]);
  const delayMs = pick(DELAYS_MS);
  const racers = isOursFirst ? [us, { ...them, delayMs }] : [them, { ...us, delayMs }];
  const cutOff = pick([
    [],
    [[old('deploy v2', faultAt(pick, calls.old, ['a', 'b']))]],
    [[ours('deploy v2', faultAt(pick, calls.ours, ['a', 'b']))]],
  ]);
  return { world: worldOf(pick), stages: [...cutOff, racers, [ours('start-over v4')]] };
}

function faultsOf(pick: Pick, calls: readonly TracedCall[]): Fault[] {
  return Array.from({ length: pick([0, 1, 1, 2]) }, () => faultAt(pick, calls, KINDS));
}

function faultAt(pick: Pick, calls: readonly TracedCall[], kinds: readonly string[]): Fault {
  const { nth, site } = pick(calls);
  // A command runs on the same machine: it can't be lost on the way.
  const local = kinds.filter((kind) => /^[abgG]/.test(kind));
  return parseFault(`${site}#${nth}:${pick(site.startsWith('cmd.') ? local : kinds)}`);
}

function worldOf(pick: Pick): WorldSpec {
  return {
    start: pick(['v1', 'v1', 'v1-v0']),
    tasks: pick([1, 2]),
    latencyMs: pick([20, 40, 80]),
    staleMs: pick([0, 0, 1_000]),
  };
}
