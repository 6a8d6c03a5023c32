/**
 * Goal: the ways in which other locks on DynamoDB have failed stay shut; see test/bugs/lock-bugs.ts.
 * Method: the circumstances under which each was seen.
 */
import { expect, test } from '@jest/globals';
import { acquire } from '../../../src/lock/acquire.ts';
import { breakLock } from '../../../src/lock/break-lock.ts';
import { inspect } from '../../../src/lock/inspect.ts';
import type { HolderInfo } from '../../../src/lock/item.ts';
import type { LockStore } from '../../../src/lock/store.ts';
import { takeOver } from '../../../src/lock/take-over.ts';
import { bytes, KEY, Machine, text } from '../../support/lock-world.ts';
import { heldLease } from './held-lease.ts';

/** A lock that somebody holds, and another deployer who has seen it. */
async function seenLease() {
  const held = await heldLease();
  return { ...held, seen: await seenBy(held.store) };
}

async function seenBy(store: LockStore): Promise<HolderInfo> {
  const record = await inspect(store, KEY);
  if (!record) throw new Error('A held lock has an item.');
  return record;
}

test('a heartbeat that hangs holds up the next checkpoint for 2 s at the most', async () => {
  const { clock, store, lease } = await heldLease();
  store.failNext({ kind: 'late', arrivesMs: 3_600_000 });
  await clock.advance(1_000); // The heartbeat is sent.

  await clock.run(lease.checkpoint(bytes('step 2')));

  expect(clock.monotonicMs()).toBe(3_000);
  expect(text(store.item(KEY).data?.B)).toBe('step 2');
});

test('a slow answer renews the lease from when its heartbeat was sent', async () => {
  const { clock, store, lease } = await heldLease();
  const slow = { kind: 'late', arrivesMs: 700, answerMs: 700 } as const;
  store.failNext(slow, slow);

  await clock.advance(1_000 + 1_400);

  expect(lease.remainingMs()).toBe(10_000 - 1_400);
});

test('a lock that was given up is taken over without any wait', async () => {
  const { clock, lease, rival, store } = await heldLease();
  await lease.yieldLock(bytes('step 4'));
  const seen = await seenBy(store);

  const taken = await clock.run(takeOver({ ...rival(), seen }));

  expect(taken).toHaveProperty('lease');
  expect(clock.monotonicMs()).toBe(0);
});

test('a fresh owner never shows the data of the one before', async () => {
  const { lease, rival, store } = await heldLease();
  await lease.releaseLock(bytes('done'));

  await acquire({ ...rival(), data: bytes('fresh') });

  expect(store.history.map((item) => text(item.data?.B))).toEqual(['step 1', 'done', 'fresh']);
});

test('taking over keeps the last checkpoint, not the first one seen', async () => {
  const { clock, machine, lease, rival, seen, store } = await seenLease();
  await lease.checkpoint(bytes('step 2'));
  machine.stop();

  const taken = await clock.run(takeOver({ ...rival(), seen }));

  expect(taken).toMatchObject({ previous: { data: bytes('step 2') } });
  expect(text(store.item(KEY).data?.B)).toBe('step 2');
});

test.each([
  ['forward', 3_600_000],
  ['back', -3_600_000],
])('a wall clock that jumps %s makes nobody silent sooner or later', async (_, jumpMs) => {
  const { clock, machine, rival, seen, store } = await seenLease();
  machine.stop(); // The holder's.
  const own = new Machine(clock);
  clock.after(3_500, () => own.jump(jumpMs));

  const taken = await clock.run(takeOver({ ...rival(), clock: own, seen }));

  expect(taken).toHaveProperty('lease');
  expect(clock.monotonicMs()).toBe(10_001);
  expect(store.updates).toBe(2);
});

test('breaking a lock takes it from a holder that heeds no mark', async () => {
  const { rival, seen, store } = await seenLease();

  await breakLock({ ...rival(), seen });

  // All that the heartbeat of dynamolock looks at.
  expect(store.item(KEY).ownerName?.S).not.toBe(seen.owner);
  expect(store.item(KEY).recordVersionNumber?.S).not.toBe(seen.recordVersionNumber);
});
