import type { Campaign } from '../engine/campaign.ts';
import { DEEDS } from '../engine/acts.ts';
import { type Act, type Fault, parseFault, V1_SERVES } from '../engine/scenario.ts';
import { crashPairs, IS_FULL } from './crash-pairs.ts';
import { handOver } from './go-hand-over.ts';
import { oldRaces } from './go-race.ts';
import {
  lockRaces,
  OURS_AND_THE_OLD_TOOL,
  THREE_OF_OURS_AND_THE_OLD_TOOL,
  TWO_OF_OURS,
} from './lock-races.ts';
import { plainDeploys } from './plain-deploys.ts';
import { run } from './plans.ts';
import { races } from './races.ts';
import { randomActs, randomSchedules } from './random-schedules.ts';
import { singleFaults } from './single-faults.ts';

/** Which of so many equal parts to run. */
export interface Share {
  readonly share: number;
  readonly shares: number;
}

/** What people do that is tried in one world only, the one with most in it. */
const RARE: ReadonlySet<string> = new Set([
  'empty-idle',
  'scale-out',
  'scale-to-zero',
  'move-primary',
  'stranger',
] satisfies Act[]);

const isUsual = ({ kind }: Fault) => IS_FULL || kind.type !== 'act' || !RARE.has(kind.act);

/** Every suite, by the name under which a worker is asked for it. */
export const SUITES = {
  /** A deploy without any fault, again and again: how fast the simulation is. */
  'plain-deploys': plainDeploys,
  'single-faults-v1': (campaign: Campaign, share: Share) =>
    singleFaults(campaign, V1_SERVES, { ...share, isWanted: isUsual }),
  'single-faults-v1-v0': (campaign: Campaign, share: Share) =>
    singleFaults(campaign, { ...V1_SERVES, start: 'v1-v0' }, share),
  'single-faults-empty': (campaign: Campaign, share: Share) =>
    singleFaults(campaign, { ...V1_SERVES, start: 'empty' }, { ...share, isWanted: isUsual }),
  /**
   * Where calls take their time, and where reads lag behind. Every twelfth fault, as there are so many
   * calls; what people do is left out: no deployer can see it in time there.
   */
  'single-faults-slow': async (campaign: Campaign, { share, shares }: Share) => {
    const isOurs = ({ kind }: Fault) => kind.type !== 'act' || DEEDS[kind.act].excuses.length === 0;
    for (const slow of [{ latencyMs: 40 }, { staleMs: 5_000 }]) {
      const every = IS_FULL ? shares : 12 * shares;
      const part = { share, shares: every, isWanted: isOurs };
      await singleFaults(campaign, { ...V1_SERVES, ...slow }, part);
    }
  },
  /** A start-over that finds traffic moved by a person, with nothing else cut off before it. */
  'single-faults-start-over': (campaign: Campaign, share: Share) =>
    singleFaults(
      campaign,
      { ...V1_SERVES, start: 'v1-v0' },
      {
        ...share,
        first: run('start-over v2', parseFault('lock.read#1:!swap')),
        followUps: [run('resume'), run('start-over v3')],
        isWanted: ({ kind, site }) =>
          site !== 'lock.read' &&
          ['crash-before', 'crash-after', 'act'].includes(kind.type) &&
          (kind.type !== 'act' || kind.act === 'SIGINT'),
      },
    ),
  'crash-pairs': async (campaign: Campaign, share: Share) => {
    const starts = IS_FULL ? (['v1', 'v1-v0', 'empty'] as const) : (['v1'] as const);
    for (const start of starts) await crashPairs(campaign, { ...V1_SERVES, start }, share);
  },
  races,
  'random-schedules': randomSchedules,
  'random-acts': randomActs,
  'lock-races-ours': (campaign: Campaign, share: Share) => lockRaces(campaign, TWO_OF_OURS, share),
  'lock-races-old': (campaign: Campaign, share: Share) =>
    lockRaces(campaign, OURS_AND_THE_OLD_TOOL, share),
  'lock-races-many': (campaign: Campaign, share: Share) =>
    lockRaces(campaign, THREE_OF_OURS_AND_THE_OLD_TOOL, share),
  'go-hand-over': handOver,
  'go-race': oldRaces,
} as const;

export type SuiteName = keyof typeof SUITES;
