import { ATTRIBUTE, type HolderInfo, type LockRecord } from './item.ts';
import { type ByHandOptions, overwrite, type Overwritten } from './overwrite.ts';

/**
 * Ten years. Every client of this lock waits for its holder's lease before it takes over, dynamolock
 * too when it is asked to resume: so a lease that does not end is a lock that nobody takes.
 */
const HOLD_MS = 10 * 365 * 24 * 3_600_000;

/**
 * Holds a lock without a process: nobody may have it until a person lifts the hold.
 * @param options.over The record as it was seen: released, or of a holder that has nothing to lose
 *   by it, because it has yielded or was silent for its lease. Undefined when there was none.
 * @param options.data What tells others why; replaces the record's data.
 * @throws {LockStoreError} when the store refuses, or when the outcome stays unknown.
 */
export function holdLock(
  options: ByHandOptions & { readonly over: LockRecord | undefined; readonly data: Uint8Array },
): Promise<Overwritten> {
  return overwrite(options, options.over, {
    fields: { leaseDurationMs: HOLD_MS, data: options.data },
    remove: [ATTRIBUTE.isReleased],
  });
}

/**
 * Lifts a hold. The lock is what it was before: free, or yielded, so that what it protects can be
 * taken up again at once.
 * @throws {LockStoreError} when the store refuses, or when the outcome stays unknown.
 */
export function liftHold(
  options: ByHandOptions & {
    readonly seen: HolderInfo;
    readonly data: Uint8Array;
    readonly to: 'free' | 'yielded';
  },
): Promise<Overwritten> {
  return overwrite(options, options.seen, {
    fields: {
      leaseDurationMs: 0,
      data: options.data,
      ...(options.to === 'free' ? { isReleased: true } : {}),
    },
  });
}
