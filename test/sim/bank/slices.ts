import type { Campaign } from '../engine/campaign.ts';
import {
  type Act,
  type FaultKind,
  parseScenario,
  V1_SERVES,
  type WorldSpec,
} from '../engine/scenario.ts';
import { crashPairs } from '../suites/crash-pairs.ts';
import { run } from '../suites/plans.ts';
import { scheduleOf } from '../suites/random-schedules.ts';
import { singleFaults } from '../suites/single-faults.ts';

/** A part of a suite that takes a second at the most, so that each bug can have its own run of it. */
type Slice = (campaign: Campaign) => Promise<void>;

/** The names of faults and of what others do. */
type Kind = FaultKind['type'] | Act;

const V1_V0: WorldSpec = { ...V1_SERVES, start: 'v1-v0' };
const EMPTY: WorldSpec = { ...V1_SERVES, start: 'empty' };
/** What was changed shows only after five seconds. */
const STALE: WorldSpec = { ...V1_SERVES, staleMs: 5_000 };

const CRASHES: readonly Kind[] = ['crash-before', 'crash-after'];

/** Every single fault of these kinds, each with one way to go on. */
function single(
  world: WorldSpec,
  { kinds, at = '' }: { readonly kinds: readonly Kind[]; readonly at?: string },
  next: string,
): Slice {
  return (campaign) =>
    singleFaults(campaign, world, {
      share: 0,
      shares: 1,
      isWanted: ({ kind, site }) =>
        site.startsWith(at) && kinds.includes(kind.type === 'act' ? kind.act : kind.type),
      followUps: [run(next)],
    });
}

/** One first crash of so many, with every second one and one way to go on. */
function pairs(world: WorldSpec, first: number, next: string): Slice {
  return (campaign) =>
    crashPairs(campaign, world, { share: first, shares: 40, followUps: [run(next)] });
}

/** The schedules of these seeds. */
function schedules(from: number, to: number): Slice {
  return async (campaign) => {
    for (let seed = from; seed <= to && !campaign.isOver; seed++) {
      await campaign.run(scheduleOf(seed), { seed });
    }
  };
}

/** One scenario. */
async function plan(campaign: Campaign, text: string): Promise<void> {
  await campaign.run(parseScenario(text));
}

/** Named after what happens in them. In all but the schedules a start-over of v4 may come last. */
export const SLICES = {
  'crashes, then resume': single(V1_SERVES, { kinds: CRASHES }, 'resume'),
  'crashes, then start-over': single(V1_SERVES, { kinds: CRASHES }, 'start-over v3'),
  'crashes, then deploy': single(V1_SERVES, { kinds: CRASHES }, 'deploy v2'),
  'crashes of the first deploy, then start-over': single(
    EMPTY,
    { kinds: CRASHES },
    'start-over v2',
  ),
  'crash pairs of the first deploy': pairs(EMPTY, 14, 'start-over v3'),

  'lost answers': single(V1_SERVES, { kinds: ['lost-answer'] }, 'resume'),
  'lost writes of the lock': single(
    V1_SERVES,
    { kinds: ['lost-request'], at: 'lock.update' },
    'resume',
  ),
  'throttled reads of the rules': single(
    V1_SERVES,
    { kinds: ['throttled'], at: 'elb.DescribeRules' },
    'resume',
  ),

  'signals, then resume': single(V1_SERVES, { kinds: ['SIGINT'] }, 'resume'),
  'signals with v0 left over, then resume': single(
    V1_V0,
    { kinds: ['SIGINT'], at: 'ecs.' },
    'resume',
  ),
  'signals and stale reads, then resume': single(
    STALE,
    { kinds: ['SIGINT'], at: 'ecs.' },
    'resume',
  ),
  'signals and stale reads, then start-over': single(
    STALE,
    { kinds: ['SIGINT'], at: 'ecs.' },
    'start-over v3',
  ),

  'a swap by hand, then resume': single(V1_SERVES, { kinds: ['swap'] }, 'resume'),
  'a swap by hand with v0 left over, then resume': single(
    V1_V0,
    { kinds: ['swap'], at: 'ecs.' },
    'resume',
  ),
  'a task set deleted by hand, then resume': single(
    V1_SERVES,
    { kinds: ['delete-idle'] },
    'resume',
  ),
  'sick targets, then resume': single(V1_SERVES, { kinds: ['sicken-idle'] }, 'resume'),

  'a swap by hand while ArtifactDB is out of order': (campaign) =>
    plan(campaign, 'v1x1: deploy v2 db.setTag#1:F;clock#10:!swap'),
  'a task set deleted by hand before its id was recorded': (campaign) =>
    plan(
      campaign,
      'v1x1: deploy v2 ecs.CreateTaskSet#1:b > deploy v2 lock.read#1:!delete-idle > resume',
    ),
  'PRIMARY moved by hand during an outage': (campaign) =>
    plan(campaign, 'v1-v0x2: deploy v2 ecs.UpdateTaskSet#1:F;clock#1:!move-primary'),

  'schedules 60 to 70': schedules(60, 70),
  'schedules 290 to 300': schedules(290, 300),
} satisfies Readonly<Record<string, Slice>>;

export type SliceName = keyof typeof SLICES;
