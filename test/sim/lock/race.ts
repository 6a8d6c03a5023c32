import { acquire } from '../../../src/lock/acquire.ts';
import { inspect } from '../../../src/lock/inspect.ts';
import { takeOver } from '../../../src/lock/take-over.ts';
import { bytes, Connection, KEY } from '../../support/lock-world.ts';
import { type Arena, calm, newArena, NodeMachine } from './arena.ts';
import { contend, type Kind } from './contenders.ts';
import { Dynamolock } from './dynamolock-v1.ts';
import type { Counts } from './counts.ts';

/** What came of one schedule. */
export interface RaceOutcome {
  readonly violations: readonly string[];
  readonly counts: Counts;
  /** What happened, if it was to be kept. */
  readonly log: readonly string[];
}

const FIGHT_MS = 25_000;
/** However alive a dead owner looks, because requests of it are still under way. */
const PATIENCE_MS = 600_000;
/** Two round trips and, for a poll that has just missed the last change, its interval. */
const SLACK_MS = 1_000 + 2 * 20 + 20;
/** Dynamolock looks once a second, and acts only when it looks. */
const DYNAMOLOCK_SLACK_MS = SLACK_MS + 1_000 + 12 * 20;

/**
 * Lets contenders fight for one lock in every kind of trouble, then ends the trouble, kills them all
 * and sees whether a newcomer gets the lock in time. The same seed gives the same schedule.
 */
export async function race(
  seed: number,
  kinds: readonly Kind[],
  { isLogged = false } = {},
): Promise<RaceOutcome> {
  const arena = newArena(seed, isLogged);
  const { clock, judge } = arena;
  const contenders = new AbortController();
  for (const [index, kind] of kinds.entries()) {
    void contend(arena, kind, `${kind === 'ours' ? 'o' : 'd'}${index}-`, contenders.signal);
  }
  try {
    await clock.advance(FIGHT_MS);
    contenders.abort();
    calm(arena);
    judge.note(() => 'the trouble is over, and so are all contenders');
    await admitNewcomer(arena, kinds);
  } catch (error) {
    judge.violated(`the schedule ended with ${String(error)}`);
  }
  return { violations: judge.violations, counts: judge.counts, log: judge.log };
}

async function admitNewcomer(arena: Arena, kinds: readonly Kind[]): Promise<void> {
  const { clock, dice, judge, weather } = arena;
  const isOurs = dice.happens(0.5) || kinds.every((kind) => kind === 'ours');
  const startMs = clock.monotonicMs();
  await clock.run(isOurs ? obtainByOurs(arena) : obtainByDynamolock(arena));
  const tookMs = clock.monotonicMs() - Math.max(startMs, judge.history.silentSinceMs);
  const limitMs = weather.leaseDurationMs + (isOurs ? SLACK_MS : DYNAMOLOCK_SLACK_MS);
  if (tookMs > limitMs) judge.violated(`a newcomer needed ${tookMs} ms, not ${limitMs}`);
  await clock.advance(1_000);
}

async function obtainByOurs({ clock, store, dice, weather }: Arena): Promise<void> {
  const machine = new NodeMachine(clock);
  const { leaseDurationMs, heartbeatIntervalMs } = weather;
  const options = {
    store: new Connection(store, machine),
    clock: machine,
    random: dice.bytes,
    key: KEY,
    ownerLabel: 'newcomer',
    leaseDurationMs,
    heartbeatIntervalMs,
    data: bytes('newcomer:1'),
    patienceMs: PATIENCE_MS,
  };
  for (;;) {
    const seen = await inspect(options.store, KEY);
    const isHeld = seen && !seen.isReleased;
    const outcome = isHeld ? await takeOver({ ...options, seen }) : await acquire(options);
    if ('lease' in outcome) return;
  }
}

async function obtainByDynamolock({ clock, store, dice, weather }: Arena): Promise<void> {
  const machine = new NodeMachine(clock);
  const client = new Dynamolock({
    connection: new Connection(store, machine),
    clock: machine,
    dice: dice.roll,
    leaseDurationMs: weather.leaseDurationMs,
    heartbeatPeriodMs: weather.heartbeatIntervalMs,
  });
  const data = bytes('newcomer:1');
  await client.acquireLock(KEY, { data, additionalTimeToWaitMs: PATIENCE_MS });
}
