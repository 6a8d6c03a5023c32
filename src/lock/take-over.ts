import { sleep } from '../clock.ts';
import type { PreviousRecord } from './acquire.ts';
import { attempt } from './attempt.ts';
import { claim } from './claim.ts';
import { MalformedLockItemError } from './errors.ts';
import { decodeItem, type HolderInfo, type LockRecord } from './item.ts';
import { LeaseClock } from './lease-clock.ts';
import { type LeaseOptions, type LeaseTimes, leaseTimes } from './lease-settings.ts';
import { Lease } from './lease.ts';
import { failureOf } from './store.ts';

/** Whose lock to take over, and how. */
export interface TakeOverOptions extends LeaseOptions {
  /** The holder as `acquire` or `inspect` found it. */
  readonly seen: HolderInfo;
  /**
   * When, by the clock's `monotonicMs`, the answer that brought `seen` had arrived. The holder's
   * silence is counted from then; when this is left out, from the call.
   */
  readonly seenAtMs?: number | undefined;
  /**
   * What replaces the holder's data, or what makes it from the record that is replaced. Left out: the
   * data stays as it is.
   */
  readonly data?: Uint8Array | ((replaced: HolderInfo) => Uint8Array) | undefined;
  /** How long, beyond its lease, a holder that is alive is given to go silent. 10,000 by default. */
  readonly patienceMs?: number | undefined;
  /** Told again and again how long the holder must stay silent before the lock is taken. */
  readonly onWait?: ((remainingMs: number) => void) | undefined;
  /** Told of every newer record that is found held. What it throws ends the wait; nothing is taken. */
  readonly onChange?: ((holder: HolderInfo) => void) | undefined;
  /** Gives up. If the lock may have been taken by then, it is yielded first. */
  readonly signal?: AbortSignal | undefined;
}

/** How a wait for a silent holder ends. */
export type TakenOver =
  | {
      readonly lease: Lease;
      /** The record that was taken over; its data may be newer than what `seen` had. */
      readonly previous: PreviousRecord;
    }
  /** The holder, or its successor, is alive. Nothing was written. */
  | { readonly stillLive: HolderInfo }
  /** Nobody holds it any more; undefined when the item is gone. Nothing was written. */
  | { readonly released: LockRecord | undefined };

const POLL_INTERVAL_MS = 1_000;
/** What the Go tool waits, too. */
const DEFAULT_PATIENCE_MS = 10_000;

/** A holder, and since when it has been seen unchanged. */
interface Observation {
  readonly holder: HolderInfo;
  readonly sinceMs: number;
}

/**
 * Takes a lock over from a holder that has been silent for its whole lease, by this machine's own
 * monotonic clock. A holder that has yielded is replaced at once, with one write. One that renews its
 * lease is given that lease and `patienceMs` more to go silent.
 * @throws {MalformedLockItemError} @throws {LockStoreError} as `acquire` does.
 * @throws the signal's reason, as soon as nothing of ours holds the lock.
 */
export async function takeOver(options: TakeOverOptions): Promise<TakenOver> {
  const { clock, signal, onWait, onChange, patienceMs = DEFAULT_PATIENCE_MS } = options;
  const times = leaseTimes(options);
  const startMs = clock.monotonicMs();
  let seen: Observation = { holder: options.seen, sinceMs: options.seenAtMs ?? startMs };
  for (;;) {
    signal?.throwIfAborted();
    let current: LockRecord | undefined;
    const remainingMs = silentAtMs(seen) - clock.monotonicMs();
    if (remainingMs > 0) {
      onWait?.(remainingMs);
      await sleep(clock, Math.min(POLL_INTERVAL_MS, remainingMs), signal);
      current = await poll(options, times, seen);
    } else {
      const outcome = await take(options, times, seen.holder);
      if ('lease' in outcome) return outcome;
      current = outcome.current;
    }
    if (!current || current.isReleased) return { released: current };
    if (!isSame(current, seen.holder)) {
      seen = { holder: current, sinceMs: clock.monotonicMs() };
      onChange?.(current);
    }
    if (clock.monotonicMs() - startMs >= seen.holder.leaseDurationMs + patienceMs) {
      return { stillLive: seen.holder };
    }
  }
}

/** Strictly more than the lease must have passed; a yielded lock has none. */
function silentAtMs({ holder, sinceMs }: Observation): number {
  return holder.leaseDurationMs === 0 ? sinceMs : sinceMs + holder.leaseDurationMs + 1;
}

function isSame(a: LockRecord, b: LockRecord): boolean {
  return a.recordVersionNumber === b.recordVersionNumber && a.owner === b.owner;
}

/**
 * Looks whether the holder has moved, but never beyond the moment when its silence is proven: the
 * conditional write finds out just as well. A look that fails shows nothing new.
 */
async function poll(
  { store, key, clock, signal }: TakeOverOptions,
  times: LeaseTimes,
  seen: Observation,
): Promise<LockRecord | undefined> {
  const limitMs = Math.min(times.attemptLimitMs, silentAtMs(seen) - clock.monotonicMs());
  if (limitMs <= 0) return seen.holder;
  try {
    const item = await attempt((cutOff) => store.read(key, cutOff), { clock, limitMs, signal });
    return item && decodeItem(key, item);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof MalformedLockItemError) throw error;
    const failure = failureOf(error);
    if (failure === 'denied' || failure === 'invalid') throw error;
    return seen.holder;
  }
}

/** Replaces the holder, unless its record has changed since it was seen. */
async function take(
  options: TakeOverOptions,
  times: LeaseTimes,
  holder: HolderInfo,
): Promise<{ lease: Lease; previous: PreviousRecord } | { current: LockRecord | undefined }> {
  const { key, data, signal } = options;
  const { leaseDurationMs } = times;
  const clock = new LeaseClock(options.clock, times.heartbeatIntervalMs);
  const outcome = await claim({
    options,
    clock,
    times,
    signal,
    condition: { kind: 'held', owner: holder.owner, versions: [holder.recordVersionNumber] },
    fields: { leaseDurationMs, data: typeof data === 'function' ? data(holder) : data },
    remove: [],
  });
  if (!outcome.won) return { current: outcome.current && decodeItem(key, outcome.current) };
  const lease = new Lease({ options, clock, times, claim: outcome });
  if (signal?.aborted) {
    await lease.yieldLock(holder.data);
    throw signal.reason;
  }
  // The version was a condition, so this is what was there also if the answer was lost.
  return { lease, previous: { data: holder.data, item: holder.item } };
}
