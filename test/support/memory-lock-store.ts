import type { Clock } from '../../src/clock.ts';
import { ATTRIBUTE, type AttributeValue, type RawItem, RELEASED } from '../../src/lock/item.ts';
import {
  type LockCondition,
  type LockStore,
  LockStoreError,
  type LockStoreFailure,
  type LockUpdate,
  type LockUpdateResult,
} from '../../src/lock/store.ts';

/** What happens to one request instead of a prompt answer. */
export type StoreFault =
  /** It never arrives; the sender learns that the connection broke. */
  | { readonly kind: 'lost-request' }
  /** It has its effect, and the connection breaks before the answer. */
  | { readonly kind: 'lost-answer' }
  /** Something on the way sends it twice, and passes on the second answer. */
  | { readonly kind: 'repeated' }
  /** A copy of it arrives later once more; the answer is that to the first. */
  | { readonly kind: 'copied'; readonly copyMs: number }
  /**
   * It arrives late, and its answer takes as long again as `answerMs` says, or the connection breaks
   * after that time.
   */
  | {
      readonly kind: 'late';
      readonly arrivesMs: number;
      readonly answerMs?: number;
      readonly isAnswerLost?: boolean;
    }
  /** The store says no, without looking at the item. */
  | { readonly kind: 'refused'; readonly failure: Exclude<LockStoreFailure, 'unknown'> };

/** A conditional write as any client of DynamoDB may send it, not only ours. */
export type RawWrite = {
  /** The ConditionExpression. */
  readonly condition: (item: RawItem | undefined) => boolean;
} & (
  | { readonly name: 'PutItem'; readonly item: RawItem }
  | { readonly name: 'UpdateItem'; readonly set: RawItem; readonly remove?: readonly string[] }
);

/** One request as the store saw it. */
export type StoreCall =
  | { readonly operation: 'read'; readonly key: string }
  | { readonly operation: 'update'; readonly key: string; readonly update: LockUpdate }
  | { readonly operation: 'write'; readonly key: string; readonly write: RawWrite };

/** A write that was made. */
export interface StoreChange {
  readonly call: StoreCall;
  readonly previous: RawItem | undefined;
  readonly current: RawItem;
}

/** A lock table in memory: DynamoDB's conditions, and faults on demand. */
export class MemoryLockStore implements LockStore {
  /** Every request, in the order in which they were sent. */
  readonly calls: StoreCall[] = [];
  /** Every state that a write left behind, oldest first. */
  readonly history: RawItem[] = [];
  /** Told of every write, in the instant in which it is made. */
  onChange: (change: StoreChange) => void = () => {};
  /** Decides about each request; asked after the faults of `failNext` are used up. */
  faultFor: (call: StoreCall) => StoreFault | undefined = () => undefined;
  readonly #clock: Clock;
  readonly #items = new Map<string, RawItem>();
  #nextFaults: (StoreFault | undefined)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get updates(): number {
    return this.#count('update');
  }

  get reads(): number {
    return this.#count('read');
  }

  /** What happens to the next writes, one each; undefined lets one pass. */
  failNext(...faults: (StoreFault | undefined)[]): void {
    this.#nextFaults.push(...faults);
  }

  /** The item as it is; fails when there is none. */
  item(key: string): RawItem {
    const item = this.#items.get(key);
    if (!item) throw new Error(`There is no item "${key}".`);
    return item;
  }

  /** Puts an item in place of another, as a person with a console would. */
  put(key: string, attributes: Record<string, object>): void {
    this.#items.set(key, snapshot({ key: { S: key }, ...attributes }));
  }

  delete(key: string): void {
    this.#items.delete(key);
  }

  read(key: string): Promise<RawItem | undefined> {
    const call = { operation: 'read', key } as const;
    this.calls.push(call);
    return this.#deliver(this.faultFor(call), () => this.#items.get(key));
  }

  update(key: string, update: LockUpdate): Promise<LockUpdateResult> {
    const write = {
      name: 'UpdateItem',
      set: update.set,
      remove: update.remove,
      condition: (item: RawItem | undefined) => holds(update.condition, item),
    } as const;
    return this.#send({ operation: 'update', key, update }, write);
  }

  /** Makes another client's write: the same item, and the same faults on the way. */
  write(key: string, write: RawWrite): Promise<LockUpdateResult> {
    return this.#send({ operation: 'write', key, write }, write);
  }

  #send(call: StoreCall, write: RawWrite): Promise<LockUpdateResult> {
    this.calls.push(call);
    const fault = this.#nextFaults.length > 0 ? this.#nextFaults.shift() : this.faultFor(call);
    return this.#deliver(fault, () => this.#apply(call, write));
  }

  #count(wanted: StoreCall['operation']): number {
    return this.calls.filter(({ operation }) => operation === wanted).length;
  }

  async #deliver<T>(fault: StoreFault | undefined, effect: () => T): Promise<T> {
    if (fault?.kind === 'lost-request') {
      throw new LockStoreError('unknown', 'The connection broke before the request arrived.');
    }
    if (fault?.kind === 'refused') {
      throw new LockStoreError(fault.failure, `The store says: ${fault.failure}.`);
    }
    if (fault?.kind === 'late') await this.#pass(fault.arrivesMs);
    if (fault?.kind === 'repeated') effect();
    if (fault?.kind === 'copied') this.#clock.after(fault.copyMs, effect);
    const answer = effect();
    if (fault?.kind === 'late') await this.#pass(fault.answerMs ?? 0);
    if (fault?.kind === 'lost-answer' || (fault?.kind === 'late' && fault.isAnswerLost)) {
      throw new LockStoreError('unknown', 'The connection broke before the answer arrived.');
    }
    return answer;
  }

  async #pass(ms: number): Promise<void> {
    if (ms > 0) await new Promise<void>((resolve) => this.#clock.after(ms, resolve));
  }

  #apply(call: StoreCall, write: RawWrite): LockUpdateResult {
    const previous = this.#items.get(call.key);
    if (!write.condition(previous)) return { written: false, current: previous };
    const current = snapshot({ key: { S: call.key }, ...attributesAfter(write, previous) });
    this.#items.set(call.key, current);
    this.history.push(current);
    this.onChange({ call, previous, current });
    return { written: true, previous };
  }
}

function attributesAfter(write: RawWrite, previous: RawItem | undefined): RawItem {
  if (write.name === 'PutItem') return write.item;
  const next = { ...previous };
  for (const name of write.remove ?? []) delete next[name];
  return { ...next, ...write.set };
}

/** A copy that nobody can change, so that all readers may share it. */
function snapshot(attributes: Record<string, object>): RawItem {
  const copy: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries<AttributeValue>(attributes)) {
    copy[name] = value.B ? { B: value.B.slice() } : { ...value };
  }
  return Object.freeze(copy);
}

/** The condition expressions of `src/aws/lock-table.ts`, in words of this language. */
export function holds(condition: LockCondition, item: RawItem | undefined): boolean {
  const isReleased = item?.[ATTRIBUTE.isReleased];
  if (condition.kind === 'free') {
    const data = item?.[ATTRIBUTE.data];
    const isOwn =
      condition.claimant !== undefined && item?.[ATTRIBUTE.owner]?.S === condition.claimant;
    return !item || (isReleased?.S === RELEASED && (!data || data.B !== undefined) && !isOwn);
  }
  const version = item?.[ATTRIBUTE.recordVersionNumber]?.S;
  if (condition.kind === 'released') {
    return isReleased?.S === RELEASED && version === condition.version;
  }
  return (
    item?.[ATTRIBUTE.owner]?.S === condition.owner &&
    isReleased === undefined &&
    version !== undefined &&
    condition.versions.includes(version)
  );
}
