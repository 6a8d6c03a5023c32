import { type Clock, sleep } from '../../../src/clock.ts';
import { ATTRIBUTE, type RawItem, RELEASED } from '../../../src/lock/item.ts';
import type { Connection } from '../../support/lock-world.ts';
import type { RawWrite } from '../../support/memory-lock-store.ts';
import {
  type Dice,
  formatGoDuration,
  GoPanic,
  Mutex,
  parseGoDuration,
  sendWithRetries,
  Ticker,
} from './go.ts';

/*
 * How dynamolock v1.4.0 behaves, the lock client of the old deploy tool, on the same item, network
 * and clock as ours. Its defects are kept, since they are what ours has to live with:
 * - A read and then a write of the whole item. The write requires nothing but that the item be
 *   released, so that it can bring back data from before a deploy that it never saw (ABA).
 * - A lost answer makes the SDK repeat the write, which then finds its own trace and counts as lost.
 * - No request has a time limit, and the heartbeat holds the mutex that the next checkpoint needs.
 * - Nobody tells the deploy that a heartbeat has failed; it finds out when it writes next.
 * - A release counts as done before it is sent, changes no version, and can't be repeated.
 */

/** The condition did not hold, or the wait is over. */
export class LockNotGrantedError extends Error {
  override readonly name = 'LockNotGrantedError';
}

/** What a client needs. */
export interface DynamolockOptions {
  readonly connection: Pick<Connection, 'read' | 'write'>;
  readonly clock: Clock;
  readonly dice: Dice;
  readonly leaseDurationMs?: number;
  readonly heartbeatPeriodMs?: number;
}

/** How to acquire. */
export interface AcquireLockOptions {
  /** Used only when the item has none. */
  readonly data?: Uint8Array;
  /** A plain deploy: whatever is not released is an error at once, however old. */
  readonly failIfLocked?: boolean;
  /** Beyond the holder's lease. */
  readonly additionalTimeToWaitMs?: number;
}

/** The lock as the client read or wrote it last. */
export class DynamolockLock {
  readonly data: Uint8Array | undefined;
  readonly attributes: RawItem;
  readonly mutex = new Mutex();
  isReleased: boolean;
  leaseDurationMs: number;
  recordVersionNumber: string;
  /** Before the last successful write was sent; of a lock that was read, after the answer. */
  lookupMs: number;
  readonly #clock: Clock;

  constructor(
    clock: Clock,
    fields: Pick<
      DynamolockLock,
      'data' | 'attributes' | 'isReleased' | 'leaseDurationMs' | 'recordVersionNumber' | 'lookupMs'
    >,
  ) {
    this.#clock = clock;
    this.data = fields.data;
    this.attributes = fields.attributes;
    this.isReleased = fields.isReleased;
    this.leaseDurationMs = fields.leaseDurationMs;
    this.recordVersionNumber = fields.recordVersionNumber;
    this.lookupMs = fields.lookupMs;
  }

  /** All that a deploy ever asks before it goes on. */
  get isExpired(): boolean {
    return this.isReleased || this.#clock.monotonicMs() - this.lookupMs > this.leaseDurationMs;
  }
}

/** One process's client: one owner's name for all its locks, and heartbeats from its start. */
export class Dynamolock {
  readonly ownerName: string;
  /** Names of the requests, in the order in which they were made, without the SDK's own retries. */
  readonly requests: string[] = [];
  readonly #to: DynamolockOptions;
  readonly #leaseDurationMs: number;
  /** Those that the heartbeat keeps. */
  readonly #locks = new Map<string, DynamolockLock>();

  constructor(options: DynamolockOptions) {
    this.#to = options;
    this.#leaseDurationMs = options.leaseDurationMs ?? 10_000;
    this.ownerName = this.#randomName();
    void this.#beat(new Ticker(options.clock, options.heartbeatPeriodMs ?? 1_000));
  }

  /** @throws {LockNotGrantedError} @throws {GoPanic} @throws {Error} what the SDK or a parser says. */
  async acquireLock(key: string, options: AcquireLockOptions = {}): Promise<DynamolockLock> {
    const { clock } = this.#to;
    const startMs = clock.monotonicMs();
    let watched: DynamolockLock | undefined;
    let waitMs = options.additionalTimeToWaitMs ?? 1_000;
    for (;;) {
      const existing = await this.#read(key);
      let condition: RawWrite['condition'] | undefined;
      if (!existing || existing.isReleased) {
        condition = isFree;
      } else if (!watched) {
        if (options.failIfLocked) throw new LockNotGrantedError('it is locked');
        watched = existing;
        waitMs += existing.leaseDurationMs;
      } else if (watched.recordVersionNumber !== existing.recordVersionNumber) {
        watched = existing;
      } else if (watched.isExpired) {
        condition = hasVersionOf(existing);
      }
      if (condition) {
        const lock = await this.#put(key, options, existing, condition);
        if (lock) return lock; // After a refused write, the time is not looked at.
      } else if (clock.monotonicMs() - startMs > waitMs) {
        throw new LockNotGrantedError('still locked after sleeping');
      }
      await sleep(clock, 1_000);
    }
  }

  /**
   * Renews the lease; with data, a checkpoint.
   * @throws {LockNotGrantedError} when the lock is not this client's, as far as it can tell.
   */
  sendHeartbeat(key: string, lock: DynamolockLock, data?: Uint8Array): Promise<void> {
    return lock.mutex.run(async () => {
      if (lock.isExpired) {
        this.#locks.delete(key);
        throw new LockNotGrantedError('cannot send a heartbeat');
      }
      const recordVersionNumber = this.#randomName();
      const sentMs = this.#to.clock.monotonicMs();
      const written = await this.#write(key, {
        name: 'UpdateItem',
        condition: this.#isOwn(lock),
        set: {
          [ATTRIBUTE.leaseDuration]: { S: formatGoDuration(this.#leaseDurationMs) },
          [ATTRIBUTE.recordVersionNumber]: { S: recordVersionNumber },
          ...(data && data.length > 0 ? { [ATTRIBUTE.data]: { B: data } } : {}),
        },
      });
      if (!written) {
        this.#locks.delete(key);
        throw new LockNotGrantedError('already acquired, stopping heartbeats');
      }
      lock.recordVersionNumber = recordVersionNumber;
      lock.lookupMs = sentMs;
      lock.leaseDurationMs = this.#leaseDurationMs;
    });
  }

  /** @throws {Error} when the item is not this client's any more; the lock counts as released. */
  releaseLock(key: string, lock: DynamolockLock): Promise<void> {
    return lock.mutex.run(async () => {
      lock.isReleased = true;
      this.#locks.delete(key);
      const written = await this.#write(key, {
        name: 'UpdateItem',
        condition: this.#isOwn(lock),
        set: { [ATTRIBUTE.isReleased]: { S: RELEASED } },
      });
      if (!written) throw new Error('ConditionalCheckFailedException');
    });
  }

  async #beat(ticker: Ticker): Promise<never> {
    for (;;) {
      await ticker.next();
      for (const [key, lock] of this.#locks) {
        await this.sendHeartbeat(key, lock).catch(() => {}); // Logged, and nothing more.
      }
    }
  }

  async #read(key: string): Promise<DynamolockLock | undefined> {
    this.requests.push('GetItem');
    const item = await sendWithRetries(this.#to, () => this.#to.connection.read(key));
    return item && lockFrom(item, this.#to.clock);
  }

  /** Writes the whole item: what it read before, and its own. */
  async #put(
    key: string,
    options: AcquireLockOptions,
    existing: DynamolockLock | undefined,
    condition: RawWrite['condition'],
  ): Promise<DynamolockLock | undefined> {
    const { clock } = this.#to;
    const data = existing?.data ?? options.data;
    const attributes = existing?.attributes ?? {};
    const recordVersionNumber = this.#randomName();
    const lookupMs = clock.monotonicMs();
    const item: RawItem = {
      ...attributes,
      key: { S: key },
      [ATTRIBUTE.owner]: { S: this.ownerName },
      [ATTRIBUTE.leaseDuration]: { S: formatGoDuration(this.#leaseDurationMs) },
      [ATTRIBUTE.recordVersionNumber]: { S: recordVersionNumber },
      ...(data ? { [ATTRIBUTE.data]: { B: data } } : {}),
    };
    if (!(await this.#write(key, { name: 'PutItem', item, condition }))) return undefined;
    const lock = new DynamolockLock(clock, {
      data,
      attributes,
      isReleased: false,
      leaseDurationMs: this.#leaseDurationMs,
      recordVersionNumber,
      lookupMs,
    });
    this.#locks.set(key, lock);
    return lock;
  }

  async #write(key: string, write: RawWrite): Promise<boolean> {
    this.requests.push(write.name);
    const send = () => this.#to.connection.write(key, write);
    return (await sendWithRetries(this.#to, send)).written;
  }

  /** The version is the one at the time of sending, whatever becomes of the lock on the way. */
  #isOwn(lock: DynamolockLock): RawWrite['condition'] {
    const isVersion = hasVersionOf(lock);
    return (item) => isVersion(item) && item?.[ATTRIBUTE.owner]?.S === this.ownerName;
  }

  #randomName(): string {
    return Array.from({ length: 32 }, () => Math.floor(this.#to.dice() * 36).toString(36)).join('');
  }
}

function isFree(item: RawItem | undefined): boolean {
  return !item || item[ATTRIBUTE.isReleased]?.S === RELEASED;
}

function hasVersionOf({ recordVersionNumber }: DynamolockLock): RawWrite['condition'] {
  return (item) => item?.[ATTRIBUTE.recordVersionNumber]?.S === recordVersionNumber;
}

/** Reads an item as the client does: what has the wrong type is empty, and what is missing kills it. */
function lockFrom(item: RawItem, clock: Clock): DynamolockLock {
  const { key: _, ownerName, leaseDuration, recordVersionNumber, isReleased, data, ...rest } = item;
  const lookupMs = clock.monotonicMs();
  const leaseDurationMs = leaseDuration ? parseGoDuration(leaseDuration.S ?? '') : 0;
  if (!ownerName || !recordVersionNumber) throw new GoPanic('nil pointer dereference');
  return new DynamolockLock(clock, {
    data: data?.B,
    attributes: rest,
    isReleased: isReleased !== undefined,
    leaseDurationMs,
    recordVersionNumber: recordVersionNumber.S ?? '',
    lookupMs,
  });
}
