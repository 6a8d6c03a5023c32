import type { HolderInfo, LockRecord } from './item.ts';
import { type ByHandOptions, overwrite } from './overwrite.ts';

/** Whose lock to break. */
export interface BreakLockOptions extends ByHandOptions {
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
  const outcome = await overwrite(options, options.seen, {
    fields: { leaseDurationMs: 0, isReleased: true },
  });
  return outcome.written ? { broken: true } : { broken: false, current: outcome.current };
}
