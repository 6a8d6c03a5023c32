import { describe } from '@jest/globals';
import { testLockStore } from '../../support/lock-store-contract.ts';
import { KEY } from '../../support/lock-world.ts';
import { MemoryLockStore } from '../../support/memory-lock-store.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

describe('the lock table in memory decides as DynamoDB does about', () => {
  testLockStore(() => {
    const store = new MemoryLockStore(new VirtualClock());
    return Promise.resolve({
      store,
      put: (attributes) => Promise.resolve(store.put(KEY, attributes)),
    });
  });
});
