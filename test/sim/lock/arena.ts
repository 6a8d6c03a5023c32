import { Machine } from '../../support/lock-world.ts';
import {
  MemoryLockStore,
  type StoreCall,
  type StoreFault,
} from '../../support/memory-lock-store.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { Dice } from './dice.ts';
import { Judge } from './judge.ts';

/** How rough one schedule is. Each has its own mixture: where all goes wrong, little happens. */
interface Weather {
  readonly leaseDurationMs: number;
  readonly heartbeatIntervalMs: number;
  readonly lostRequests: number;
  readonly lostAnswers: number;
  readonly late: number;
  readonly latestMs: number;
  readonly copied: number;
  readonly refused: number;
  /** How long, on average, until something happens to a machine. */
  readonly calmMs: number;
}

/** Its timers are Node's: whole milliseconds, cut off, and at least one. */
export class NodeMachine extends Machine {
  override after(delayMs: number, callback: () => void): () => void {
    return super.after(Math.max(1, Math.trunc(delayMs)), callback);
  }
}

/** One lock table, everybody who fights for the lock in it, and who watches them. */
export interface Arena {
  readonly clock: VirtualClock;
  readonly store: MemoryLockStore;
  readonly dice: Dice;
  readonly judge: Judge;
  readonly weather: Weather;
}

/** @param isLogged Keeps what happens as text; a schedule is the same with it and without. */
export function newArena(seed: number, isLogged: boolean): Arena {
  const clock = new VirtualClock();
  const store = new MemoryLockStore(clock);
  const dice = new Dice(seed);
  const weather = newWeather(dice);
  const judge = new Judge(clock, store, isLogged);
  store.faultFor = (call) => {
    const fault = faultFor(dice, weather);
    judge.sent(call, fault);
    return fault;
  };
  return { clock, store, dice, judge, weather };
}

/** From now on, every request takes 10 ms to the table and 10 ms back. */
export function calm({ store, judge }: Arena): void {
  store.faultFor = (call: StoreCall) => {
    const fault = { kind: 'late', arrivesMs: 10, answerMs: 10 } as const;
    judge.sent(call, fault);
    return fault;
  };
}

function newWeather(dice: Dice): Weather {
  const leaseDurationMs = dice.pick([10_000, 6_000, 3_000]);
  return {
    leaseDurationMs,
    heartbeatIntervalMs: dice.pick([1_000, leaseDurationMs / 3]),
    lostRequests: dice.pick([0, 0.04, 0.15]),
    lostAnswers: dice.pick([0, 0.04, 0.2]),
    late: dice.pick([0, 0.08, 0.25]),
    latestMs: leaseDurationMs * dice.pick([0.3, 1.1, 2]),
    copied: dice.pick([0, 0.05, 0.2]),
    refused: dice.pick([0, 0.05]),
    calmMs: dice.pick([5_000, 12_000]),
  };
}

/** Mostly such that the sender can't know what became of its request. */
function faultFor(dice: Dice, weather: Weather): StoreFault {
  let chance = dice.roll();
  const isIn = (probability: number) => (chance -= probability) < 0;
  if (isIn(weather.lostRequests)) return { kind: 'lost-request' };
  if (isIn(weather.refused)) return { kind: 'refused', failure: 'throttled' };
  if (isIn(weather.copied)) {
    if (dice.happens(0.2)) return { kind: 'repeated' };
    return { kind: 'copied', copyMs: dice.between(0, weather.latestMs) };
  }
  const isAnswerLost = isIn(weather.lostAnswers);
  const isLate = dice.happens(weather.late);
  const arrivesMs = dice.between(2, isLate ? weather.latestMs : 40);
  return { kind: 'late', arrivesMs, answerMs: dice.between(2, isLate ? 3_000 : 40), isAnswerLost };
}
