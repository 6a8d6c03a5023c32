import { type Clock, sleep } from '../../../src/clock.ts';
import { failureOf } from '../../../src/lock/store.ts';

/** Gives a number from 0 up to, but not including, 1. */
export type Dice = () => number;

/** What a nil pointer ends in: the whole process is gone. */
export class GoPanic extends Error {
  override readonly name = 'GoPanic';
}

const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['\u00B5s', 1e-3],
  ['\u03BCs', 1e-3],
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/**
 * Reads a duration as Go does: a sign, then numbers with units; `0` needs none. Written apart from
 * the parser in `src`, so that the one can be held against the other.
 * @returns milliseconds.
 * @throws {Error} with Go's words.
 * @see ParseDuration, package time, Go standard library
 */
export function parseGoDuration(text: string): number {
  let rest = text.replace(/^[-+]/, '');
  if (rest === '0') return 0;
  if (rest === '') throw new Error(`time: invalid duration "${text}"`);
  let ms = 0;
  while (rest !== '') {
    const number = /^(?:\d+(?:\.\d*)?|\.\d+)/.exec(rest)?.[0];
    if (number === undefined) throw new Error(`time: invalid duration "${text}"`);
    rest = rest.slice(number.length);
    const unit = /^[^.\d]*/.exec(rest)?.[0] ?? '';
    if (unit === '') throw new Error(`time: missing unit in duration "${text}"`);
    const unitMs = UNIT_MS.get(unit);
    if (unitMs === undefined) throw new Error(`time: unknown unit "${unit}" in "${text}"`);
    ms += Number(number) * unitMs;
    rest = rest.slice(unit.length);
  }
  return text.startsWith('-') ? -ms : ms;
}

/** Writes whole milliseconds as `Duration.String()` does. */
export function formatGoDuration(ms: number): string {
  if (ms > 0 && ms < 1_000) return `${ms}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000);
  const seconds = `${(ms % 60_000) / 1_000}s`;
  if (hours > 0) return `${hours}h${minutes % 60}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

/** Of the DynamoDB client; every other service has 3. */
const MAX_RETRIES = 10;
const MIN_DELAY_MS = 50;

/**
 * Sends a request as the SDK does: without any time limit, and again, the very same one, whenever the
 * connection breaks or the service is busy.
 * @see DefaultRetryer, AWS SDK for Go (v1)
 */
export async function sendWithRetries<T>(
  { clock, dice }: { clock: Clock; dice: Dice },
  request: () => Promise<T>,
): Promise<T> {
  for (let retries = 0; ; retries++) {
    try {
      return await request();
    } catch (error) {
      const failure = failureOf(error);
      const isFinal = failure === 'denied' || failure === 'invalid';
      if (isFinal || retries === MAX_RETRIES) throw error;
      await sleep(clock, (1 + dice()) * MIN_DELAY_MS * 2 ** retries);
    }
  }
}

/** One at a time, in the order of asking. */
export class Mutex {
  #tail: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(work);
    this.#tail = done.catch(() => undefined);
    return done;
  }
}

/** Waits for the ticks of a `time.Ticker`: on a fixed grid, and at most one of those missed is kept. */
export class Ticker {
  readonly #clock: Clock;
  readonly #periodMs: number;
  readonly #startMs: number;
  #ticks = 0;

  constructor(clock: Clock, periodMs: number) {
    this.#clock = clock;
    this.#periodMs = periodMs;
    this.#startMs = clock.monotonicMs();
  }

  async next(): Promise<void> {
    const passedMs = this.#clock.monotonicMs() - this.#startMs;
    this.#ticks = Math.max(this.#ticks + 1, Math.floor(passedMs / this.#periodMs));
    await sleep(this.#clock, Math.max(0, this.#ticks * this.#periodMs - passedMs));
  }
}
