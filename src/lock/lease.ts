import type { Claim } from './claim.ts';
import { LeaseLostError } from './errors.ts';
import type { LeaseClock } from './lease-clock.ts';
import type { LeaseOptions, LeaseTimes } from './lease-settings.ts';
import { type LeaseWrite, LeaseWriter } from './lease-writer.ts';

/**
 * - `HELD`: confirmed within the last lease.
 * - `SUSPECT`: not confirmed for a lease, because this process did not run; the store is being asked.
 * - `LOST`, `YIELDED`, `RELEASED`: over, for good.
 */
export type LeaseState = 'HELD' | 'SUSPECT' | 'LOST' | 'YIELDED' | 'RELEASED';

type FinalState = Exclude<LeaseState, 'HELD' | 'SUSPECT'>;

/** What a lease begins with. */
export interface LeaseStart {
  readonly options: Pick<LeaseOptions, 'store' | 'random' | 'key'>;
  readonly clock: LeaseClock;
  readonly times: LeaseTimes;
  readonly claim: Extract<Claim, { won: true }>;
}

/**
 * The right to change what a lock protects, for as long as it is renewed. Made by `acquire` and
 * `takeOver`; renews itself until it is released, yielded or lost.
 *
 * The right is counted from when the last confirmed write was *sent*. A write with an unknown outcome
 * is repeated until the store says what holds, or until the lease is over.
 */
export class Lease {
  readonly key: string;
  /** The name that the record carries. Nobody else ever uses it. */
  readonly owner: string;

  readonly #clock: LeaseClock;
  readonly #times: LeaseTimes;
  readonly #writer: LeaseWriter;
  readonly #lost = new AbortController();
  #confirmedMs: number;
  #final: FinalState | undefined;
  #isEnding = false;
  #writes = 0;
  /** Those who wait until a change may begin. Told of whatever may decide that. */
  #waiting: (() => void)[] = [];
  #cancelHeartbeat = () => {};
  #cancelExpiry = () => {};

  constructor({ options, clock, times, claim }: LeaseStart) {
    this.key = options.key;
    this.owner = claim.owner;
    this.#clock = clock;
    this.#times = times;
    this.#confirmedMs = claim.sentMs;
    const { owner, recordVersionNumber } = claim;
    const lost = this.#lost.signal;
    this.#writer = new LeaseWriter({ options, clock, times, owner, recordVersionNumber, lost });
    this.#awaitExpiry();
    this.#awaitHeartbeat(this.#confirmedMs);
  }

  get state(): LeaseState {
    return this.#final ?? (this.remainingMs() > 0 ? 'HELD' : 'SUSPECT');
  }

  /**
   * Aborted when the lease is lost, with the `LeaseLostError` as its reason. Whatever goes on under
   * the lease must then stop at once and clean nothing up. Not aborted by a release or a yield.
   */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** Milliseconds until another may take the lock over, if no further write is confirmed. */
  remainingMs(): number {
    if (this.#final) return 0;
    const endMs = this.#confirmedMs + this.#times.leaseDurationMs;
    return Math.max(0, endMs - this.#clock.monotonicMs());
  }

  /**
   * To be asked at the last moment before every change of what the lock protects.
   * @throws {LeaseLostError} unless the lease is held with half of its duration left.
   */
  assertCanMutate(): void {
    this.#assertOpen();
    if (this.remainingMs() < this.#times.mutationMarginMs) {
      throw new LeaseLostError('suspect', { key: this.key, cause: this.#writer.lastFailure });
    }
  }

  /**
   * Waits until `assertCanMutate` would not throw for want of time: not at all as a rule, and else
   * for the next confirmed write, which a store that answers again brings within a heartbeat.
   * @throws {LeaseLostError} when the lease is lost or given up instead.
   */
  async untilCanMutate(): Promise<void> {
    this.#assertOpen();
    while (this.remainingMs() < this.#times.mutationMarginMs) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
      this.#assertOpen();
    }
  }

  /**
   * Milliseconds from now after which a change that is still under way must be cut off: with a lease
   * of 10 s, 4 s or one second before the lease ends, whichever comes first. 0 when it is too late,
   * and from the moment when a release or a yield is asked for.
   */
  mutationDeadlineMs(): number {
    if (this.#isEnding) return 0;
    const { mutationLimitMs, mutationReserveMs } = this.#times;
    return Math.max(0, Math.min(mutationLimitMs, this.remainingMs() - mutationReserveMs));
  }

  /**
   * Replaces the record's data and renews the lease, in one write. Resolves when the store has
   * confirmed it; checkpoints are written in the order in which they were asked for.
   * @throws {LeaseLostError} when the lease is lost; the data may or may not have been written then.
   * @throws {LockStoreError} `invalid` when this data can't be stored; the lease goes on.
   */
  async checkpoint(data: Uint8Array): Promise<void> {
    this.#assertOpen();
    await this.#write({ kind: 'renew', data });
  }

  /**
   * Gives the lock up unfinished: the record stays held, with its last data, but anybody who means to
   * resume may take it over at once. One write.
   * @throws as `checkpoint` does; `endMayBeWritten` tells whether the lock may be free all the same.
   */
  async yieldLock(data: Uint8Array): Promise<void> {
    await this.#end({ kind: 'yield', data }, 'YIELDED');
  }

  /**
   * Stores the last data and frees the lock, in one write.
   * @throws as `yieldLock` does.
   */
  async releaseLock(data: Uint8Array): Promise<void> {
    await this.#end({ kind: 'release', data }, 'RELEASED');
  }

  async #end(write: LeaseWrite, state: FinalState): Promise<void> {
    this.#assertOpen();
    this.#isEnding = true; // Neither a heartbeat nor a checkpoint may come after it.
    this.#tellWaiting();
    try {
      await this.#write(write);
      this.#close(state);
    } catch (error) {
      this.#isEnding = false;
      throw error;
    }
  }

  async #write(write: LeaseWrite): Promise<void> {
    this.#writes++;
    this.#cancelHeartbeat();
    let heartbeatFromMs: number | undefined;
    try {
      heartbeatFromMs = await this.#writer.write(write);
      this.#confirm(heartbeatFromMs);
    } catch (error) {
      if (error instanceof LeaseLostError) this.#lose(error);
      throw error;
    } finally {
      this.#writes--;
      // The store refused the last write for good: wait a whole interval before the next one.
      this.#awaitHeartbeat(heartbeatFromMs ?? this.#clock.monotonicMs());
    }
  }

  #confirm(sentMs: number): void {
    this.#confirmedMs = Math.max(this.#confirmedMs, sentMs);
    this.#awaitExpiry();
    this.#tellWaiting();
  }

  /** A checkpoint is a heartbeat too, so there is none while anything is being written. */
  #awaitHeartbeat(fromMs: number): void {
    this.#cancelHeartbeat();
    if (this.#final || this.#writes > 0) return;
    const dueMs = fromMs + this.#times.heartbeatIntervalMs - this.#clock.monotonicMs();
    this.#cancelHeartbeat = this.#clock.after(Math.max(0, dueMs), () => {
      // A loss has been recorded by then, and after anything else comes the next heartbeat.
      this.#write({ kind: 'renew' }).catch(() => {});
    });
  }

  #awaitExpiry(): void {
    this.#cancelExpiry();
    if (this.#final) return;
    this.#cancelExpiry = this.#clock.after(this.#msUntilExpiry(), () => {
      if (this.#msUntilExpiry() > 0) {
        this.#awaitExpiry();
        return;
      }
      const cause = this.#writer.lastFailure;
      this.#lose(new LeaseLostError('expired', { key: this.key, cause }));
    });
  }

  /**
   * A process that ran all the time had a whole lease to get a word through, and gives up when it is
   * over. One that was paused has not tried yet: it asks first, since nobody may have been waiting.
   */
  #msUntilExpiry(): number {
    const graceMs = this.#clock.wokenAtMs + this.#times.wakeGraceMs - this.#clock.monotonicMs();
    // Rounded up: a timer that is due at once could fire for ever at the same instant.
    return Math.ceil(Math.max(this.remainingMs(), graceMs, 0));
  }

  #assertOpen(): void {
    if (this.#final === 'LOST') throw this.#lost.signal.reason as LeaseLostError;
    if (this.#final || this.#isEnding) throw new LeaseLostError('ended', { key: this.key });
  }

  #lose(error: LeaseLostError): void {
    if (this.#final) return;
    this.#close('LOST');
    this.#lost.abort(error);
    this.#tellWaiting();
  }

  #tellWaiting(): void {
    for (const tell of this.#waiting.splice(0)) tell();
  }

  #close(state: FinalState): void {
    this.#final = state;
    this.#cancelHeartbeat();
    this.#cancelExpiry();
  }
}
