import type { Clock } from '../../src/clock.ts';

/** Something due. Called off by dropping its callback; the heap forgets it when its turn comes. */
interface Timer {
  readonly atMs: number;
  readonly sequence: number;
  /** Whether nothing waits for a promise that the callback may settle. */
  readonly isQuiet: boolean;
  callback: (() => void) | undefined;
}

/**
 * A clock that stands still until a test moves it. What is due at the same instant runs in the order
 * in which it was asked for, so that every run of the same program is the same run.
 */
export class VirtualClock implements Clock {
  /** Called after each timer, when the promises that it settled have gone as far as they can. */
  afterEvent: (() => void) | undefined;
  /** How many timers have run. */
  events = 0;
  #nowMs = 0;
  #sequence = 0;
  #pending = 0;
  readonly #startWallMs: number;
  /** A binary heap: the next timer is the first, and none is due before its parent. */
  #heap: Timer[] = [];

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
    return this.#after(delayMs, callback, false);
  }

  /**
   * The same clock for callbacks that settle no promise, such as those of the sandbox's world: to let
   * promises go on after each of them would take longer than they do.
   */
  readonly quiet: Clock = {
    monotonicMs: () => this.#nowMs,
    wallMs: () => this.wallMs(),
    after: (delayMs, callback) => this.#after(delayMs, callback, true),
  };

  #after(delayMs: number, callback: () => void, isQuiet: boolean): () => void {
    const timer: Timer = {
      atMs: this.#nowMs + Math.max(0, delayMs),
      sequence: this.#sequence++,
      isQuiet,
      callback,
    };
    this.#push(timer);
    this.#pending++;
    return () => {
      if (timer.callback) this.#pending--;
      timer.callback = undefined;
    };
  }

  /** How many callbacks are waiting. */
  get pending(): number {
    return this.#pending;
  }

  /** When the next callback is due; undefined when none is. */
  get nextAtMs(): number | undefined {
    return this.#next()?.atMs;
  }

  /** Runs everything that is due within `ms`, in order, letting promises settle after each. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await this.runUntil(() => false, ms);
    this.#nowMs = untilMs;
  }

  /**
   * Runs what is due, in order, until `isDone` says so between two timers.
   * @returns false when nothing more is due within `limitMs`; the clock then stands at what ran last.
   */
  async runUntil(isDone: () => boolean, limitMs = 3_600_000): Promise<boolean> {
    const untilMs = this.#nowMs + limitMs;
    await settle();
    while (!isDone()) {
      const timer = this.#runNext(untilMs);
      if (!timer) return false;
      if (!timer.isQuiet) await settle();
      this.afterEvent?.();
    }
    return true;
  }

  /** As `advance`, but for callbacks that wait for no promise: runs without leaving the stack. */
  advanceSync(ms: number): void {
    const untilMs = this.#nowMs + ms;
    while (this.#runNext(untilMs)) this.afterEvent?.();
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
      const nextMs = this.nextAtMs;
      if (nextMs === undefined || nextMs > untilMs) {
        throw new Error('The virtual clock ran out: nothing due settles the work.');
      }
      await this.advance(nextMs - this.#nowMs);
    }
    return work;
  }

  /** Runs the next callback if it is due by then. */
  #runNext(untilMs: number): Timer | undefined {
    const timer = this.#next();
    if (!timer?.callback || timer.atMs > untilMs) return undefined;
    this.#dropFirst();
    const { callback } = timer;
    // To call off what has run is allowed, and nothing.
    timer.callback = undefined;
    this.#pending--;
    this.#nowMs = Math.max(this.#nowMs, timer.atMs);
    this.events++;
    callback();
    return timer;
  }

  /** The first timer that was not called off. */
  #next(): Timer | undefined {
    while (this.#heap[0] && !this.#heap[0].callback) this.#dropFirst();
    return this.#heap[0];
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = heap[parentAt]!;
      if (!isBefore(timer, parent)) break;
      heap[at] = parent;
      at = parentAt;
    }
    heap[at] = timer;
  }

  #dropFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let childAt = 2 * at + 1;
      if (childAt >= heap.length) break;
      if (childAt + 1 < heap.length && isBefore(heap[childAt + 1]!, heap[childAt]!)) childAt++;
      const child = heap[childAt]!;
      if (!isBefore(child, last)) break;
      heap[at] = child;
      at = childAt;
    }
    heap[at] = last;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence);
}

/** Lets every promise that can settle without time passing do so. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
