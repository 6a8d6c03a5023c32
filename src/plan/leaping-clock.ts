import type { Clock } from '../clock.ts';

interface Timer {
  readonly atMs: number;
  readonly callback: () => void;
}

/**
 * A clock on which waiting takes no time: as soon as nothing else is left to do, it leaps to when the
 * next timer is due. For what is only acted out.
 */
export class LeapingClock implements Clock {
  readonly #startWallMs: number;
  readonly #onLeap: () => void;
  readonly #timers = new Set<Timer>();
  #nowMs = 0;
  #isLeapDue = false;

  /** @param onLeap Told of each leap, before what is due then runs. */
  constructor(startWallMs: number, onLeap: () => void) {
    this.#startWallMs = startWallMs;
    this.#onLeap = onLeap;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#startWallMs + this.#nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + Math.max(0, delayMs), callback };
    this.#timers.add(timer);
    this.#leapSoon();
    return () => this.#timers.delete(timer);
  }

  /** Not before all promises have gone as far as they can. */
  #leapSoon(): void {
    if (this.#isLeapDue) return;
    this.#isLeapDue = true;
    setImmediate(() => {
      this.#isLeapDue = false;
      this.#leap();
    });
  }

  #leap(): void {
    const [next] = [...this.#timers].sort((a, b) => a.atMs - b.atMs);
    if (!next) return;
    this.#timers.delete(next);
    this.#nowMs = next.atMs;
    this.#onLeap();
    next.callback();
    this.#leapSoon();
  }
}
