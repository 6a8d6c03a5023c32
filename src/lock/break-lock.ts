import { claim } from './claim.ts';
import { decodeItem, type HolderInfo, type LockRecord } from './item.ts';
import { LeaseClock } from './lease-clock.ts';
import { type LeaseOptions, leaseTimes } from './lease-settings.ts';

/** Whose lock to break. */
export interface BreakLockOptions extends Pick<
  LeaseOptions,
  'store' | 'clock' | 'random' | 'key' | 'ownerLabel'
> {
  /** The holder as a person saw it before deciding. */
  readonly seen: HolderInfo;
}

/**
 * Frees a lock whoever holds it, with one write, if its record is still the one that was seen. The
 * data stays. The record gets another owner, so that a holder that is alive loses its lease with its
 * next heartbeat; marking it as released alone would go unnoticed.
 *
 * Whether the holder has been silent for its lease is the caller's question.
 * @throws {LockStoreError} when the store refuses, or when the outcome stays unknown.
 */
export async function breakLock(
  options: BreakLockOptions,
): Promise<{ broken: true } | { broken: false; current: LockRecord | undefined }> {
  const { seen, key } = options;
  const times = leaseTimes({});
  const outcome = await claim({
    options,
    times,
    clock: new LeaseClock(options.clock, times.heartbeatIntervalMs),
    condition: { kind: 'held', owner: seen.owner, versions: [seen.recordVersionNumber] },
    fields: { leaseDurationMs: 0, isReleased: true },
    remove: [],
  });
  if (outcome.won) return { broken: true };
  return { broken: false, current: outcome.current && decodeItem(key, outcome.current) };
}
