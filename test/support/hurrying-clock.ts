import type { Clock } from '../../src/clock.ts';

/**
 * A clock for what waits for real sockets: short waits are over at once, and noted; long ones, which
 * are deadlines, end when a test says so. Time passes for nobody unless a test moves it.
 */
export class HurryingClock implements Clock {
  /** The waits that were hurried, in order. */
  readonly waitedMs: number[] = [];
  #nowMs = 0;
  readonly #deadlines = new Set<() => void>();

  monotonicMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return Date.UTC(2026, 0, 1) + this.#nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    if (delayMs >= 30_000) {
      this.#deadlines.add(callback);
      return () => this.#deadlines.delete(callback);
    }
    this.waitedMs.push(delayMs);
    const immediate = setImmediate(callback);
    return () => clearImmediate(immediate);
  }

  pass(ms: number): void {
    this.#nowMs += ms;
  }

  /** Reaches every deadline that is still waited for. */
  reachDeadlines(): void {
    for (const callback of this.#deadlines) callback();
  }
}
