import type { Clock } from '../../src/clock.ts';
import type { RawItem } from '../../src/lock/item.ts';
import {
  type LockStore,
  LockStoreError,
  type LockUpdate,
  type LockUpdateResult,
} from '../../src/lock/store.ts';
import { MemoryLockStore, type RawWrite } from './memory-lock-store.ts';
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

/** A machine: what runs on it may stand still, and its clock may too, while the others' go on. */
export class Machine implements Clock {
  readonly #clock: VirtualClock;
  #wallAheadMs = 0;
  #sleptMs = 0;
  #asleepSinceMs: number | undefined;
  #isFrozen = false;
  #isCrashed = false;
  #overdue: (() => void)[] = [];
  #received: (() => void)[] = [];

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  get hasCrashed(): boolean {
    return this.#isCrashed;
  }

  /** Whether anything on it can act. */
  get isRunning(): boolean {
    return !this.#isFrozen && !this.#isCrashed;
  }

  monotonicMs(): number {
    return (this.#asleepSinceMs ?? this.#clock.monotonicMs()) - this.#sleptMs;
  }

  wallMs(): number {
    return this.#clock.wallMs() + this.#wallAheadMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const dueMs = this.monotonicMs() + delayMs;
    let isCancelled = false;
    let cancel: () => void;
    const run = () => {
      const earlyMs = dueMs - this.monotonicMs();
      if (isCancelled) return;
      // Its own clock stood still meanwhile; a rest from calculating in fractions is no time.
      if (earlyMs > 1e-6) arm(earlyMs);
      else callback();
    };
    const arm = (ms: number) => {
      cancel = this.#clock.after(ms, () => {
        if (this.#isFrozen) this.#overdue.push(run);
        else if (!this.#isCrashed) run();
      });
    };
    arm(delayMs);
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  /** Something arrives from outside: at once, or when the machine runs again, after its timers. */
  receive(callback: () => void): void {
    if (this.#isFrozen) this.#received.push(callback);
    else if (!this.#isCrashed) callback();
  }

  /** As SIGSTOP: from now on no timer runs, though both clocks go on. */
  stop(): void {
    this.#isFrozen = true;
  }

  /** As SIGCONT: the timers that fell due meanwhile run first of all, as in Node. */
  go(): void {
    if (this.#asleepSinceMs !== undefined) {
      this.#sleptMs += this.#clock.monotonicMs() - this.#asleepSinceMs;
      this.#asleepSinceMs = undefined;
    }
    this.#isFrozen = false;
    if (this.#isCrashed) return;
    for (const run of this.#overdue.splice(0)) run();
    for (const callback of this.#received.splice(0)) callback();
  }

  /** Stops for so long. */
  async freeze(ms: number): Promise<void> {
    this.stop();
    await this.#clock.advance(ms);
    this.go();
  }

  /** The lid is closed, until `go`: Linux stops the monotonic clock meanwhile, the wall clock goes on. */
  suspend(): void {
    this.stop();
    this.#asleepSinceMs ??= this.#clock.monotonicMs();
  }

  /** The wall clock jumps: the machine slept (Linux stops its monotonic clock), or was set. */
  jump(ms: number): void {
    this.#wallAheadMs += ms;
  }

  /** As SIGKILL: nothing on it ever runs again. */
  crash(): void {
    this.#isCrashed = true;
  }
}

/** A machine's way to the lock table: answers wait while the machine stands still. */
export class Connection implements LockStore {
  /** What gets lost, both ways in vain for whoever waits. */
  loses: 'nothing' | 'requests' | 'answers' = 'nothing';
  readonly #store: MemoryLockStore;
  readonly #machine: Machine;

  constructor(store: MemoryLockStore, machine: Machine) {
    this.#store = store;
    this.#machine = machine;
  }

  read(key: string): Promise<RawItem | undefined> {
    return this.#pass(() => this.#store.read(key));
  }

  update(key: string, update: LockUpdate): Promise<LockUpdateResult> {
    return this.#pass(() => this.#store.update(key, update));
  }

  write(key: string, write: RawWrite): Promise<LockUpdateResult> {
    return this.#pass(() => this.#store.write(key, write));
  }

  #pass<T>(send: () => Promise<T>): Promise<T> {
    const isRequestLost = this.loses === 'requests';
    const isAnswerLost = this.loses === 'answers';
    const answer = isRequestLost ? Promise.reject(disconnected()) : send();
    return new Promise((resolve, reject) => {
      answer.then(
        (value) => {
          const settle = () => (isAnswerLost ? reject(disconnected()) : resolve(value));
          this.#machine.receive(settle);
        },
        (error: unknown) => this.#machine.receive(() => reject(error)),
      );
    });
  }
}

function disconnected(): LockStoreError {
  return new LockStoreError('unknown', 'The machine is cut off.');
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
