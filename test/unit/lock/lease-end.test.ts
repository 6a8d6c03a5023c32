import { describe, expect, test } from '@jest/globals';
import { acquire } from '../../../src/lock/acquire.ts';
import { bytes, KEY, text } from '../../support/lock-world.ts';
import { expectLost, heldLease, LOST_ANSWER, steal } from './held-lease.ts';

describe('the end', () => {
  test('a release frees the lock with the last data in one write, under a new version', async () => {
    const { store, lease, version } = await heldLease();
    const before = version();

    await lease.releaseLock(bytes('done'));

    expect(store.updates).toBe(2);
    expect(store.item(KEY)).toEqual({
      key: { S: KEY },
      ownerName: { S: lease.owner },
      leaseDuration: { S: '0' },
      recordVersionNumber: { S: expect.not.stringMatching(`^${before}$`) },
      isReleased: { S: '1' },
      data: { B: bytes('done') },
    });
    expect(lease.state).toBe('RELEASED');
    expect(lease.signal.aborted).toBe(false);
  });

  test('a yield leaves the lock held, with a lease that is over', async () => {
    const { store, lease } = await heldLease();

    await lease.yieldLock(bytes('step 4'));

    expect(store.updates).toBe(2);
    expect(store.item(KEY)).toMatchObject({
      leaseDuration: { S: '0' },
      data: { B: bytes('step 4') },
    });
    expect(store.item(KEY)).not.toHaveProperty('isReleased');
    expect(lease.state).toBe('YIELDED');
  });

  test.each(['releaseLock', 'yieldLock'] as const)(
    'after %s no timer is left and nothing is sent',
    async (method) => {
      const { clock, store, lease } = await heldLease();
      await clock.advance(1_500);

      await lease[method](bytes('done'));
      expect(clock.pending).toBe(0);
      const sent = store.updates;
      await clock.advance(60_000);

      expect(store.updates).toBe(sent);
      expect(() => lease.assertCanMutate()).toThrow(expect.objectContaining({ reason: 'ended' }));
      await expect(lease.checkpoint(bytes('more'))).rejects.toMatchObject({ reason: 'ended' });
      await expect(lease.releaseLock(bytes('more'))).rejects.toMatchObject({ reason: 'ended' });
    },
  );

  test('waits for the heartbeat and the checkpoint that are under way', async () => {
    const { clock, store, lease } = await heldLease();
    store.failNext({ kind: 'late', arrivesMs: 300 }, { kind: 'late', arrivesMs: 300 });
    await clock.advance(1_000);
    const checkpoint = lease.checkpoint(bytes('step 2'));

    const released = lease.releaseLock(bytes('done'));
    expect(() => lease.assertCanMutate()).toThrow(expect.objectContaining({ reason: 'ended' }));
    await clock.run(released);

    await checkpoint;
    expect(store.history.map((item) => text(item.data?.B))).toEqual([
      'step 1',
      'step 1',
      'step 2',
      'done',
    ]);
  });

  test('says so when the lock was lost before', async () => {
    const { store, lease } = await heldLease();
    steal(store);

    const released = lease.releaseLock(bytes('done'));

    await expect(released).rejects.toMatchObject({ reason: 'taken', endMayBeWritten: false });
    expect(store.item(KEY)).toMatchObject({ ownerName: { S: 'thief' } });
    expectLost(lease, 'taken');
  });

  test('is no release when another owner took the lock and released it', async () => {
    const { store, lease } = await heldLease();
    steal(store);
    const { key: _, ...item } = store.item(KEY);
    store.put(KEY, { ...item, isReleased: { S: '1' } });

    await expect(lease.releaseLock(bytes('done'))).rejects.toMatchObject({ reason: 'taken' });
    expect(text(store.item(KEY).data?.B)).toBe('step 1');
  });

  test('says when it may have been the release itself that let another one in', async () => {
    const { clock, store, lease, rival } = await heldLease();
    store.failNext(LOST_ANSWER, { kind: 'late', arrivesMs: 100 });
    const released = lease.releaseLock(bytes('done'));
    await clock.advance(50);

    const next = await acquire({ ...rival(), data: bytes('next') });

    await expect(clock.run(released)).rejects.toMatchObject({
      reason: 'taken',
      endMayBeWritten: true,
    });
    expect(next).toHaveProperty('lease');
  });

  test('that the store refuses for good leaves the lease alive, to be ended otherwise', async () => {
    const { clock, store, lease } = await heldLease();
    store.failNext({ kind: 'refused', failure: 'invalid' });

    await expect(lease.releaseLock(bytes('too big'))).rejects.toMatchObject({ failure: 'invalid' });
    await clock.advance(30_000);
    expect(lease.state).toBe('HELD');
    await lease.releaseLock(bytes('done'));

    expect(lease.state).toBe('RELEASED');
    expect(clock.pending).toBe(0);
  });
});
