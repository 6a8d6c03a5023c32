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
  /** It arrives late, and its answer takes as long again as `answerMs` says. */
  | { readonly kind: 'late'; readonly arrivesMs: number; readonly answerMs?: number }
  /** The store says no, without looking at the item. */
  | { readonly kind: 'refused'; readonly failure: Exclude<LockStoreFailure, 'unknown'> };

/** One request as the store saw it. */
export type StoreCall =
  | { readonly operation: 'read'; readonly key: string }
  | { readonly operation: 'update'; readonly key: string; readonly update: LockUpdate };

/** A lock table in memory: DynamoDB's conditions, and faults on demand. */
export class MemoryLockStore implements LockStore {
  /** Every request, in the order in which they were sent. */
  readonly calls: StoreCall[] = [];
  /** Every state that an update left behind, oldest first. */
  readonly history: RawItem[] = [];
  /** Decides about each request; asked after the faults of `failNext` are used up. */
  faultFor: (call: StoreCall) => StoreFault | undefined = () => undefined;
  readonly #clock: Clock;
  readonly #items = new Map<string, RawItem>();
  #nextFaults: (StoreFault | undefined)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get updates(): number {
    return this.calls.filter(({ operation }) => operation === 'update').length;
  }

  get reads(): number {
    return this.calls.length - this.updates;
  }

  /** What happens to the next updates, one each; undefined lets one pass. */
  failNext(...faults: (StoreFault | undefined)[]): void {
    this.#nextFaults.push(...faults);
  }

  /** The item as it is; fails when there is none. */
  item(key: string): RawItem {
    const item = this.#items.get(key);
    if (!item) throw new Error(`There is no item "${key}".`);
    return structuredClone(item);
  }

  /** Puts an item in place of another, as a person with a console would. */
  put(key: string, attributes: Record<string, object>): void {
    this.#items.set(key, structuredClone({ key: { S: key }, ...attributes }) as RawItem);
  }

  delete(key: string): void {
    this.#items.delete(key);
  }

  async read(key: string): Promise<RawItem | undefined> {
    const call = { operation: 'read', key } as const;
    this.calls.push(call);
    return this.#deliver(this.faultFor(call), () => structuredClone(this.#items.get(key)));
  }

  async update(key: string, update: LockUpdate): Promise<LockUpdateResult> {
    const call = { operation: 'update', key, update } as const;
    this.calls.push(call);
    const fault = this.#nextFaults.length > 0 ? this.#nextFaults.shift() : this.faultFor(call);
    return this.#deliver(fault, () => this.#apply(key, update));
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
    const answer = effect();
    if (fault?.kind === 'late') await this.#pass(fault.answerMs ?? 0);
    if (fault?.kind === 'lost-answer') {
      throw new LockStoreError('unknown', 'The connection broke before the answer arrived.');
    }
    return answer;
  }

  #pass(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (ms === 0) resolve();
      else this.#clock.after(ms, resolve);
    });
  }

  #apply(key: string, update: LockUpdate): LockUpdateResult {
    const item = this.#items.get(key);
    if (!holds(update.condition, item)) return { written: false, current: structuredClone(item) };
    const next: Record<string, AttributeValue> = { key: { S: key }, ...item };
    for (const name of update.remove) delete next[name];
    Object.assign(next, structuredClone(update.set));
    this.#items.set(key, next);
    this.history.push(structuredClone(next));
    return { written: true, previous: structuredClone(item) };
  }
}

/** The condition expressions of `src/aws/lock-table.ts`, in words of this language. */
function holds(condition: LockCondition, item: RawItem | undefined): boolean {
  const isReleased = item?.[ATTRIBUTE.isReleased];
  if (condition.kind === 'free') {
    const data = item?.[ATTRIBUTE.data];
    return !item || (isReleased?.S === RELEASED && (!data || data.B !== undefined));
  }
  const version = item?.[ATTRIBUTE.recordVersionNumber]?.S;
  return (
    item?.[ATTRIBUTE.owner]?.S === condition.owner &&
    isReleased === undefined &&
    version !== undefined &&
    condition.versions.includes(version)
  );
}
