import { expect, test } from '@jest/globals';
import { acquire, type Acquired } from '../../../src/lock/acquire.ts';
import { MalformedLockItemError } from '../../../src/lock/errors.ts';
import type { Lease } from '../../../src/lock/lease.ts';
import { type LockStore, LockStoreError } from '../../../src/lock/store.ts';
import { bytes, KEY, lockWorld, text } from '../../support/lock-world.ts';

/** The lease of an acquisition that must have succeeded. */
function leaseOf(outcome: Acquired): Lease {
  if ('heldBy' in outcome) throw new Error(`Held by ${outcome.heldBy.owner}.`);
  return outcome.lease;
}

test('takes a lock that nobody ever held with one request', async () => {
  const { store, options } = lockWorld();

  const outcome = await acquire(options);

  expect(outcome).not.toHaveProperty('previous');
  expect(leaseOf(outcome)).toMatchObject({ key: KEY, state: 'HELD' });
  expect(store.calls).toHaveLength(1);
  expect(store.item(KEY)).toEqual({
    key: { S: KEY },
    ownerName: { S: leaseOf(outcome).owner },
    leaseDuration: { S: '10s' },
    recordVersionNumber: { S: expect.stringMatching(/^[0-9a-f]{32}$/) },
    data: { B: bytes('step 1') },
  });
});

test('takes a released lock, hands over what was in it and keeps what it does not know', async () => {
  const { store, options } = lockWorld();
  store.put(KEY, {
    ownerName: { S: 'go' },
    leaseDuration: { S: '10s' },
    recordVersionNumber: { S: 'v1' },
    isReleased: { S: '1' },
    data: { B: bytes('done') },
    note: { S: 'call Ann first' },
  });

  const outcome = await acquire(options);

  expect('previous' in outcome && text(outcome.previous?.data)).toBe('done');
  expect(store.calls).toHaveLength(1);
  expect(store.item(KEY)).not.toHaveProperty('isReleased');
  expect(store.item(KEY)).toMatchObject({ note: { S: 'call Ann first' } });
});

test('refuses a held lock with one request, shows the holder and writes nothing', async () => {
  const { store, options } = lockWorld();
  store.put(KEY, {
    ownerName: { S: 'java' },
    leaseDuration: { S: '20000' },
    recordVersionNumber: { S: 'v1' },
    data: { B: bytes('step 7') },
  });
  const before = store.item(KEY);

  const outcome = await acquire(options);

  expect(outcome).toEqual({
    heldBy: {
      owner: 'java',
      data: bytes('step 7'),
      leaseDurationMs: 20_000,
      recordVersionNumber: 'v1',
      isReleased: false,
      item: before,
    },
  });
  expect(store.calls).toHaveLength(1);
  expect(store.item(KEY)).toEqual(before);
});

test('lets exactly one of two racing deployers win', async () => {
  const { store, options, rival } = lockWorld();

  const outcomes = await Promise.all([
    acquire(options),
    acquire({ ...rival(), data: bytes('step 1') }),
  ]);

  const winners = outcomes.filter((outcome) => 'lease' in outcome);
  expect(winners).toHaveLength(1);
  expect(store.item(KEY)).toMatchObject({ ownerName: { S: winners[0]?.lease.owner } });
});

test.each([
  ['isReleased', { BOOL: true }],
  ['isReleased', { S: 'true' }],
  ['leaseDuration', { S: 'soon' }],
  ['ownerName', { N: '1' }],
  ['data', { S: 'text' }],
])('refuses an item whose %s is %j, and leaves it alone', async (attribute, value) => {
  const { store, options } = lockWorld();
  store.put(KEY, {
    ownerName: { S: 'go' },
    leaseDuration: { S: '10s' },
    recordVersionNumber: { S: 'v1' },
    [attribute]: value,
  });
  const before = store.item(KEY);

  await expect(acquire(options)).rejects.toMatchObject({
    name: 'MalformedLockItemError',
    attribute,
  });
  expect(store.item(KEY)).toEqual(before);
});

test('refuses a released item whose data is text, which it would otherwise erase', async () => {
  const { store, options } = lockWorld();
  store.put(KEY, {
    ownerName: { S: 'go' },
    leaseDuration: { S: '10s' },
    recordVersionNumber: { S: 'v1' },
    isReleased: { S: '1' },
    data: { S: 'precious' },
  });

  await expect(acquire(options)).rejects.toThrow(MalformedLockItemError);
  expect(store.item(KEY)).toMatchObject({ data: { S: 'precious' } });
});

test.each([
  ['released', { isReleased: { S: '1' } }],
  ['gone', undefined],
])('tries again when the lock was %s by the time it was looked at', async (_, then) => {
  const { store, options } = lockWorld();
  const { rival, refused } = refusedOnce(store, then);

  const outcome = await acquire({ ...options, store: rival });

  expect(refused()).toBe(1);
  expect(store.item(KEY)).toMatchObject({ ownerName: { S: leaseOf(outcome).owner } });
});

test('gives up on a lock that is never free when written and never held when read', async () => {
  const { store, options } = lockWorld();
  const { rival } = refusedOnce(store, undefined, Infinity);

  await expect(acquire({ ...options, store: rival })).rejects.toMatchObject({
    failure: 'throttled',
  });
});

/** A store that looks at the item only after it has refused a write, when others have been there. */
function refusedOnce(store: LockStore, then: object | undefined, times = 1) {
  let refused = 0;
  const current = then && {
    ownerName: { S: 'go' },
    leaseDuration: { S: '10s' },
    recordVersionNumber: { S: 'v1' },
    ...then,
  };
  const rival: LockStore = {
    read: (key) => store.read(key),
    update: async (key, update) =>
      refused++ < times ? { written: false, current } : store.update(key, update),
  };
  return { rival, refused: () => Math.min(refused, times) };
}

test('knows its own record again when the answer was lost', async () => {
  const { clock, store, options } = lockWorld();
  store.failNext({ kind: 'lost-answer' });

  const outcome = await clock.run(acquire(options));

  expect(store.item(KEY)).toMatchObject({ ownerName: { S: leaseOf(outcome).owner } });
  expect(store.updates).toBe(2);
  expect(store.history).toHaveLength(1);
});

test('counts the lease from the first attempt, not from the one that got through', async () => {
  const { clock, store, options } = lockWorld();
  const slow = { kind: 'late', arrivesMs: 500, answerMs: 60_000 } as const;
  store.failNext(slow, undefined, slow); // The third is the heartbeat, which is due at once.

  const outcome = await clock.run(acquire(options));

  expect(clock.monotonicMs()).toBe(2_000); // The first attempt was given up then.
  expect(leaseOf(outcome).remainingMs()).toBe(8_000);
  await clock.advance(2_000);
  expect(leaseOf(outcome).remainingMs()).toBe(10_000); // Sent, and confirmed, right now.
});

test('an attempt that arrives after the lock was taken does not take it again', async () => {
  const { clock, store, options } = lockWorld();
  store.failNext({ kind: 'late', arrivesMs: 5_000 });

  const lease = leaseOf(await clock.run(acquire(options)));
  await lease.checkpoint(bytes('step 2'));
  await clock.advance(10_000);

  expect(lease.state).toBe('HELD');
  expect(text(store.item(KEY).data?.B)).toBe('step 2');
});

test.each(['denied', 'invalid'] as const)('gives up at once when %s', async (failure) => {
  const { store, options } = lockWorld();
  store.failNext({ kind: 'refused', failure });

  await expect(acquire(options)).rejects.toMatchObject({ failure, definitelyNotApplied: true });
  expect(store.calls).toHaveLength(1);
});

test('tries again when throttled', async () => {
  const { clock, store, options } = lockWorld();
  const throttled = { kind: 'refused', failure: 'throttled' } as const;
  store.failNext(throttled, throttled, throttled);

  const outcome = await clock.run(acquire(options));

  expect(leaseOf(outcome).state).toBe('HELD');
  expect(store.updates).toBe(4);
});

test('says that the outcome is unknown when it stays so for a lease', async () => {
  const { clock, store, options } = lockWorld();
  store.faultFor = () => ({ kind: 'lost-request' });

  const failed = clock.run(acquire(options));

  await expect(failed).rejects.toThrow(LockStoreError);
  await expect(failed).rejects.toMatchObject({ failure: 'unknown' });
  expect(clock.monotonicMs()).toBeGreaterThanOrEqual(10_000);
  expect(clock.monotonicMs()).toBeLessThan(11_000);
});

test('does not call a lock untouched because the last attempt was denied', async () => {
  const { clock, store, options } = lockWorld();
  store.failNext({ kind: 'lost-answer' }, { kind: 'refused', failure: 'denied' });

  await expect(clock.run(acquire(options))).rejects.toMatchObject({ failure: 'unknown' });
});

test('sends nothing when it was called off before', async () => {
  const { store, options } = lockWorld();

  const called = acquire({ ...options, signal: AbortSignal.abort(new Error('stop')) });

  await expect(called).rejects.toThrow('stop');
  expect(store.calls).toHaveLength(0);
});

test('called off while the outcome is unknown, it finds out and frees the lock again', async () => {
  const { clock, store, options } = lockWorld();
  store.put(KEY, { isReleased: { S: '1' }, data: { B: bytes('done') } });
  store.failNext({ kind: 'late', arrivesMs: 100, answerMs: 500 });
  const stop = new AbortController();
  clock.after(50, () => stop.abort(new Error('stop')));

  await expect(clock.run(acquire({ ...options, signal: stop.signal }))).rejects.toThrow('stop');

  expect(store.item(KEY)).toMatchObject({ isReleased: { S: '1' }, data: { B: bytes('done') } });
  expect(clock.pending).toBe(0);
});

test('begins the name of the owner with the label, and never uses a name twice', async () => {
  const { store, options } = lockWorld();
  const first = leaseOf(await acquire({ ...options, ownerLabel: 'ci-17' }));
  await first.releaseLock(bytes('done'));

  const second = leaseOf(await acquire({ ...options, ownerLabel: 'ci-17' }));

  expect(first.owner).toMatch(/^ci-17-[0-9a-f]{32}$/);
  expect(second.owner).toMatch(/^ci-17-[0-9a-f]{32}$/);
  expect(second.owner).not.toBe(first.owner);
  expect(store.item(KEY)).toMatchObject({ ownerName: { S: second.owner } });
});

test.each([
  { leaseDurationMs: 0 },
  { leaseDurationMs: 1_500.5 },
  { leaseDurationMs: 2_000, heartbeatIntervalMs: 1_000 },
  { heartbeatIntervalMs: 0 },
])('refuses %j, with which no lease can be kept', async (settings) => {
  const { store, options } = lockWorld();

  await expect(acquire({ ...options, ...settings })).rejects.toThrow(RangeError);
  expect(store.calls).toHaveLength(0);
});
