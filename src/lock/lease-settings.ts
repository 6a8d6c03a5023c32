import type { Clock } from '../clock.ts';
import type { RandomBytes } from './attempt.ts';
import type { LockStore } from './store.ts';

/** For how long a lock is held without being renewed, and how often it is renewed. */
export interface LeaseSettings {
  /** Whole milliseconds. After so much silence anybody may take the lock over. 10,000 by default. */
  readonly leaseDurationMs?: number | undefined;
  /** Milliseconds from one renewal to the next. 1,000 by default; at most a third of the lease. */
  readonly heartbeatIntervalMs?: number | undefined;
}

/** What it takes to hold a lock. */
export interface LeaseOptions extends LeaseSettings {
  readonly store: LockStore;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly key: string;
  /** Begins the owner's name, for people to read; the rest is random and new each time. */
  readonly ownerLabel?: string | undefined;
}

/**
 * The cut-offs that follow from the lease, so that an owner has stopped before a successor starts:
 * with 10 s, changes begin in the first 5 s after a confirmed write and are cut off by 9 s at the
 * latest, and nobody takes the lock over before 10 s.
 */
export interface LeaseTimes {
  readonly leaseDurationMs: number;
  readonly heartbeatIntervalMs: number;
  /** A change may begin only while so much of the lease is left. */
  readonly mutationMarginMs: number;
  /** A change takes so long at the most. */
  readonly mutationLimitMs: number;
  /** A change must have ended so long before the lease does. */
  readonly mutationReserveMs: number;
  /** One request to the store is given up after so long. */
  readonly attemptLimitMs: number;
  /** After a pause that outlasted the lease: how long to ask the store whether it is lost. */
  readonly wakeGraceMs: number;
}

const DEFAULT_LEASE_MS = 10_000;
const DEFAULT_HEARTBEAT_MS = 1_000;
const LONGEST_ATTEMPT_MS = 2_000;

/** @throws {RangeError} when the two settings do not go together. */
export function leaseTimes(options: LeaseSettings): LeaseTimes {
  const leaseDurationMs = options.leaseDurationMs ?? DEFAULT_LEASE_MS;
  const heartbeatIntervalMs = options.heartbeatIntervalMs ?? DEFAULT_HEARTBEAT_MS;
  if (!Number.isSafeInteger(leaseDurationMs) || leaseDurationMs <= 0) {
    throw new RangeError(`A lease lasts whole milliseconds, at least 1, not ${leaseDurationMs}.`);
  }
  if (!(heartbeatIntervalMs > 0 && heartbeatIntervalMs * 3 <= leaseDurationMs)) {
    throw new RangeError(
      `A heartbeat every ${heartbeatIntervalMs} ms can't keep a lease of ${leaseDurationMs} ms: ` +
        'three must fit in it.',
    );
  }
  return {
    leaseDurationMs,
    heartbeatIntervalMs,
    mutationMarginMs: leaseDurationMs * 0.5,
    mutationLimitMs: leaseDurationMs * 0.4,
    mutationReserveMs: leaseDurationMs * 0.1,
    attemptLimitMs: Math.min(LONGEST_ATTEMPT_MS, leaseDurationMs * 0.2),
    wakeGraceMs: leaseDurationMs * 0.5,
  };
}
