import { describe, expect, test } from '@jest/globals';
import { acquire } from '../../../src/lock/acquire.ts';
import { breakLock } from '../../../src/lock/break-lock.ts';
import { LeaseLostError, MalformedLockItemError } from '../../../src/lock/errors.ts';
import { inspect } from '../../../src/lock/inspect.ts';
import type { HolderInfo } from '../../../src/lock/item.ts';
import { takeOver } from '../../../src/lock/take-over.ts';
import { bytes, KEY, lockWorld, text } from '../../support/lock-world.ts';

/** A lock whose holder wrote this, and has not been heard of since. */
async function heldWorld(item: Record<string, object> = {}) {
  const world = lockWorld();
  world.store.put(KEY, {
    ownerName: { S: 'go' },
    leaseDuration: { S: '10s' },
    recordVersionNumber: { S: 'v1' },
    data: { B: bytes('step 7') },
    ...item,
  });
  const seen = await found(world);
  world.store.calls.length = 0;
  const { data: _, ...options } = world.options;
  return { ...world, options: { ...options, seen } };
}

async function found({ store }: Pick<ReturnType<typeof lockWorld>, 'store'>): Promise<HolderInfo> {
  const record = await inspect(store, KEY);
  if (!record) throw new Error('There is no record.');
  return record;
}

/** Somebody's heartbeat. */
function renew(world: Pick<ReturnType<typeof lockWorld>, 'store'>, version: string, more = {}) {
  const { key: _, ...item } = world.store.item(KEY);
  world.store.put(KEY, { ...item, recordVersionNumber: { S: version }, ...more });
}

describe('a holder that is silent', () => {
  test('is replaced when its lease is over, to the millisecond, with its data kept', async () => {
    const { clock, store, options } = await heldWorld();

    const outcome = await clock.run(takeOver(options));

    expect(clock.monotonicMs()).toBe(10_001);
    expect(store.updates).toBe(1);
    expect(outcome).toMatchObject({
      lease: { state: 'HELD' },
      previous: { data: bytes('step 7') },
    });
    expect(store.item(KEY)).toMatchObject({
      ownerName: { S: 'lease' in outcome && outcome.lease.owner },
      leaseDuration: { S: '10s' },
      data: { B: bytes('step 7') },
    });
  });

  test.each([
    ['1m0s', 60_001],
    ['20000', 20_001],
    ['500ms', 501],
  ])('is given the lease that its item names: %s', async (leaseDuration, takenAtMs) => {
    const { clock, options } = await heldWorld({ leaseDuration: { S: leaseDuration } });

    const outcome = await clock.run(takeOver(options));

    expect(outcome).toHaveProperty('lease');
    expect(clock.monotonicMs()).toBe(takenAtMs);
  });

  test('is watched from the moment it was seen, not from the call', async () => {
    const { clock, options } = await heldWorld();
    const seenAtMs = clock.monotonicMs();
    await clock.advance(4_000);

    await clock.run(takeOver({ ...options, seenAtMs }));

    expect(clock.monotonicMs()).toBe(10_001);
  });

  test('is replaced on time although every look at it fails', async () => {
    const { clock, store, options } = await heldWorld();
    store.faultFor = ({ operation }) =>
      operation === 'read' ? { kind: 'late', arrivesMs: 60_000 } : undefined;

    await clock.run(takeOver(options));

    expect(clock.monotonicMs()).toBe(10_001);
  });

  test('can be replaced with new data in the same write', async () => {
    const { clock, store, options } = await heldWorld();

    await clock.run(takeOver({ ...options, data: bytes('fresh') }));

    expect(store.history).toHaveLength(1);
    expect(text(store.item(KEY).data?.B)).toBe('fresh');
  });

  test('is taken by one of two that wait; the other finds that one alive', async () => {
    const { clock, options, rival } = await heldWorld();

    const outcomes = await clock.run(
      Promise.all([takeOver(options), takeOver({ ...rival(), seen: options.seen })]),
    );

    const [winner] = outcomes.filter((outcome) => 'lease' in outcome);
    const [loser] = outcomes.filter((outcome) => 'stillLive' in outcome);
    expect(loser?.stillLive.owner).toBe(winner?.lease.owner);
    expect(winner?.lease.state).toBe('HELD');
  });

  test('is replaced even if the answer to the write was lost', async () => {
    const { clock, store, options } = await heldWorld();
    store.failNext({ kind: 'lost-answer' });

    const outcome = await clock.run(takeOver(options));

    expect(outcome).toMatchObject({
      lease: { state: 'HELD' },
      previous: { data: bytes('step 7') },
    });
    expect(store.updates).toBe(2);
  });

  test('loses its lease: its next write changes nothing', async () => {
    const { clock, machine, store, options, rival } = lockWorld();
    const outcome = await acquire(options);
    if ('heldBy' in outcome) throw new Error('The lock of a new world is held.');
    const seen = await found({ store });

    const taking = takeOver({ ...rival(), seen, data: bytes('mine now') });
    await machine.freeze(15_000);
    const taken = await clock.run(taking);
    await clock.advance(1_000);

    expect(taken).toHaveProperty('lease');
    expect(outcome.lease.state).toBe('LOST');
    expect(outcome.lease.signal.reason).toBeInstanceOf(LeaseLostError);
    expect(text(store.item(KEY).data?.B)).toBe('mine now');
  });
});

describe('a holder that is alive', () => {
  test('is left alone, and is shown as it was last seen, after its lease and 10 s', async () => {
    const world = await heldWorld();
    const { clock, store, options } = world;
    for (let beat = 1; beat <= 30; beat++) {
      clock.after(beat * 900, () => renew(world, `beat ${beat}`));
    }

    const outcome = await clock.run(takeOver(options));

    expect(outcome).toMatchObject({ stillLive: { owner: 'go', data: bytes('step 7') } });
    expect(clock.monotonicMs()).toBe(20_000);
    expect(store.updates).toBe(0);
  });

  test('that falls silent meanwhile is given a whole lease from its last sign of life', async () => {
    const world = await heldWorld();
    const { clock, options } = world;
    clock.after(3_500, () => renew(world, 'v2', { data: { B: bytes('step 8') } }));

    const outcome = await clock.run(takeOver(options));

    expect(clock.monotonicMs()).toBe(14_001); // Seen at 4 s.
    expect(outcome).toMatchObject({ previous: { data: bytes('step 8') } });
  });

  test('that renews between the last look and the write keeps its lock', async () => {
    const world = await heldWorld();
    const { clock, store, options } = world;
    clock.after(9_999, () => renew(world, 'v2'));
    clock.after(19_000, () => renew(world, 'v3'));

    const outcome = await clock.run(takeOver(options));

    expect(outcome).toMatchObject({ stillLive: { recordVersionNumber: 'v3' } });
    expect(store.history).toHaveLength(0);
  });

  test('that releases is not replaced: there is nothing to take over', async () => {
    const world = await heldWorld();
    const { clock, store, options } = world;
    clock.after(3_500, () => renew(world, 'v1', { isReleased: { S: '1' } }));

    const outcome = await clock.run(takeOver(options));

    expect(outcome).toMatchObject({ released: { owner: 'go', isReleased: true } });
    expect(clock.monotonicMs()).toBe(4_000);
    expect(store.updates).toBe(0);
  });

  test('whose item disappears is not replaced either', async () => {
    const { clock, store, options } = await heldWorld();
    clock.after(9_999, () => store.delete(KEY));

    expect(await clock.run(takeOver(options))).toEqual({ released: undefined });
    expect(store.history).toHaveLength(0);
  });
});

describe('a holder that has yielded', () => {
  test('is replaced at once, with one request', async () => {
    const { clock, store, options, rival } = lockWorld();
    const outcome = await acquire(options);
    if ('heldBy' in outcome) throw new Error('The lock of a new world is held.');
    await outcome.lease.yieldLock(bytes('step 4'));
    const refused = await acquire({ ...rival(), data: bytes('x') });
    if (!('heldBy' in refused)) throw new Error('A yielded lock is not free.');
    store.calls.length = 0;

    const taken = await takeOver({ ...rival(), seen: refused.heldBy });

    expect(taken).toMatchObject({ previous: { data: bytes('step 4') }, lease: { state: 'HELD' } });
    expect(store.calls).toHaveLength(1);
    expect(clock.monotonicMs()).toBe(0);
  });

  test('has its successor watched, if that one was faster', async () => {
    const world = await heldWorld({ leaseDuration: { S: '0' } });
    const { clock, store, options } = world;
    renew(world, 'v2', { ownerName: { S: 'faster' }, leaseDuration: { S: '10s' } });

    const outcome = await clock.run(takeOver(options));

    expect(clock.monotonicMs()).toBe(10_001);
    expect(outcome).toHaveProperty('lease');
    expect(store.updates).toBe(2);
  });
});

describe('whoever waits', () => {
  test('is told how long it will take', async () => {
    const { clock, options } = await heldWorld();
    const waits: number[] = [];

    await clock.run(takeOver({ ...options, onWait: (remainingMs) => waits.push(remainingMs) }));

    expect(waits).toEqual([
      10_001, 9_001, 8_001, 7_001, 6_001, 5_001, 4_001, 3_001, 2_001, 1_001, 1,
    ]);
  });

  test('is shown every newer record, and may end the wait', async () => {
    const world = await heldWorld();
    const { clock, store, options } = world;
    clock.after(3_500, () => renew(world, 'v2', { ownerName: { S: 'somebody else' } }));

    const waiting = takeOver({
      ...options,
      onChange: (holder) => {
        throw new Error(`Not for me: ${holder.owner}.`);
      },
    });

    await expect(clock.run(waiting)).rejects.toThrow('Not for me: somebody else.');
    expect(store.updates).toBe(0);
    expect(clock.pending).toBe(0);
  });

  test('can be called off', async () => {
    const { clock, store, options } = await heldWorld();
    const stop = new AbortController();
    clock.after(2_500, () => stop.abort(new Error('stop')));

    await expect(clock.run(takeOver({ ...options, signal: stop.signal }))).rejects.toThrow('stop');

    expect(clock.monotonicMs()).toBe(2_500);
    expect(store.updates).toBe(0);
    expect(clock.pending).toBe(0);
  });

  test('called off in the middle of the write, it yields what it may have taken', async () => {
    const { clock, store, options } = await heldWorld();
    store.failNext({ kind: 'late', arrivesMs: 100, answerMs: 100 });
    const stop = new AbortController();
    clock.after(10_050, () => stop.abort(new Error('stop')));

    await expect(clock.run(takeOver({ ...options, signal: stop.signal }))).rejects.toThrow('stop');

    expect(store.item(KEY)).toMatchObject({
      leaseDuration: { S: '0' },
      data: { B: bytes('step 7') },
    });
    expect(clock.pending).toBe(0);
  });

  test('learns that the item became unreadable', async () => {
    const world = await heldWorld();
    const { clock, options } = world;
    clock.after(3_500, () => renew(world, 'v2', { leaseDuration: { S: 'soon' } }));

    await expect(clock.run(takeOver(options))).rejects.toThrow(MalformedLockItemError);
  });

  test('learns that reading is not allowed', async () => {
    const { clock, store, options } = await heldWorld();
    store.faultFor = () => ({ kind: 'refused', failure: 'denied' });

    await expect(clock.run(takeOver(options))).rejects.toMatchObject({ failure: 'denied' });
    expect(clock.monotonicMs()).toBe(1_000);
  });
});

describe('breaking a lock', () => {
  test('frees it with one write, keeps the data and takes the lease from its holder', async () => {
    const { clock, store, options, rival } = lockWorld();
    const outcome = await acquire(options);
    if ('heldBy' in outcome) throw new Error('The lock of a new world is held.');
    const seen = await found({ store });

    const broken = await breakLock({ ...rival(), seen });

    expect(broken).toEqual({ broken: true });
    expect(store.item(KEY)).toMatchObject({ isReleased: { S: '1' }, data: { B: bytes('step 1') } });
    await clock.advance(1_000);
    expect(outcome.lease.state).toBe('LOST');
    expect(clock.pending).toBe(0);
  });

  test('does nothing when the record is no longer the one that was seen', async () => {
    const world = await heldWorld();
    renew(world, 'v2');

    const outcome = await breakLock({ ...world.rival(), seen: world.options.seen });

    expect(outcome).toMatchObject({ broken: false, current: { recordVersionNumber: 'v2' } });
    expect(world.store.history).toHaveLength(0);
  });

  test('is not undone by a lost answer', async () => {
    const { clock, store, rival, options } = await heldWorld();
    store.failNext({ kind: 'lost-answer' });

    const outcome = await clock.run(breakLock({ ...rival(), seen: options.seen }));

    expect(outcome).toEqual({ broken: true });
  });
});

test('inspecting shows a lock that nobody ever held as none', async () => {
  const { store } = lockWorld();

  expect(await inspect(store, KEY)).toBeUndefined();
});
