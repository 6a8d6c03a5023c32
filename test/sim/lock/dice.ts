import type { RandomBytes } from '../../../src/lock/attempt.ts';

/** Looked up once: Jest makes every look at a global a slow one. */
const { imul } = Math;

/** Chance that comes out the same for the same seed, every time. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = imul(seed + 1, 0x9e37_79b1) >>> 0;
  }

  /** From 0 up to, but not including, 1. */
  readonly roll = (): number => {
    this.#state = (this.#state + 0x6d2b_79f5) >>> 0;
    let mixed = imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  /** From `min` up to, but not including, `max`. */
  between(min: number, max: number): number {
    return min + this.roll() * (max - min);
  }

  /** Whether something happens that does so with this probability. */
  happens(probability: number): boolean {
    return this.roll() < probability;
  }

  pick<T>(options: readonly [T, ...T[]]): T {
    return options[Math.floor(this.roll() * options.length)] ?? options[0];
  }

  readonly bytes: RandomBytes = (count) => {
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count; at++) bytes[at] = this.roll() * 256;
    return bytes;
  };
}
