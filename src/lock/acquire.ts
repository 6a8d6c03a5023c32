import { claim } from './claim.ts';
import { ATTRIBUTE, decodeItem, type HolderInfo, type RawItem } from './item.ts';
import { LeaseClock } from './lease-clock.ts';
import { type LeaseOptions, leaseTimes } from './lease-settings.ts';
import { Lease } from './lease.ts';
import { LockStoreError } from './store.ts';

/** Which lock to take, and what to write into it. */
export interface AcquireOptions extends LeaseOptions {
  readonly data: Uint8Array;
  /** Gives up. If the lock may have been taken by then, it is freed again first. */
  readonly signal?: AbortSignal | undefined;
}

/** What a lock's item held before it was taken. */
export interface PreviousRecord {
  readonly data: Uint8Array;
  readonly item: RawItem;
}

/** Either the lock is ours, or somebody has it: then nothing was written. */
export type Acquired =
  | {
      readonly lease: Lease;
      /** Absent when there was none, or when the answer that carried it was lost. */
      readonly previous?: PreviousRecord;
    }
  | { readonly heldBy: HolderInfo };

/** How often the item may turn out to be free again, after a write found it held. */
const MAX_RACES = 5;

/**
 * Takes a lock that is free, with one request. Never waits for its holder, and never takes over from
 * one that is silent: that is `takeOver`.
 * @throws {MalformedLockItemError} when the item is none that the protocol allows; it is left alone.
 * @throws {LockStoreError} when the store refuses, or when the outcome stays unknown for a lease.
 * @throws the signal's reason, as soon as nothing of ours holds the lock.
 */
export async function acquire(options: AcquireOptions): Promise<Acquired> {
  const times = leaseTimes(options);
  const { leaseDurationMs } = times;
  const { key, data, signal } = options;
  const clock = new LeaseClock(options.clock, times.heartbeatIntervalMs);
  for (let race = 0; race < MAX_RACES; race++) {
    const outcome = await claim({
      options,
      clock,
      times,
      signal,
      condition: { kind: 'free' },
      fields: { leaseDurationMs, data },
      remove: [ATTRIBUTE.isReleased],
    });
    if (outcome.won) {
      const lease = new Lease({ options, clock, times, claim: outcome });
      const previous = previousRecord(outcome.previous);
      if (signal?.aborted) {
        await lease.releaseLock(previous?.data ?? new Uint8Array());
        throw signal.reason;
      }
      return previous ? { lease, previous } : { lease };
    }
    // A store that reads the item only after the refusal may find it free again.
    const holder = outcome.current && decodeItem(key, outcome.current);
    if (holder && !holder.isReleased) return { heldBy: holder };
  }
  throw new LockStoreError('throttled', `The lock "${key}" changes hands too quickly to be read.`);
}

/** Takes what is there as it is: a released item may lack anything but its mark. */
function previousRecord(item: RawItem | undefined): PreviousRecord | undefined {
  return item && { data: item[ATTRIBUTE.data]?.B ?? new Uint8Array(), item };
}
