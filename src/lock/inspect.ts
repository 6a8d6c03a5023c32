import { decodeItem, type LockRecord } from './item.ts';
import type { LockStore } from './store.ts';

/**
 * Looks at a lock with one consistent read.
 * @returns undefined when nobody ever held it.
 * @throws {MalformedLockItemError} when no lock client could have written the item.
 * @throws {LockStoreError} when it can't be read.
 */
export async function inspect(
  store: LockStore,
  key: string,
  signal?: AbortSignal,
): Promise<LockRecord | undefined> {
  const item = await store.read(key, signal);
  return item && decodeItem(key, item);
}
