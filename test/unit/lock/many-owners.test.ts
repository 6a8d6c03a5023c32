import { expect, test } from '@jest/globals';
import { sleep } from '../../../src/clock.ts';
import { acquire } from '../../../src/lock/acquire.ts';
import { inspect } from '../../../src/lock/inspect.ts';
import type { Lease } from '../../../src/lock/lease.ts';
import { takeOver } from '../../../src/lock/take-over.ts';
import type { RawItem } from '../../../src/lock/item.ts';
import { bytes, deployer, Machine, seededBytes, text } from '../../support/lock-world.ts';
import {
  MemoryLockStore,
  type StoreCall,
  type StoreFault,
} from '../../support/memory-lock-store.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/*
 * Goal: whatever the network and the machines do, two owners never both have the right to change
 * something, and no confirmed checkpoint is undone.
 * Method: four deployers fight for one lock for five minutes while answers get lost, requests arrive
 * late and machines freeze; everything is looked at every 50 ms. A failure names its seed.
 */
const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);
const MINUTES = 5;

test.each(SEEDS)('one owner at a time, and no checkpoint is undone (seed %d)', async (seed) => {
  const { history, tooMany, undone, confirmed } = await fight(seed);

  expect(tooMany).toEqual([]);
  expect(undone).toEqual([]);
  expect(backwards(history)).toEqual([]);
  const versions = history.map((item) => item.recordVersionNumber?.S);
  expect(new Set(versions).size).toBe(versions.length);
  expect(confirmed).toBeGreaterThan(20); // Otherwise nothing was tested.
});

async function fight(seed: number) {
  const clock = new VirtualClock();
  const store = new MemoryLockStore(clock);
  const chance = chances(seed);
  store.faultFor = (call) => faultFor(call, chance);
  const leases: Lease[] = [];
  const found = { tooMany: [] as string[], undone: [] as string[], confirmed: 0 };
  const stop = new AbortController();
  const fighters = [1, 2, 3, 4].map((number) => {
    const machine = new Machine(clock);
    void freezeNowAndThen(machine, clock, chance, stop.signal);
    return fightOn(
      { machine, store, chance, leases, found, stop: stop.signal },
      seed * 10 + number,
    );
  });

  for (let tick = 0; tick < MINUTES * 60 * 20; tick++) {
    await clock.advance(50);
    const mayAct = leases.filter((lease) => lease.mutationDeadlineMs() > 0);
    if (mayAct.length > 1) {
      found.tooMany.push(
        `${clock.monotonicMs()}: ${mayAct.map(({ owner }) => owner).join(' and ')}`,
      );
    }
  }
  stop.abort(new Error('The fight is over.'));
  await clock.advance(120_000);
  await Promise.all(fighters);
  return { ...found, history: store.history };
}

interface Fight {
  readonly machine: Machine;
  readonly store: MemoryLockStore;
  readonly chance: () => number;
  readonly leases: Lease[];
  readonly found: { undone: string[]; confirmed: number };
  readonly stop: AbortSignal;
}

/** Takes the lock again and again, works under it, and ends it in one way or another. */
async function fightOn({ machine, store, chance, leases, found, stop }: Fight, seed: number) {
  const options = deployer(store, machine, seed);
  while (!stop.aborted) {
    try {
      const lease = await obtain(options, stop);
      if (lease) {
        leases.push(lease);
        let step = 1;
        for (const steps = 2 + Math.floor(chance() * 8); step < steps; step++) {
          const data = `${lease.owner}:${step + 1}`;
          await lease.checkpoint(bytes(data));
          found.confirmed++;
          const written = store.history.some((item) => text(item.data?.B) === data);
          if (!written) found.undone.push(data);
          await sleep(machine, chance() * 5_000, lease.signal);
        }
        const last = bytes(`${lease.owner}:${step + 1}`);
        await (chance() < 0.5 ? lease.releaseLock(last) : lease.yieldLock(last));
      }
      await sleep(machine, chance() * 3_000, stop);
    } catch {
      await sleep(machine, 1_000); // Lost, unknown or over: all of them are expected here.
    }
  }
}

async function obtain(options: ReturnType<typeof deployer>, signal: AbortSignal) {
  const seen = await inspect(options.store, options.key);
  const outcome =
    seen && !seen.isReleased
      ? await takeOver({ ...options, seen, signal })
      : await acquire({ ...options, data: bytes('first:1'), signal });
  return 'lease' in outcome ? outcome.lease : undefined;
}

async function freezeNowAndThen(
  machine: Machine,
  clock: VirtualClock,
  chance: () => number,
  stop: AbortSignal,
) {
  while (!stop.aborted) {
    await sleep(clock, 5_000 + chance() * 60_000);
    machine.stop();
    await sleep(clock, chance() * 25_000);
    machine.go();
  }
}

function faultFor(call: StoreCall, chance: () => number): StoreFault | undefined {
  const dice = chance();
  // An attempt for a free lock must not outlive its claim here: see `claim` for what it then does.
  const isForFree = call.operation === 'update' && call.update.condition.kind === 'free';
  if (dice < 0.08) return { kind: 'lost-request' };
  if (dice < 0.16) return { kind: 'lost-answer' };
  if (dice < 0.28) {
    const arrivesMs = chance() * (isForFree ? 1_000 : 20_000);
    return { kind: 'late', arrivesMs, answerMs: chance() * 3_000 };
  }
  if (dice < 0.32) return { kind: 'refused', failure: 'throttled' };
  return { kind: 'late', arrivesMs: chance() * 60, answerMs: chance() * 60 };
}

/** The checkpoints that were written after a later one of the same owner. */
function backwards(history: readonly RawItem[]): string[] {
  const highest = new Map<string, number>();
  return history.flatMap((item) => {
    const [owner = '', step] = text(item.data?.B).split(':');
    const isEarlier = Number(step) < (highest.get(owner) ?? 0);
    highest.set(owner, Math.max(highest.get(owner) ?? 0, Number(step)));
    return isEarlier && owner !== 'first' ? [`${owner}:${step}`] : [];
  });
}

function chances(seed: number): () => number {
  const random = seededBytes(seed);
  return () => {
    const [high = 0, low = 0] = random(2);
    return (high * 256 + low) / 65_536;
  };
}
