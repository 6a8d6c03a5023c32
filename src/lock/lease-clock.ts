import type { Clock } from '../clock.ts';

/** Wall and monotonic time drift apart by this much before it counts as a jump. */
const JUMP_MS = 10;

/**
 * Time as the owner of a lease must count it: never too slowly.
 *
 * On Linux the monotonic clock stands still while the machine sleeps, so a wall clock that runs
 * ahead of it is believed; one that falls back is not. Also notices when this process did not run for
 * a while, because its timers then fire late.
 * @see clock_gettime(2), CLOCK_MONOTONIC, Linux manual pages
 */
export class LeaseClock implements Clock {
  readonly #clock: Clock;
  readonly #pauseMs: number;
  #aheadMs: number;
  #jumpedMs = 0;
  #wokenAtMs = -Infinity;

  /** A timer that is late by more than `pauseMs` means that the process was paused. */
  constructor(clock: Clock, pauseMs: number) {
    this.#clock = clock;
    this.#pauseMs = pauseMs;
    this.#aheadMs = clock.wallMs() - clock.monotonicMs();
  }

  /** Counts the machine's sleep as well. */
  monotonicMs(): number {
    const monotonicMs = this.#clock.monotonicMs();
    const aheadMs = this.#clock.wallMs() - monotonicMs;
    const gainedMs = aheadMs - this.#aheadMs;
    // Smaller gains stay in the difference, so that a slow drift is counted once it adds up.
    if (gainedMs > JUMP_MS) this.#jumpedMs += gainedMs;
    if (Math.abs(gainedMs) > JUMP_MS) this.#aheadMs = aheadMs;
    return monotonicMs + this.#jumpedMs;
  }

  wallMs(): number {
    return this.#clock.wallMs();
  }

  after(delayMs: number, callback: () => void): () => void {
    const dueMs = this.monotonicMs() + delayMs;
    let isPending = true;
    const cancel = this.#clock.after(delayMs, () => {
      isPending = false;
      this.#noteLateness(dueMs);
      callback();
    });
    return () => {
      // After a pause an answer may come before the timers do, and call off the one that would tell.
      if (isPending) this.#noteLateness(dueMs);
      isPending = false;
      cancel();
    };
  }

  #noteLateness(dueMs: number): void {
    const nowMs = this.monotonicMs();
    if (nowMs - dueMs > this.#pauseMs) this.#wokenAtMs = nowMs;
  }

  /** When a pause was last noticed; -Infinity if never. */
  get wokenAtMs(): number {
    return this.#wokenAtMs;
  }
}
