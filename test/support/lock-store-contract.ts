import { expect, test } from '@jest/globals';
import type { LockCondition, LockStore } from '../../src/lock/store.ts';
import { bytes, KEY, text } from './lock-world.ts';

/** A store to be tested, and a way to put any item into it. */
export interface StoreUnderTest {
  readonly store: LockStore;
  readonly put: (attributes: Record<string, object>) => Promise<void>;
}

const HELD = {
  ownerName: { S: 'ann' },
  leaseDuration: { S: '10s' },
  recordVersionNumber: { S: 'v1' },
  data: { B: bytes('before') },
};
const FREE: LockCondition = { kind: 'free' };
const RELEASED: LockCondition = { kind: 'released', version: 'v1' };

/** When a write must be made, and when it must not. */
const CASES: readonly [string, LockCondition, Record<string, object> | undefined, boolean][] = [
  ['a free lock: there is no item', FREE, undefined, true],
  ['a free lock: released', FREE, { ...HELD, isReleased: { S: '1' } }, true],
  ['a free lock: released, without data', FREE, { isReleased: { S: '1' } }, true],
  ['a free lock: held', FREE, HELD, false],
  ['a free lock: marked with a boolean', FREE, { ...HELD, isReleased: { BOOL: true } }, false],
  ['a free lock: marked with a number', FREE, { ...HELD, isReleased: { N: '1' } }, false],
  ['a free lock: data is text', FREE, { isReleased: { S: '1' }, data: { S: 'x' } }, false],
  [
    'a free lock: released by somebody else',
    { ...FREE, claimant: 'bob' },
    { ...HELD, isReleased: { S: '1' } },
    true,
  ],
  [
    'a free lock: released by nobody knows whom',
    { ...FREE, claimant: 'bob' },
    { isReleased: { S: '1' } },
    true,
  ],
  [
    'a free lock: not one that its claimant has released',
    { ...FREE, claimant: 'ann' },
    { ...HELD, isReleased: { S: '1' } },
    false,
  ],
  ['this version, released', RELEASED, { ...HELD, isReleased: { S: '1' } }, true],
  ['this version, released, not held', RELEASED, HELD, false],
  [
    'this version, released, no later one',
    RELEASED,
    { ...HELD, recordVersionNumber: { S: 'v2' }, isReleased: { S: '1' } },
    false,
  ],
  ['this version, released, not absent', RELEASED, undefined, false],
  ['this version of this owner', heldBy('ann', 'v1'), HELD, true],
  ['one of these versions', heldBy('ann', 'v0', 'v1', 'v2'), HELD, true],
  ['another version', heldBy('ann', 'v0', 'v2'), HELD, false],
  ['another owner', heldBy('bob', 'v1'), HELD, false],
  ['not released', heldBy('ann', 'v1'), { ...HELD, isReleased: { S: '1' } }, false],
  ['not marked at all', heldBy('ann', 'v1'), { ...HELD, isReleased: { BOOL: false } }, false],
  ['an item', heldBy('ann', 'v1'), undefined, false],
];

function heldBy(owner: string, ...versions: string[]): LockCondition {
  return { kind: 'held', owner, versions };
}

/** What the lock relies on in a store. Every store is held to it, the one for tests as well. */
export function testLockStore(make: () => Promise<StoreUnderTest>): void {
  test.each(CASES)('a write that requires %s', async (_, condition, item, isWritten) => {
    const { store, put } = await make();
    if (item) await put(item);
    const before = await store.read(KEY);

    const result = await store.update(KEY, {
      set: { data: { B: bytes('after') } },
      remove: ['isReleased'],
      condition,
    });

    if (isWritten) {
      expect(result).toEqual({ written: true, previous: before });
      const { isReleased: _mark, ...rest } = item ?? {};
      const after = await store.read(KEY);
      expect(after).toMatchObject({ ...rest, key: { S: KEY }, data: { B: expect.anything() } });
      expect(after).not.toHaveProperty('isReleased');
      expect(text(after?.data?.B)).toBe('after');
    } else {
      expect(result).toEqual({ written: false, current: before });
      expect(await store.read(KEY)).toEqual(before);
    }
  });

  test('a write of every attribute that the lock has, some of them reserved words', async () => {
    const { store } = await make();

    await store.update(KEY, {
      set: { ...HELD, isReleased: { S: '1' } },
      remove: [],
      condition: FREE,
    });

    expect(await store.read(KEY)).toMatchObject({
      ownerName: { S: 'ann' },
      leaseDuration: { S: '10s' },
      recordVersionNumber: { S: 'v1' },
      isReleased: { S: '1' },
    });
  });

  test('a write that lists a hundred versions', async () => {
    const { store, put } = await make();
    await put(HELD);
    const versions = Array.from({ length: 99 }, (_, index) => `other${index}`);

    const result = await store.update(KEY, {
      set: { recordVersionNumber: { S: 'v2' } },
      remove: [],
      condition: heldBy('ann', ...versions, 'v1'),
    });

    expect(result.written).toBe(true);
  });
}
