import type { Clock } from '../../src/clock.ts';

/** A clock that stands still until a test moves it. */
export class VirtualClock implements Clock {
  #nowMs = 0;
  #sequence = 0;
  readonly #startWallMs: number;
  #timers: { atMs: number; sequence: number; callback: () => void }[] = [];

  constructor(startWallMs = Date.UTC(2026, 0, 1)) {
    this.#startWallMs = startWallMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#startWallMs + this.#nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = {
      atMs: this.#nowMs + Math.max(0, delayMs),
      sequence: this.#sequence++,
      callback,
    };
    this.#timers.push(timer);
    this.#timers.sort((a, b) => a.atMs - b.atMs || a.sequence - b.sequence);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** How many callbacks are waiting. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Runs everything that is due within `ms`, in order, letting promises settle after each. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await settle();
    for (let next = this.#timers[0]; next && next.atMs <= untilMs; next = this.#timers[0]) {
      this.#timers.shift();
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.callback();
      await settle();
    }
    this.#nowMs = untilMs;
  }

  /** As `advance`, but for callbacks that wait for no promise: runs without leaving the stack. */
  advanceSync(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (let next = this.#timers[0]; next && next.atMs <= untilMs; next = this.#timers[0]) {
      this.#timers.shift();
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.callback();
    }
    this.#nowMs = untilMs;
  }

  /** Moves the clock until the promise settles; fails after `limitMs` of virtual time. */
  async run<T>(work: Promise<T>, limitMs = 3_600_000): Promise<T> {
    const state = { settled: false };
    const done = () => {
      state.settled = true;
    };
    work.then(done, done);
    const untilMs = this.#nowMs + limitMs;
    await settle();
    while (!state.settled) {
      const next = this.#timers[0];
      if (!next || next.atMs > untilMs) {
        throw new Error('The virtual clock ran out: nothing due settles the work.');
      }
      await this.advance(next.atMs - this.#nowMs);
    }
    return work;
  }
}

/** Lets every promise that can settle without time passing do so. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
