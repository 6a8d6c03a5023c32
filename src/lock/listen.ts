import { type Clock, sleep } from '../clock.ts';
import { inspect } from './inspect.ts';
import type { HolderInfo, LockRecord } from './item.ts';
import { isPassing, type LockStore } from './store.ts';

const LISTEN_INTERVAL_MS = 500;

/** What listening to a holder finds out. */
export type Heard =
  /** Its record stayed as it was all the time. */
  | { readonly kind: 'silence' }
  /** The record has changed: its holder, or another one, is alive. */
  | { readonly kind: 'sign'; readonly current: HolderInfo }
  /** Nobody holds the lock any more; undefined when the record is gone. */
  | { readonly kind: 'released'; readonly current: LockRecord | undefined };

/**
 * Listens whether a lock's holder is alive. Writes nothing.
 * @param options.forMs How long, from now; by this machine's monotonic clock.
 * @param options.onWait Told again and again how much of it is left, in milliseconds.
 * @throws {MalformedLockItemError} @throws {LockStoreError} when the lock can't be read.
 * @throws the signal's reason, as soon as it is aborted.
 */
export async function listen({
  store,
  clock,
  key,
  seen,
  forMs,
  signal,
  onWait,
}: {
  readonly store: LockStore;
  readonly clock: Clock;
  readonly key: string;
  readonly seen: HolderInfo;
  readonly forMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onWait?: ((remainingMs: number) => void) | undefined;
}): Promise<Heard> {
  const untilMs = clock.monotonicMs() + forMs;
  let failure: unknown;
  for (;;) {
    const remainingMs = untilMs - clock.monotonicMs();
    if (remainingMs <= 0) {
      if (failure !== undefined) throw failure;
      return { kind: 'silence' };
    }
    onWait?.(remainingMs);
    await sleep(clock, Math.min(LISTEN_INTERVAL_MS, remainingMs), signal);
    let current: LockRecord | undefined;
    try {
      current = await inspect(store, key, signal);
      failure = undefined;
    } catch (error) {
      if (!isPassing(error)) throw error;
      failure = error; // No news, unless it was the last look: then nothing is known.
      continue;
    }
    if (!current || current.isReleased) return { kind: 'released', current };
    if (current.recordVersionNumber !== seen.recordVersionNumber || current.owner !== seen.owner) {
      return { kind: 'sign', current };
    }
  }
}
