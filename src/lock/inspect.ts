import { decodeItem, type LockRecord, type RawItem } from './item.ts';
import type { LockStore } from './store.ts';

/**
 * Looks at a lock with one consistent read.
 * @returns undefined when nobody ever held it.
 * @throws {MalformedLockItemError} when no lock client could have written the item.
 * @throws {LockStoreError} when it can't be read.
 * @throws the signal's reason, as soon as it is aborted.
 */
export async function inspect(
  store: LockStore,
  key: string,
  signal?: AbortSignal,
): Promise<LockRecord | undefined> {
  const item = await read(store, key, signal);
  return item && decodeItem(key, item);
}

async function read(
  store: LockStore,
  key: string,
  signal: AbortSignal | undefined,
): Promise<RawItem | undefined> {
  signal?.throwIfAborted();
  try {
    return await store.read(key, signal);
  } catch (error) {
    signal?.throwIfAborted(); // What the store makes of the abort is not the point.
    throw error;
  }
}
