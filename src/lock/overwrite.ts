import { claim } from './claim.ts';
import { decodeItem, type LockFields, type LockRecord } from './item.ts';
import { LeaseClock } from './lease-clock.ts';
import { type LeaseOptions, leaseTimes } from './lease-settings.ts';
import type { LockCondition } from './store.ts';

/** What it takes to write a lock's record by hand. */
export type ByHandOptions = Pick<LeaseOptions, 'store' | 'clock' | 'random' | 'key' | 'ownerLabel'>;

/** Either the record was written, or it was no longer what it was taken for; nothing was written then. */
export type Overwritten =
  | { readonly written: true }
  | { readonly written: false; readonly current: LockRecord | undefined };

/**
 * Writes a lock's record once, under a new owner's name that nobody goes on to use: what a person
 * does to a lock, in contrast to a deploy that takes it. A holder that is alive loses its lease with
 * its next heartbeat.
 * @param seen The record as the person saw it; undefined when there was none.
 * @throws {LockStoreError} when the store refuses, or when the outcome stays unknown.
 */
export async function overwrite(
  options: ByHandOptions,
  seen: LockRecord | undefined,
  { fields, remove = [] }: { readonly fields: LockFields; readonly remove?: readonly string[] },
): Promise<Overwritten> {
  const times = leaseTimes({});
  const outcome = await claim({
    options,
    times,
    clock: new LeaseClock(options.clock, times.heartbeatIntervalMs),
    condition: unchanged(seen),
    fields,
    remove,
  });
  if (outcome.won) return { written: true };
  return { written: false, current: outcome.current && decodeItem(options.key, outcome.current) };
}

function unchanged(seen: LockRecord | undefined): LockCondition {
  if (!seen) return { kind: 'free' };
  const { owner, recordVersionNumber, isReleased } = seen;
  return isReleased
    ? { kind: 'released', version: recordVersionNumber }
    : { kind: 'held', owner, versions: [recordVersionNumber] };
}
