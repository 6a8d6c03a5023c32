import { describe, expect, test } from '@jest/globals';
import type { Lease } from '../../../src/lock/lease.ts';
import { bytes, KEY, text } from '../../support/lock-world.ts';
import { expectLost, heldLease, LOST_ANSWER, LOST_REQUEST } from './held-lease.ts';

describe('heartbeats', () => {
  test('go out one interval after the last write was sent, with a new version each', async () => {
    const { clock, store, lease } = await heldLease();

    await clock.advance(5_500);

    expect(store.updates).toBe(6);
    expect(new Set(store.history.map((item) => item.recordVersionNumber?.S)).size).toBe(6);
    expect(store.item(KEY)).toMatchObject({
      leaseDuration: { S: '10s' },
      data: { B: bytes('step 1') },
    });
    expect(lease.remainingMs()).toBe(9_500);
  });

  test('keep the lease for as long as it takes', async () => {
    const { clock, lease } = await heldLease();

    await clock.advance(3_600_000);

    expect(lease.state).toBe('HELD');
    expect(() => lease.assertCanMutate()).not.toThrow();
  });

  test('are left out while checkpoints are written', async () => {
    const { clock, store, lease } = await heldLease();

    for (let step = 2; step <= 20; step++) {
      await clock.advance(900);
      await lease.checkpoint(bytes(`step ${step}`));
    }

    expect(store.updates).toBe(20);
  });

  test('never pile up behind a slow store', async () => {
    const { clock, store } = await heldLease();
    store.faultFor = () => ({ kind: 'late', arrivesMs: 1_500 });

    await clock.advance(15_000);

    expect(store.updates).toBe(1 + 10);
    expect(clock.pending).toBeLessThanOrEqual(4);
  });

  test('are not sent between checkpoints that wait for one another', async () => {
    const { clock, store, lease } = await heldLease();
    store.failNext({ kind: 'late', arrivesMs: 500 }, { kind: 'late', arrivesMs: 900 });

    const checkpoints = [lease.checkpoint(bytes('step 2')), lease.checkpoint(bytes('step 3'))];
    await clock.advance(1_450);

    await Promise.all(checkpoints);
    expect(store.updates).toBe(3);
    await clock.advance(50);
    expect(store.updates).toBe(4); // One interval after the second one was sent.
  });

  test('leave foreign attributes alone', async () => {
    const { clock, store } = await heldLease();
    const { key: _, ...item } = store.item(KEY);
    store.put(KEY, { ...item, note: { S: 'call Ann first' } });

    await clock.advance(3_000);

    expect(store.item(KEY)).toMatchObject({ note: { S: 'call Ann first' } });
  });

  test('follow the settings', async () => {
    const { clock, store, lease } = await heldLease({
      leaseDurationMs: 90_000,
      heartbeatIntervalMs: 20_000,
    });

    await clock.advance(50_000);

    expect(store.updates).toBe(3);
    expect(store.item(KEY)).toMatchObject({ leaseDuration: { S: '1m30s' } });
    expect(lease.remainingMs()).toBe(80_000);
  });
});

describe('a lost answer', () => {
  test.each([
    ['request', LOST_REQUEST],
    ['answer', LOST_ANSWER],
  ])('of a heartbeat (its %s) costs one request and nothing else', async (_, fault) => {
    const { clock, store, lease } = await heldLease();
    store.failNext(undefined, fault);

    await clock.advance(2_500);

    expect(lease.state).toBe('HELD');
    expect(store.updates).toBe(4);
    expect(lease.remainingMs()).toBe(9_500);
  });

  test.each([
    ['request', LOST_REQUEST],
    ['answer', LOST_ANSWER],
  ])('of a checkpoint (its %s) is made good before it resolves', async (_, fault) => {
    const { clock, store, lease } = await heldLease();
    store.failNext(fault, fault, fault);

    await clock.run(lease.checkpoint(bytes('step 2')));

    expect(text(store.item(KEY).data?.B)).toBe('step 2');
    expect(store.updates).toBe(5);
  });

  test.each([
    ['request', LOST_REQUEST],
    ['answer', LOST_ANSWER],
  ])('of a release (its %s) still ends released', async (_, fault) => {
    const { clock, store, lease } = await heldLease();
    store.failNext(fault);

    await clock.run(lease.releaseLock(bytes('done')));

    expect(lease.state).toBe('RELEASED');
    expect(store.item(KEY)).toMatchObject({ isReleased: { S: '1' }, data: { B: bytes('done') } });
    expect(store.updates).toBe(3);
  });

  test.each([
    ['request', LOST_REQUEST],
    ['answer', LOST_ANSWER],
  ])('of a yield (its %s) still ends yielded', async (_, fault) => {
    const { clock, store, lease } = await heldLease();
    store.failNext(fault);

    await clock.run(lease.yieldLock(bytes('step 4')));

    expect(lease.state).toBe('YIELDED');
    expect(store.item(KEY)).toMatchObject({
      leaseDuration: { S: '0' },
      data: { B: bytes('step 4') },
    });
  });

  test.each([
    ['checkpoint', (lease: Lease) => lease.checkpoint(bytes('last'))],
    ['yield', (lease: Lease) => lease.yieldLock(bytes('last'))],
    ['release', (lease: Lease) => lease.releaseLock(bytes('last'))],
  ])(
    'of a %s that something on the way repeated is recognised in the refusal',
    async (_, write) => {
      const { store, lease } = await heldLease();
      store.failNext({ kind: 'repeated' });

      await write(lease);

      expect(store.updates).toBe(2);
      expect(text(store.item(KEY).data?.B)).toBe('last');
      expect(lease.state).not.toBe('LOST');
    },
  );

  test('at every single write, in any combination, loses no lease and no checkpoint', async () => {
    const { clock, store, lease } = await heldLease();
    let call = 0;
    store.faultFor = () => [LOST_ANSWER, LOST_REQUEST, undefined][call++ % 3];

    for (let step = 2; step <= 30; step++) {
      await clock.run(lease.checkpoint(bytes(`step ${step}`)));
      expect(text(store.item(KEY).data?.B)).toBe(`step ${step}`);
      await clock.advance(1_700);
    }

    expect(lease.state).toBe('HELD');
  });

  test('is asked for again at once, then more and more slowly', async () => {
    const { clock, store, lease } = await heldLease();
    const sentMs: number[] = [];
    store.faultFor = () => {
      sentMs.push(clock.monotonicMs());
      return LOST_REQUEST;
    };

    lease.checkpoint(bytes('step 2')).catch(() => {});
    await clock.advance(3_000);

    const gapsMs = sentMs.slice(1).map((ms, index) => ms - (sentMs[index] ?? 0));
    expect(gapsMs[0]).toBe(0);
    const longest = [100, 200, 400, 400, 400];
    for (const [index, limitMs] of longest.entries()) {
      expect(gapsMs[index + 1]).toBeGreaterThanOrEqual(limitMs / 2);
      expect(gapsMs[index + 1]).toBeLessThanOrEqual(limitMs);
    }
  });
});

describe('an old write that arrives late', () => {
  test('can not take the record back to an earlier checkpoint', async () => {
    const { clock, store, lease } = await heldLease();
    store.failNext({ kind: 'late', arrivesMs: 4_000 });

    await clock.run(lease.checkpoint(bytes('step 2')));
    await lease.checkpoint(bytes('step 3'));
    await clock.advance(10_000);

    expect(text(store.item(KEY).data?.B)).toBe('step 3');
    expect(lease.state).toBe('HELD');
  });

  test('between two attempts of the same checkpoint does no harm', async () => {
    const { clock, store, lease } = await heldLease();
    // Given up after 2 s; arrives at 2.05 s, while the second attempt is under way as well.
    store.failNext({ kind: 'late', arrivesMs: 2_050 }, { kind: 'late', arrivesMs: 100 });

    await clock.run(lease.checkpoint(bytes('step 2')));
    await lease.checkpoint(bytes('step 3'));

    expect(text(store.item(KEY).data?.B)).toBe('step 3');
    expect(lease.state).toBe('HELD');
  });

  test('after the release leaves the record alone', async () => {
    const { clock, store, lease } = await heldLease();
    store.failNext({ kind: 'late', arrivesMs: 5_000 });
    lease.checkpoint(bytes('step 2')).catch(() => {});

    await clock.run(lease.releaseLock(bytes('done')));
    const released = store.item(KEY);
    await clock.advance(20_000);

    expect(store.item(KEY)).toEqual(released);
  });
});

test('a checkpoint that the store refuses for good is rejected, and heartbeats go on', async () => {
  const { clock, store, lease } = await heldLease();
  store.failNext({ kind: 'refused', failure: 'invalid' });

  await expect(lease.checkpoint(bytes('too big'))).rejects.toMatchObject({ failure: 'invalid' });
  await clock.advance(30_000);

  expect(lease.state).toBe('HELD');
  expect(text(store.item(KEY).data?.B)).toBe('step 1');
  expect(store.updates).toBe(2 + 30);
});

test('a store that refuses every heartbeat is not flooded', async () => {
  const { clock, store, lease } = await heldLease();
  store.faultFor = () => ({ kind: 'refused', failure: 'invalid' });

  await clock.advance(10_000);

  expectLost(lease, 'expired');
  expect(store.updates).toBeLessThanOrEqual(11);
});

test('lists at most a hundred versions in a condition, however often a long lease tried', async () => {
  const { clock, store, lease } = await heldLease({ leaseDurationMs: 120_000 });
  const listed: number[] = [];
  store.faultFor = (call) => {
    if (call.operation === 'update' && call.update.condition.kind === 'held') {
      listed.push(call.update.condition.versions.length);
    }
    return LOST_REQUEST;
  };
  await clock.advance(100_000);
  store.faultFor = () => undefined;

  await clock.advance(1_000);

  expect(Math.max(...listed)).toBe(100);
  expect(lease.remainingMs()).toBeGreaterThan(118_000);
});
