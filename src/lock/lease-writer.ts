import { sleep } from '../clock.ts';
import { attempt, randomId, retryDelayMs } from './attempt.ts';
import { LeaseLostError } from './errors.ts';
import { ATTRIBUTE, decodeItem, encodeFields, type LockRecord, type RawItem } from './item.ts';
import type { LeaseClock } from './lease-clock.ts';
import type { LeaseOptions, LeaseTimes } from './lease-settings.ts';
import { failureOf, type LockUpdateResult, MAX_VERSIONS } from './store.ts';

/** What a write does beside renewing the record. */
export interface LeaseWrite {
  readonly kind: 'renew' | 'yield' | 'release';
  readonly data?: Uint8Array | undefined;
}

/** Whose record is written, and from which version on. */
export interface WriterOptions {
  readonly options: Pick<LeaseOptions, 'store' | 'random' | 'key'>;
  readonly clock: LeaseClock;
  readonly times: LeaseTimes;
  readonly owner: string;
  readonly recordVersionNumber: string;
  /** Stops every write when the lease is lost; its reason is what the writes reject with. */
  readonly lost: AbortSignal;
}

/**
 * Writes an owner's record, one write at a time, until each is confirmed.
 *
 * Every attempt brings a new version and requires the version that was confirmed last, or one of
 * those sent since. So a lost answer costs nothing, and an attempt that arrives late finds a version
 * that it doesn't know and changes nothing: the record never goes back.
 */
export class LeaseWriter {
  readonly #to: WriterOptions;
  /** The version confirmed last and all those that may have been written since, oldest first. */
  readonly #candidates: Set<string>;
  #queue: Promise<unknown> = Promise.resolve();
  #lastFailure: unknown;

  constructor(to: WriterOptions) {
    this.#to = to;
    this.#candidates = new Set([to.recordVersionNumber]);
  }

  /** What went wrong last; undefined after a confirmed write. */
  get lastFailure(): unknown {
    return this.#lastFailure;
  }

  /**
   * @returns when the confirmed attempt was sent, by the lease's clock.
   * @throws {LeaseLostError} when the record is somebody else's, or when `lost` is aborted.
   * @throws {LockStoreError} `invalid`: this write can't be made, but others can.
   */
  write(write: LeaseWrite): Promise<number> {
    const confirmed = this.#queue.then(() => this.#repeat(write));
    this.#queue = confirmed.catch(() => undefined);
    return confirmed;
  }

  async #repeat(write: LeaseWrite): Promise<number> {
    const { clock, lost, options } = this.#to;
    /** When the attempts were sent that may have been made. */
    const sentMs = new Map<string, number>();
    try {
      for (let failures = 0; ;) {
        const confirmedMs = await this.#attempt(write, sentMs);
        if (confirmedMs !== undefined) return confirmedMs;
        await sleep(clock, retryDelayMs(++failures, options.random), lost);
      }
    } catch (error) {
      const endMayBeWritten = write.kind !== 'renew' && sentMs.size > 0;
      throw error instanceof LeaseLostError && endMayBeWritten
        ? new LeaseLostError(error.reason, {
            key: error.key,
            current: error.current,
            cause: error.cause,
            endMayBeWritten,
          })
        : error;
    }
  }

  /** @returns when the write was sent, if it is confirmed; undefined if it must be tried again. */
  async #attempt(write: LeaseWrite, sentMs: Map<string, number>): Promise<number | undefined> {
    const { clock, options, times, lost } = this.#to;
    const version = randomId(options.random);
    const update = this.#update(write, version);
    const nowMs = clock.monotonicMs();
    this.#candidates.add(version);
    sentMs.set(version, nowMs);
    let result: LockUpdateResult;
    try {
      result = await attempt((cutOff) => options.store.update(options.key, update, cutOff), {
        clock,
        limitMs: times.attemptLimitMs,
        signal: lost,
      });
    } catch (error) {
      if (error instanceof LeaseLostError) throw error;
      this.#lastFailure = error;
      const failure = failureOf(error);
      if (failure !== 'unknown') this.#forget(version, sentMs);
      if (failure === 'invalid') throw error;
      return undefined;
    }
    if (!result.written) {
      this.#forget(version, sentMs, result.current);
      return this.#judge(write, result.current, sentMs);
    }
    this.#candidates.clear();
    this.#candidates.add(version);
    this.#lastFailure = undefined;
    return nowMs;
  }

  #update(write: LeaseWrite, version: string) {
    const ends = write.kind !== 'renew';
    return {
      set: encodeFields({
        leaseDurationMs: ends ? 0 : this.#to.times.leaseDurationMs,
        recordVersionNumber: version,
        data: write.data,
        isReleased: write.kind === 'release' ? true : undefined,
      }),
      remove: [],
      condition: {
        kind: 'held' as const,
        owner: this.#to.owner,
        versions: [...this.#candidates].slice(-MAX_VERSIONS),
      },
    };
  }

  /** A write that was certainly not made is no candidate, unless the item says that it was. */
  #forget(version: string, sentMs: Map<string, number>, current?: RawItem): void {
    if (current?.[ATTRIBUTE.recordVersionNumber]?.S === version) return;
    this.#candidates.delete(version);
    sentMs.delete(version);
  }

  /** The condition did not hold: is the record ours all the same? */
  #judge(
    write: LeaseWrite,
    item: RawItem | undefined,
    sentMs: ReadonlyMap<string, number>,
  ): number | undefined {
    const current = this.#decode(item);
    const version = current.recordVersionNumber;
    if (current.owner !== this.#to.owner) throw this.#lost('taken', current);
    if (current.isReleased && write.kind !== 'release') throw this.#lost('released', current);
    const confirmedMs = sentMs.get(version);
    if (confirmedMs !== undefined) return confirmedMs;
    // Released under our name, whoever did it: there is nothing left to release.
    if (current.isReleased) return this.#to.clock.monotonicMs();
    if (!this.#candidates.has(version)) throw this.#lost('taken', current);
    // An earlier attempt arrived after the condition was judged. It becomes the newest candidate.
    this.#candidates.delete(version);
    this.#candidates.add(version);
    return undefined;
  }

  #decode(item: RawItem | undefined): LockRecord {
    const { key } = this.#to.options;
    if (!item) throw this.#lost('deleted');
    try {
      return decodeItem(key, item);
    } catch (error) {
      throw new LeaseLostError('malformed', { key, cause: error });
    }
  }

  #lost(reason: 'taken' | 'released' | 'deleted', current?: LockRecord): LeaseLostError {
    return new LeaseLostError(reason, { key: this.#to.options.key, current });
  }
}
