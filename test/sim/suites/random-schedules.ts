import { seededRandom } from '../../support/world.ts';
import type { Campaign } from '../engine/campaign.ts';
import {
  ACTS,
  type Fault,
  parseFault,
  type RunSpec,
  type Scenario,
  V1_SERVES,
  type WorldSpec,
} from '../engine/scenario.ts';
import type { Share } from './index.ts';
import { run } from './plans.ts';

/** How many seeds are tried, unless the environment says otherwise. */
const SEEDS = Number(process.env['SIM_SEEDS'] ?? 1_500);

/** Calls that every deploy makes, and how often at the most. */
const SITES: readonly (readonly [string, number])[] = [
  ['lock.read', 3],
  ['lock.update', 20],
  ['db.readPage', 1],
  ['db.setTag', 2],
  ['cmd.migrate', 1],
  ['cmd.warm_up', 1],
  ['cmd.schedule', 1],
  ['cmd.announce', 1],
  ['ecs.DescribeServices', 14],
  ['ecs.DescribeTaskSets', 6],
  ['ecs.ListTasks', 6],
  ['ecs.RegisterTaskDefinition', 2],
  ['ecs.CreateTaskSet', 2],
  ['ecs.UpdateTaskSet', 1],
  ['ecs.DeleteTaskSet', 1],
  ['ecs.UpdateServicePrimaryTaskSet', 2],
  ['elb.DescribeRules', 9],
  ['elb.DescribeTargetHealth', 5],
  ['elb.SetRulePriorities', 2],
  ['clock', 30],
];

const KINDS = ['a', 'b', 'c', 'd', 'e50', 'e2500', 'f', 'F', 'g4500', 'g12000', 'G4500', 'G12000'];
/** Those that delay nothing. */
const PROMPT = ['a', 'b', 'c', 'd', 'f', 'F'];
const OWN_ACTS = ['!SIGINT', '!steal'];

/**
 * Suites 3, 5 and 6: three crashes in a row, and schedules of up to three stages with up to four
 * faults of any kind. In the end the faults stop, and a start-over has to succeed.
 */
export async function randomSchedules(campaign: Campaign, { share, shares }: Share): Promise<void> {
  for (let seed = 1 + share; seed <= SEEDS && !campaign.isOver; seed += shares) {
    await campaign.run(scheduleOf(seed), { seed });
  }
}

/** The seeds of the second suite begin here. */
const FIRST_ACT_SEED = 100_000;

/**
 * As `randomSchedules`, with people who do all that they should not. Only where every call is sent
 * and answered at once, and between two timers of the world: no deployer can see what happens between
 * its last look and its call.
 */
export async function randomActs(campaign: Campaign, { share, shares }: Share): Promise<void> {
  for (let count = share; count < SEEDS / 3 && !campaign.isOver; count += shares) {
    const seed = FIRST_ACT_SEED + count;
    const pick = picker(seed);
    const world: WorldSpec = { ...V1_SERVES, start: pick(['v1', 'v1-v0', 'empty']), tasks: 2 };
    const stages = Array.from({ length: pick([1, 2, 3]) }, (_, index) => {
      const { faults, ...rest } = randomRun(pick, index === 0 ? ['deploy v2'] : MODES, PROMPT);
      const acts = Array.from({ length: pick([0, 1, 1, 2]) }, () => actOf(pick));
      return [{ ...rest, faults: [...faults, ...acts] }];
    });
    await campaign.run({ world, stages: [...stages, [run('start-over v4')]] }, { seed });
  }
}

/** The same for the same seed. */
export function scheduleOf(seed: number): Scenario {
  const pick = picker(seed);
  return seed % 3 === 0 ? threeCrashes(pick) : anything(pick);
}

type Pick = <T>(of: readonly T[]) => T;

function picker(seed: number): Pick {
  const random = seededRandom(seed);
  return (of) => of[Math.floor(random() * of.length)] as (typeof of)[number];
}

function threeCrashes(pick: Pick): Scenario {
  const runs = [
    run('deploy v2', faultOf(pick, ['a', 'b'])),
    run(pick(['resume', 'start-over v2', 'start-over v3']), faultOf(pick, ['a', 'b'])),
    run(pick(['resume', 'start-over v2', 'start-over v3']), faultOf(pick, ['a', 'b'])),
    run(pick(['resume', 'start-over v3'])),
    run('start-over v4'),
  ];
  return { world: worldOf(pick), stages: runs.map((each) => [each]) };
}

function anything(pick: Pick): Scenario {
  const stages = Array.from({ length: pick([1, 2, 3]) }, (_, index) => {
    const first = randomRun(pick, index === 0 ? ['deploy v2'] : MODES);
    if (pick([true, true, false])) return [first];
    return [first, { ...randomRun(pick, MODES), delayMs: pick([0, 15, 100, 700, 1_800, 6_000]) }];
  });
  return { world: worldOf(pick), stages: [...stages, [run('start-over v4')]] };
}

const MODES = ['deploy v2', 'deploy v3', 'resume', 'resume', 'start-over v2', 'start-over v3'];

function actOf(pick: Pick): Fault {
  const nth = pick(Array.from({ length: 30 }, (_, index) => index + 1));
  return parseFault(`clock#${nth}:!${pick(ACTS)}`);
}

function randomRun(pick: Pick, modes: readonly string[], most = KINDS): RunSpec {
  const faults = Array.from({ length: pick([0, 1, 1, 2, 3, 4]) }, () =>
    faultOf(pick, pick([most, most, most, OWN_ACTS])),
  );
  return run(pick(modes), ...faults);
}

function faultOf(pick: Pick, kinds: readonly string[]): Fault {
  const [site, most] = pick(SITES);
  const nth = pick(Array.from({ length: most }, (_, index) => index + 1));
  // A timer can't be throttled, and a command runs on the same machine.
  const local = kinds.filter((kind) => /^[abgG!]/.test(kind));
  const isLocal = site === 'clock' || site.startsWith('cmd.');
  return parseFault(`${site}#${nth}:${pick(isLocal ? local : kinds)}`);
}

function worldOf(pick: Pick): WorldSpec {
  return {
    start: pick(['v1', 'v1', 'v1-v0', 'empty']),
    tasks: pick([1, 2, 3]),
    latencyMs: pick([0, 0, 20, 80]),
    staleMs: pick([0, 0, 0, 1_000, 5_000]) || V1_SERVES.staleMs,
  };
}
