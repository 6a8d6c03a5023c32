import type { Clock } from '../clock.ts';
import { describeHolder, hasYielded, isDone } from '../deploy/held-lock.ts';
import { holdIn } from '../deploy/hold.ts';
import { inspect } from '../lock/inspect.ts';
import type { HolderInfo, LockRecord } from '../lock/item.ts';
import { listen } from '../lock/listen.ts';
import type { LockStore } from '../lock/store.ts';

/**
 * - `free`: nobody has it.
 * - `done`: its deploy has succeeded, and only has not released it.
 * - `live`: a deploy is at work.
 * - `silent`: its deploy gave no sign of life; it was cut off, most likely.
 * - `yielded`: its deploy stopped and waits for a decision.
 * - `hold`: a person keeps everybody from deploying.
 */
export type LockState = 'done' | 'free' | 'hold' | 'live' | 'silent' | 'yielded';

/** A lock as a deploy would find it. */
export interface FoundLock {
  readonly state: LockState;
  /** Whoever has it; left out when it is free. */
  readonly holder?: HolderInfo;
  /** The record of a free lock, which may tell of a deploy that was broken off. */
  readonly record?: LockRecord;
}

/**
 * Looks at a lock, and listens for a sign of life when somebody has it. Writes nothing.
 * @throws {MalformedLockItemError} @throws {LockStoreError} when it can't be read.
 */
export async function readLock(
  key: string,
  options: {
    readonly lockStore: LockStore;
    readonly clock: Clock;
    readonly listenMs: number;
    readonly signal?: AbortSignal;
  },
): Promise<FoundLock> {
  const { clock, listenMs: forMs, lockStore: store, signal } = options;
  const seen = await inspect(store, key, signal);
  if (!seen || seen.isReleased) return free(seen);
  const known = knownState(seen);
  if (known) return { state: known, holder: seen };
  const heard = await listen({ store, clock, key, seen, forMs, signal });
  if (heard.kind === 'released') return free(heard.current);
  if (heard.kind === 'silence') return { state: isDone(seen) ? 'done' : 'silent', holder: seen };
  return { state: knownState(heard.current) ?? 'live', holder: heard.current };
}

function free(record: LockRecord | undefined): FoundLock {
  return { state: 'free', ...(record && { record }) };
}

/** What need not be listened for. */
function knownState(holder: HolderInfo): 'hold' | 'yielded' | undefined {
  if (holdIn(holder)) return 'hold';
  return hasYielded(holder) ? 'yielded' : undefined;
}

/** Who has it, and since when; for people. */
export function describeLock({ state, holder }: FoundLock): string {
  if (!holder) return 'free';
  const hold = holdIn(holder);
  if (hold) return `on hold: ${hold.reason} (${hold.by}, ${hold.since})`;
  return `${WORDS[state]}: ${describeHolder(holder)}`;
}

const WORDS: Readonly<Record<LockState, string>> = {
  free: 'free',
  done: 'ended, but not released',
  live: 'at work',
  silent: 'cut off, silent now',
  yielded: 'stopped, waiting for a decision',
  hold: 'on hold',
};
