import type { Campaign } from '../engine/campaign.ts';
import type { Kind } from '../lock/contenders.ts';
import type { Counts } from '../lock/counts.ts';
import { race } from '../lock/race.ts';
import type { Share } from './index.ts';

/** Who fights for the lock, and how often. */
interface Pairing {
  readonly kinds: readonly Kind[];
  readonly schedules: number;
  /** What must have happened in all of them together; otherwise little was tried. */
  readonly atLeast: Partial<Counts>;
}

export const TWO_OF_OURS: Pairing = {
  kinds: ['ours', 'ours'],
  schedules: 2_000,
  atLeast: {
    takenOver: 2_000,
    confirmed: 10_000,
    mutations: 7_000,
    released: 1_000,
    yielded: 1_000,
    broken: 200,
    lostByTaking: 110,
    lostByExpiry: 240,
    answersLost: 3_500,
    late: 1_500,
    pauses: 1_100,
    cuts: 1_100,
    sleeps: 500,
    crashes: 500,
    interrupted: 300,
  },
};

export const OURS_AND_THE_OLD_TOOL: Pairing = {
  kinds: ['ours', 'dynamolock'],
  schedules: 2_000,
  atLeast: {
    takenFromTheOldTool: 700,
    takenByTheOldTool: 400,
    confirmed: 3_500,
    mutations: 2_500,
    released: 400,
    yielded: 400,
    broken: 100,
    lostByTaking: 40,
    lostByExpiry: 100,
    answersLost: 3_500,
    late: 1_500,
    pauses: 1_000,
    cuts: 1_000,
    sleeps: 280,
    crashes: 500,
    interrupted: 150,
    undoneByPut: 7,
  },
};

export const THREE_OF_OURS_AND_THE_OLD_TOOL: Pairing = {
  kinds: ['ours', 'ours', 'ours', 'dynamolock'],
  schedules: 100,
  atLeast: { takenOver: 120, takenFromTheOldTool: 30, takenByTheOldTool: 20, confirmed: 300 },
};

/** Of what must have happened in all parts together, each sees about its share; some see less. */
const UNEVENNESS = 0.8;

/**
 * Lets contenders fight for one lock, schedule by schedule.
 * @throws {Error} at the first violation, with what happened and how to see it again; or when too
 *   little has happened.
 */
export async function lockRaces(
  campaign: Campaign,
  { atLeast, kinds, schedules }: Pairing,
  { share, shares }: Share,
): Promise<void> {
  Error.stackTraceLimit = 0; // Thousands of lost connections, of which nobody reads the stack.
  const seeds = seedsOf(process.env['LOCK_SEED'] ?? `1-${schedules}`);
  const own = seeds.filter((_, index) => index % shares === share);
  const totals: Partial<Counts> = {};
  for (const seed of own) {
    const { counts, violations } = await race(seed, kinds);
    if (violations.length > 0) throw new Error(await report(seed, kinds));
    campaign.count({ processes: kinds, events: 0 });
    for (const [name, count] of Object.entries(counts) as [keyof Counts, number][]) {
      totals[name] = (totals[name] ?? 0) + count;
    }
  }
  const part = (UNEVENNESS * own.length) / schedules;
  for (const [name, minimum] of Object.entries(atLeast)) {
    const count = totals[name as keyof Counts] ?? 0;
    if (count >= Math.floor(minimum * part)) continue;
    throw new Error(
      `The suite is empty: ${name} happened ${count} times. ${JSON.stringify(totals)}`,
    );
  }
}

/** Runs the schedule once more, and writes down all of it. */
async function report(seed: number, kinds: readonly Kind[]): Promise<string> {
  const { log, violations } = await race(seed, kinds, { isLogged: true });
  return [...log, '', ...violations, `LOCK_SEED=${seed} npm run jest -- race`].join('\n');
}

function seedsOf(range: string): number[] {
  const [first = 1, last = first] = range.split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
