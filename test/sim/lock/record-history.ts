import { ATTRIBUTE, type RawItem } from '../../../src/lock/item.ts';
import { text } from '../../support/lock-world.ts';
import type { StoreCall, StoreChange } from '../../support/memory-lock-store.ts';
import type { VirtualClock } from '../../support/virtual-clock.ts';
import type { Counts } from './counts.ts';
import { parseGoDuration } from './go.ts';

/** What is known about everyone whose name was ever in the record. */
export interface OwnerRecord {
  readonly isOurs: boolean;
  /** The record before it became this owner's. */
  readonly over: RawItem | undefined;
  /** The place of its newest write in the order of sending. */
  newestSent: number;
  /** Its right has ended in the table: released, yielded, or taken from it. */
  hasEnded: boolean;
  /** A late attempt has made it the owner once more, for nobody. */
  isStray: boolean;
  readonly data: Set<string>;
  /** It was told that its release or yield can't have been written. */
  mustNotEnd: boolean;
  end: 'released' | 'yielded' | undefined;
}

/** Who is told. */
export interface Listener {
  violated(what: string): void;
  count(what: keyof Counts): void;
}

/**
 * Everything that was ever in the lock's record, and whether it may follow on what was there before.
 *
 * Two things are excused, and nothing else: what a late attempt for a free lock brings back, ours or
 * dynamolock's, and that dynamolock's attempt writes the data that it has read before.
 */
export class RecordHistory {
  /** By owner's name. */
  readonly owners = new Map<string, OwnerRecord>();
  /** Since when the record had been as it was when somebody took it last. */
  silentSinceMs = 0;
  readonly #clock: VirtualClock;
  readonly #listener: Listener;
  readonly #versions = new Set<string>();
  readonly #sent = new Map<StoreCall, number>();
  /** When the record was last written. */
  #changedMs = 0;

  constructor(clock: VirtualClock, listener: Listener) {
    this.#clock = clock;
    this.#listener = listener;
  }

  /** @returns its number in the order of sending. */
  sent(call: StoreCall): number {
    this.#sent.set(call, this.#sent.size);
    return this.#sent.size - 1;
  }

  placeOf(call: StoreCall): number {
    return this.#sent.get(call) ?? -1;
  }

  /** A write was made. */
  changed(change: StoreChange): void {
    const { call, previous, current } = change;
    const owner = ownerOf(current);
    this.#checkReadable(current);
    const isNew = this.#checkVersion(change);
    const isClaim = call.operation === 'write' ? call.write.name === 'PutItem' : setsOwner(call);
    if (isClaim) this.#claimed(owner, isNew, change);
    else this.#renewed(owner, change);
    const record = this.owners.get(owner);
    if (record) {
      record.data.add(text(current[ATTRIBUTE.data]?.B));
      if (current[ATTRIBUTE.isReleased]) this.#end(owner, record, 'released');
      else if (leaseMs(current) === 0) this.#end(owner, record, 'yielded');
    }
    const hasChanged = previous?.[ATTRIBUTE.recordVersionNumber]?.S !== version(current);
    if (hasChanged) this.#changedMs = this.#clock.monotonicMs();
  }

  #end(owner: string, record: OwnerRecord, how: 'released' | 'yielded'): void {
    record.hasEnded = true;
    record.end = how;
    if (record.mustNotEnd) this.#listener.violated(`${owner} has ${how}, and was told not`);
  }

  /** Types, duration and mark as dynamolock v1.4.0 needs them. */
  #checkReadable(item: RawItem): void {
    const strings = [ATTRIBUTE.owner, ATTRIBUTE.recordVersionNumber, ATTRIBUTE.leaseDuration];
    const isTyped =
      strings.every((name) => typeof item[name]?.S === 'string') &&
      item[ATTRIBUTE.data]?.B !== undefined &&
      [undefined, '1'].includes(item[ATTRIBUTE.isReleased]?.S) &&
      (item[ATTRIBUTE.isReleased] === undefined) === (item[ATTRIBUTE.isReleased]?.S === undefined);
    if (!isTyped) this.#listener.violated(`dynamolock can't read ${describe(item)}`);
    try {
      leaseMs(item);
    } catch (error) {
      this.#listener.violated(`dynamolock can't read a lease: ${String(error)}`);
    }
  }

  /** @returns whether the version was never in the record before. */
  #checkVersion(change: StoreChange): boolean {
    const { call, current, previous } = change;
    const isNew = !this.#versions.has(version(current));
    this.#versions.add(version(current));
    // A release of dynamolock keeps the version, whether it arrives once or twice.
    const isKept =
      call.operation === 'write' && version(current) === (previous && version(previous));
    if (!isNew && !isKept && !this.#isExcused(change)) {
      this.#listener.violated(`${version(current)} came back`);
    }
    return isNew;
  }

  /**
   * An attempt for a free lock requires no version, neither ours nor dynamolock's. So it may arrive
   * when its deploy is over, and bring its version back, and with that any write that requires it.
   * Only they are excused. All owners in it are gone, so that no guard depends on it.
   */
  #isExcused({ call, previous, current }: StoreChange): boolean {
    if (isFreeClaim(call) && (!previous || previous[ATTRIBUTE.isReleased])) return true;
    const owners = [current, ...(previous ? [previous] : [])].map(ownerOf);
    return owners.some((owner) => this.owners.get(owner)?.isStray);
  }

  #claimed(owner: string, isNew: boolean, { call, previous, current }: StoreChange): void {
    const order = this.placeOf(call);
    const known = this.owners.get(owner);
    if (!isNew) this.#listener.count('strayClaims');
    this.silentSinceMs = this.#changedMs;
    const predecessor = previous && this.owners.get(ownerOf(previous));
    if (predecessor) predecessor.hasEnded = true;
    if (previous && !previous[ATTRIBUTE.isReleased]) {
      if (!current[ATTRIBUTE.isReleased]) this.#countTakeOver(call, predecessor);
      // A stray has brought back its version as well, which somebody may have watched before.
      if (!predecessor?.isStray) this.#checkSilence(owner, previous);
    }
    this.#checkData(call, previous, current);
    this.owners.set(owner, {
      isOurs: call.operation === 'update',
      over: previous,
      newestSent: order,
      hasEnded: !isNew,
      isStray: !isNew,
      data: known?.data ?? new Set(),
      mustNotEnd: known?.mustNotEnd ?? false,
      end: known?.end,
    });
  }

  #countTakeOver(call: StoreCall, predecessor: OwnerRecord | undefined): void {
    const isByOurs = call.operation === 'update';
    this.#listener.count('takenOver');
    if (isByOurs && predecessor?.isOurs === false) this.#listener.count('takenFromTheOldTool');
    if (!isByOurs && predecessor?.isOurs) this.#listener.count('takenByTheOldTool');
  }

  #checkSilence(owner: string, previous: RawItem): void {
    const silentMs = this.#clock.monotonicMs() - this.#changedMs;
    if (leaseMs(previous) > 0 && silentMs <= leaseMs(previous)) {
      this.#listener.violated(`${owner} took the lock after only ${silentMs} ms of silence`);
    }
  }

  /** Only dynamolock writes data that it read before: when the lock is free, it may undo others'. */
  #checkData(call: StoreCall, previous: RawItem | undefined, current: RawItem): void {
    if (call.operation !== 'write' || !previous) return;
    if (text(previous[ATTRIBUTE.data]?.B) === text(current[ATTRIBUTE.data]?.B)) return;
    this.#listener.count('undoneByPut');
    if (!previous[ATTRIBUTE.isReleased])
      this.#listener.violated('a write of a held record changed its data');
  }

  #renewed(owner: string, { call, previous, current }: StoreChange): void {
    const record = this.owners.get(owner);
    const order = this.placeOf(call);
    const isSameEnd = call.operation === 'write' && describe(current) === describe(previous);
    if (!record || record.isStray || isSameEnd) return;
    // A yield whose answer was lost is repeated until somebody has taken the lock.
    const isYield = record.end === 'yielded' && leaseMs(current) === 0;
    if (record.hasEnded && !isYield)
      this.#listener.violated(`${owner} wrote after its end: ${describe(current)}`);
    if (order < record.newestSent)
      this.#listener.violated(`${owner} went back to ${describe(current)}`);
    record.newestSent = order;
  }
}

function setsOwner(call: StoreCall): boolean {
  return call.operation === 'update' && ATTRIBUTE.owner in call.update.set;
}

function isFreeClaim(call: StoreCall): boolean {
  return call.operation === 'write'
    ? call.write.name === 'PutItem'
    : call.operation === 'update' && call.update.condition.kind === 'free';
}

function ownerOf(item: RawItem): string {
  return item[ATTRIBUTE.owner]?.S ?? '';
}

function version(item: RawItem): string {
  return item[ATTRIBUTE.recordVersionNumber]?.S ?? '';
}

function leaseMs(item: RawItem): number {
  return parseGoDuration(item[ATTRIBUTE.leaseDuration]?.S ?? '');
}

/** For people. */
export function describe(item: RawItem | undefined): string {
  if (!item) return 'nothing';
  const { ownerName, leaseDuration, recordVersionNumber, isReleased, data } = item;
  const mark = isReleased ? ' released' : '';
  const start = `${ownerName?.S} ${leaseDuration?.S} ${recordVersionNumber?.S?.slice(0, 6)}`;
  return `${start}${mark} "${text(data?.B)}"`;
}
