import type { Clock } from '../../src/clock.ts';
import { dateOf } from '../epoch.ts';
import type { Download } from './ecr/downloads.ts';
import type { WorldEvent } from './events.ts';
import { IamState } from './iam/state.ts';
import { Region } from './region.ts';
import { DEFAULT_SETTINGS, type Settings } from './settings.ts';
import { StsState } from './sts/state.ts';
import type { TaskRuntime } from './task-runtime.ts';

/**
 * A small AWS: state and rules, nothing else. It knows no socket, no process and no time but the
 * clock it is given, so that it behaves alike behind HTTP and in a simulation of thousands of runs.
 */
export class World {
  readonly clock: Clock;
  readonly settings: Settings;
  readonly runtime: TaskRuntime;
  readonly sts = new StsState();
  readonly iam = new IamState();
  /** What the registry has given addresses for, by secret name. */
  readonly downloads = new Map<string, Download>();
  readonly #random: () => number;
  readonly #regions = new Map<string, Region>();
  readonly #listeners = new Set<(event: WorldEvent) => void>();

  /** @param options.random Numbers in [0, 1); seeded in a simulation. */
  constructor(options: {
    clock: Clock;
    random: () => number;
    runtime: TaskRuntime;
    settings?: Partial<Settings>;
  }) {
    this.clock = options.clock;
    this.#random = options.random;
    this.runtime = options.runtime;
    this.settings = { ...DEFAULT_SETTINGS, ...options.settings };
  }

  /** What `accountId` owns in Region `name`; empty at first. */
  region(accountId: string, name: string): Region {
    const key = `${accountId}/${name}`;
    const known = this.#regions.get(key);
    if (known) return known;
    const region = new Region(accountId, name);
    this.#regions.set(key, region);
    return region;
  }

  /** Every Region that has been asked for. */
  regions(): Iterable<Region> {
    return this.#regions.values();
  }

  /** Milliseconds on the clock for a number of AWS's seconds. */
  scaledMs(seconds: number): number {
    return seconds * 1000 * this.settings.timeScale;
  }

  /** Calls back after so many of AWS's seconds. Returns what calls it off. */
  afterSeconds(seconds: number, callback: () => void): () => void {
    return this.clock.after(this.scaledMs(seconds), callback);
  }

  /** A time as the SDK's types hold it. */
  now(): Date {
    return dateOf(this.clock.wallMs());
  }

  random(): number {
    return this.#random();
  }

  /** So many random characters of `alphabet`. */
  randomString(length: number, alphabet = '0123456789abcdef'): string {
    return Array.from(
      { length },
      () => alphabet[Math.floor(this.random() * alphabet.length)] ?? '',
    ).join('');
  }

  /** Hears of everything that happens from now on. Returns what ends it. */
  subscribe(listener: (event: WorldEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: WorldEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
