import { sleep } from '../clock.ts';
import { attempt, randomId, retryDelayMs } from './attempt.ts';
import { ATTRIBUTE, encodeFields, type LockFields, type RawItem } from './item.ts';
import type { LeaseClock } from './lease-clock.ts';
import type { LeaseOptions, LeaseTimes } from './lease-settings.ts';
import { failureOf, type LockCondition, LockStoreError } from './store.ts';

/** What one claim needs. */
export interface ClaimRequest {
  readonly options: Pick<LeaseOptions, 'store' | 'random' | 'key' | 'ownerLabel'>;
  readonly clock: LeaseClock;
  readonly times: LeaseTimes;
  readonly condition: LockCondition;
  /** Beside the owner and the version, which every claim sets. */
  readonly fields: LockFields;
  readonly remove: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** Either the record is ours, or what stands in the way. */
export type Claim =
  | {
      readonly won: true;
      readonly owner: string;
      readonly recordVersionNumber: string;
      /** When the first attempt was sent, by the lease's clock: the lease counts from then. */
      readonly sentMs: number;
      /** The item before; undefined also when the answer that carried it was lost. */
      readonly previous: RawItem | undefined;
    }
  | { readonly won: false; readonly current: RawItem | undefined };

/**
 * Makes the record ours with one conditional write, repeated only while its outcome is unknown. All
 * attempts carry one owner's name that nobody else has, so that the item tells which it was.
 *
 * So an attempt for a free lock that arrives after this owner has released it again changes nothing.
 * What remains: one that arrives after somebody else has had the lock and freed it, too. It takes the
 * lock for nobody; that costs the next owner one lease of waiting, and no safety.
 *
 * The signal stops it while nothing can have been written; after that the outcome comes first.
 * @throws {LockStoreError} when the store refuses, or when the outcome is still unknown after a
 * lease: the lock may then be held, by nobody, for one more.
 */
export async function claim(request: ClaimRequest): Promise<Claim> {
  const { options, clock, times, signal } = request;
  const owner = `${options.ownerLabel ? `${options.ownerLabel}-` : ''}${randomId(options.random)}`;
  const recordVersionNumber = randomId(options.random);
  const update = {
    set: encodeFields({ ...request.fields, owner, recordVersionNumber }),
    remove: request.remove,
    condition:
      request.condition.kind === 'free'
        ? { ...request.condition, claimant: owner }
        : request.condition,
  };
  const sentMs = clock.monotonicMs();
  let mayBeWritten = false;
  for (let failures = 0; ;) {
    if (!mayBeWritten) signal?.throwIfAborted();
    try {
      const result = await attempt((cutOff) => options.store.update(options.key, update, cutOff), {
        clock,
        limitMs: times.attemptLimitMs,
      });
      if (result.written) {
        return { won: true, owner, recordVersionNumber, sentMs, previous: result.previous };
      }
      if (result.current?.[ATTRIBUTE.owner]?.S !== owner) {
        return { won: false, current: result.current };
      }
      return { won: true, owner, recordVersionNumber, sentMs, previous: undefined };
    } catch (error) {
      const failure = failureOf(error);
      if (failure === 'denied' || failure === 'invalid') throw unlessWritten(error, mayBeWritten);
      if (failure === 'unknown') mayBeWritten = true;
      if (clock.monotonicMs() - sentMs >= times.leaseDurationMs) {
        throw unlessWritten(error, mayBeWritten);
      }
      await sleep(clock, retryDelayMs(++failures, options.random));
    }
  }
}

/** An attempt before may have been made, whatever the last one says. */
function unlessWritten(error: unknown, mayBeWritten: boolean): unknown {
  if (!mayBeWritten) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new LockStoreError('unknown', `The lock may or may not have been written: ${reason}`, {
    cause: error,
    mayHaveWritten: true,
  });
}
