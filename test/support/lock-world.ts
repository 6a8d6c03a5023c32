import type { Clock } from '../../src/clock.ts';
import type { LockStore } from '../../src/lock/store.ts';
import { MemoryLockStore } from './memory-lock-store.ts';
import { VirtualClock } from './virtual-clock.ts';

export const KEY = 'shop-dev';

/** Bytes as random as a test needs them: never the same twice in a row, always the same per run. */
export function seededBytes(seed = 1): (count: number) => Uint8Array {
  let state = seed;
  return (count) =>
    Uint8Array.from({ length: count }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    });
}

export const bytes = (text: string) => new TextEncoder().encode(text);
export const text = (data: Uint8Array | undefined) => new TextDecoder().decode(data);

/** A machine: its own clock may sleep while the others' go on. */
export class Machine implements Clock {
  readonly #clock: VirtualClock;
  #wallAheadMs = 0;
  #frozen = false;
  #overdue: (() => void)[] = [];

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  monotonicMs(): number {
    return this.#clock.monotonicMs();
  }

  wallMs(): number {
    return this.#clock.wallMs() + this.#wallAheadMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    let isCancelled = false;
    const run = () => {
      if (!isCancelled) callback();
    };
    const cancel = this.#clock.after(delayMs, () => {
      if (this.#frozen) this.#overdue.push(run);
      else run();
    });
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  /** As SIGSTOP: from now on no timer runs, though both clocks go on. */
  stop(): void {
    this.#frozen = true;
  }

  /** As SIGCONT: the timers that fell due meanwhile run first of all. */
  go(): void {
    this.#frozen = false;
    for (const run of this.#overdue.splice(0)) run();
  }

  /** Stops for so long. */
  async freeze(ms: number): Promise<void> {
    this.stop();
    await this.#clock.advance(ms);
    this.go();
  }

  /** The wall clock jumps: the machine slept (Linux stops its monotonic clock), or was set. */
  jump(ms: number): void {
    this.#wallAheadMs += ms;
  }
}

/** One lock table, and what a deployer needs to use it. */
export function lockWorld() {
  const clock = new VirtualClock();
  const machine = new Machine(clock);
  const store = new MemoryLockStore(clock);
  return {
    clock,
    machine,
    store,
    options: { ...deployer(store, machine), data: bytes('step 1') },
    /** Another process on another machine, with its own names. */
    rival: (seed = 99) => deployer(store, clock, seed),
  };
}

/** What one deployer passes to every function of the lock. */
export function deployer(store: LockStore, clock: Clock, seed = 1) {
  return { store, clock, random: seededBytes(seed), key: KEY };
}
