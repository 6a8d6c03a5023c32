import { describe, expect, test } from '@jest/globals';
import { LeaseLostError } from '../../../src/lock/errors.ts';
import { bytes, KEY } from '../../support/lock-world.ts';
import type { StoreFault } from '../../support/memory-lock-store.ts';
import { expectLost, heldLease, LOST_ANSWER, LOST_REQUEST, steal } from './held-lease.ts';

describe('the lease is lost for good', () => {
  test('when another owner is found in the record, and the error names the owner', async () => {
    const { clock, store, lease } = await heldLease();
    steal(store);

    await clock.advance(1_000);

    expectLost(lease, 'taken');
    expect(lease.signal.reason).toMatchObject({ current: { owner: 'thief' }, message: /"thief"/ });
    expect(store.item(KEY)).toMatchObject({ ownerName: { S: 'thief' } });
  });

  test('when somebody wrote a version under its own name', async () => {
    const { clock, store, lease } = await heldLease();
    steal(store, lease.owner);

    await clock.advance(1_000);

    expectLost(lease, 'taken');
  });

  test('when somebody put an earlier state of the record back', async () => {
    const { clock, store, lease } = await heldLease();
    const { key: _, ...item } = store.item(KEY);
    await clock.advance(1_000);
    store.put(KEY, item);

    await clock.advance(1_000);

    expectLost(lease, 'taken');
  });

  test('when the item was deleted, even if the last answer was lost', async () => {
    const { clock, store, lease } = await heldLease();
    store.failNext(LOST_ANSWER);
    await clock.advance(1_000);
    store.delete(KEY);

    await clock.advance(1_000);

    expectLost(lease, 'deleted');
  });

  test('when somebody released it', async () => {
    const { clock, store, lease } = await heldLease();
    const { key: _, ...item } = store.item(KEY);
    store.put(KEY, { ...item, isReleased: { S: '1' } });

    await clock.advance(1_000);

    expectLost(lease, 'released');
  });

  test('when the item became unreadable', async () => {
    const { clock, store, lease } = await heldLease();
    const { key: _, ...item } = store.item(KEY);
    store.put(KEY, { ...item, isReleased: { BOOL: true } });

    await clock.advance(1_000);

    expectLost(lease, 'malformed');
  });

  test.each<[string, StoreFault]>([
    ['no answer comes', { kind: 'late', arrivesMs: 60_000 }],
    ['the connection breaks', LOST_REQUEST],
    ['everything is throttled', { kind: 'refused', failure: 'throttled' }],
    ['the credentials have run out', { kind: 'refused', failure: 'denied' }],
  ])('at its very end, when %s', async (_, fault) => {
    const { clock, store, lease } = await heldLease();
    await clock.advance(1_000); // The heartbeat at 1 s is the last one confirmed.
    store.faultFor = () => fault;

    await clock.advance(9_999);
    expect(lease.state).toBe('HELD');
    expect(lease.signal.aborted).toBe(false);
    await clock.advance(1);

    expectLost(lease, 'expired');
    expect(lease.signal.reason).toHaveProperty('cause');
  });

  test('and stays lost when the store answers again', async () => {
    const { clock, store, lease } = await heldLease();
    store.faultFor = () => LOST_REQUEST;
    await clock.advance(10_000);
    store.faultFor = () => undefined;
    const sent = store.updates;

    await clock.advance(60_000);

    expectLost(lease, 'expired');
    expect(store.updates).toBe(sent);
    expect(clock.pending).toBe(0);
  });

  test('and every write that waits is rejected at that moment', async () => {
    const { clock, store, lease } = await heldLease();
    store.faultFor = () => ({ kind: 'late', arrivesMs: 60_000 });
    const writes = Promise.allSettled([
      lease.checkpoint(bytes('step 2')),
      lease.checkpoint(bytes('step 3')),
      lease.releaseLock(bytes('done')),
    ]);

    const outcomes = await clock.run(writes, 10_000);

    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { reason: 'expired' } });
    }
    await expect(lease.checkpoint(bytes('step 4'))).rejects.toThrow(LeaseLostError);
  });

  test('but not before: an answer in the last moment keeps it', async () => {
    const { clock, store, lease } = await heldLease();
    store.faultFor = () => LOST_REQUEST;
    await clock.advance(9_500);
    store.faultFor = () => undefined;

    await clock.advance(500);

    expect(lease.state).toBe('HELD');
    expect(lease.remainingMs()).toBeGreaterThan(9_000);
  });
});

describe('changes', () => {
  test('may begin only while half of the lease is left', async () => {
    const { clock, store, lease } = await heldLease();
    store.faultFor = () => LOST_REQUEST;

    await clock.advance(5_000);
    expect(() => lease.assertCanMutate()).not.toThrow();
    await clock.advance(1);

    expect(lease.state).toBe('HELD');
    expect(() => lease.assertCanMutate()).toThrow(expect.objectContaining({ reason: 'suspect' }));
  });

  test('are cut off 4 s from now or 1 s before the lease ends', async () => {
    const { clock, store, lease } = await heldLease();
    store.faultFor = () => LOST_REQUEST;
    const cutOffs: number[] = [];

    for (let second = 0; second < 10; second++) {
      cutOffs.push(lease.mutationDeadlineMs());
      await clock.advance(1_000);
    }

    expect(cutOffs).toEqual([4000, 4000, 4000, 4000, 4000, 4000, 3000, 2000, 1000, 0]);
  });

  test('scale with the lease', async () => {
    const { clock, store, lease } = await heldLease({ leaseDurationMs: 60_000 });
    store.faultFor = () => LOST_REQUEST;

    await clock.advance(30_000);
    expect(() => lease.assertCanMutate()).not.toThrow();
    expect(lease.mutationDeadlineMs()).toBe(24_000);
    await clock.advance(1);

    expect(() => lease.assertCanMutate()).toThrow(LeaseLostError);
  });
});

describe('after a pause that outlasted the lease', () => {
  test('nothing may change until the store has confirmed that nobody took it', async () => {
    const { clock, machine, lease } = await heldLease();

    await machine.freeze(13_000);

    expect(lease.state).toBe('SUSPECT');
    expect(() => lease.assertCanMutate()).toThrow(expect.objectContaining({ reason: 'suspect' }));
    expect(lease.signal.aborted).toBe(false);
    await clock.advance(0);
    expect(lease.state).toBe('HELD');
    expect(lease.remainingMs()).toBe(10_000);
  });

  test('the lease is lost with the first answer if somebody did', async () => {
    const { clock, machine, store, lease } = await heldLease();

    const frozen = machine.freeze(13_000);
    steal(store);
    await frozen;
    await clock.advance(0);

    expectLost(lease, 'taken');
  });

  test('the store is asked for half a lease before it is lost', async () => {
    const { clock, machine, store, lease } = await heldLease();
    store.faultFor = () => LOST_REQUEST;

    await machine.freeze(13_000);
    await clock.advance(4_999);
    expect(lease.state).toBe('SUSPECT');
    expect(lease.signal.aborted).toBe(false);
    await clock.advance(1);

    expectLost(lease, 'expired');
  });

  test('a request that was under way is not trusted: another one is sent', async () => {
    const { clock, machine, store, lease } = await heldLease();
    store.failNext({ kind: 'late', arrivesMs: 100 });
    await clock.advance(1_050);

    await machine.freeze(13_000);
    await clock.advance(100);

    expect(lease.state).toBe('HELD');
    expect(lease.remainingMs()).toBeGreaterThan(9_800);
    expect(store.updates).toBeGreaterThanOrEqual(3);
  });

  test('a sleep that only the wall clock saw counts as well', async () => {
    const { clock, machine, lease } = await heldLease();
    await clock.advance(500);

    machine.jump(3_600_000);

    expect(lease.state).toBe('SUSPECT');
    expect(() => lease.assertCanMutate()).toThrow(LeaseLostError);
    await clock.advance(500);
    expect(lease.state).toBe('HELD');
    expect(lease.signal.aborted).toBe(false);
  });

  test('a wall clock that is set back changes nothing, and hides no sleep that follows', async () => {
    const { clock, machine, lease } = await heldLease();

    machine.jump(-3_600_000);
    expect(lease.remainingMs()).toBe(10_000);
    machine.jump(20_000);
    expect(lease.state).toBe('SUSPECT');

    await clock.advance(1_000);
    expect(lease.state).toBe('HELD');
  });
});
