import { describe, expect, test } from '@jest/globals';
import { acquire } from '../../../src/lock/acquire.ts';
import { formatLeaseDuration, parseLeaseDuration } from '../../../src/lock/lease-duration.ts';
import {
  bytes,
  Connection,
  deployer,
  KEY,
  lockWorld,
  Machine,
  text,
} from '../../support/lock-world.ts';
import type { StoreFault } from '../../support/memory-lock-store.ts';
import { Dynamolock } from './dynamolock-v1.ts';
import { formatGoDuration, parseGoDuration } from './go.ts';

/*
 * Goal: the model of dynamolock behaves as the real one did, so that what the race shows is true.
 * Method: the experiments that were made with the real client, once more with the model; the numbers
 * are those that were observed.
 */
const NETWORK: StoreFault = { kind: 'late', arrivesMs: 4, answerMs: 4 };
const HELD = {
  ownerName: { S: 'gone' },
  leaseDuration: { S: '10s' },
  recordVersionNumber: { S: 'v1' },
  data: { B: bytes('step 4') },
};
const RESUME = { additionalTimeToWaitMs: 10_000 };
const PLAIN = { failIfLocked: true };

function goWorld() {
  const world = lockWorld();
  const { clock, store } = world;
  store.faultFor = () => NETWORK;
  /** A process of the old tool, on a machine of its own. */
  const newClient = (seed = 0.5) => {
    const machine = new Machine(clock);
    let state = seed;
    const dice = () => (state = (state * 997.13 + 0.11) % 1);
    const connection = new Connection(store, machine);
    return { machine, client: new Dynamolock({ connection, clock: machine, dice }) };
  };
  return { ...world, newClient };
}

test('it acquires with two requests, renews with one a second, and releases without a new version', async () => {
  const { clock, store, newClient } = goWorld();
  const { client } = newClient();

  const lock = await clock.run(client.acquireLock(KEY, { data: bytes('new') }));
  await clock.run(client.sendHeartbeat(KEY, lock, bytes('step 2')));
  await clock.advance(2_500);
  const version = store.item(KEY).recordVersionNumber;
  await clock.run(client.releaseLock(KEY, lock));
  await clock.advance(5_000);

  expect(client.requests).toEqual(['GetItem', 'PutItem', ...Array<string>(4).fill('UpdateItem')]);
  expect(store.item(KEY)).toMatchObject({
    recordVersionNumber: version,
    leaseDuration: { S: '10s' },
    isReleased: { S: '1' },
  });
  expect(text(store.item(KEY).data?.B)).toBe('step 2');
});

test('to resume from a dead owner takes it 11 reads, 1 write and a bit more than the lease', async () => {
  const { clock, store, newClient } = goWorld();
  store.put(KEY, HELD);
  const { client } = newClient();

  await clock.run(client.acquireLock(KEY, RESUME));

  expect(client.requests).toEqual([...Array<string>(11).fill('GetItem'), 'PutItem']);
  expect(clock.monotonicMs()).toBeGreaterThan(10_050);
  expect(clock.monotonicMs()).toBeLessThan(10_120);
  expect(text(store.item(KEY).data?.B)).toBe('step 4');
});

test('a plain deploy is refused by a dead owner after one read', async () => {
  const { clock, store, newClient } = goWorld();
  store.put(KEY, HELD);
  const { client } = newClient();

  await expect(clock.run(client.acquireLock(KEY, PLAIN))).rejects.toThrow('locked');

  expect(client.requests).toEqual(['GetItem']);
});

test('a live owner is waited for as long as its lease and ten seconds', async () => {
  const { clock, store, newClient } = goWorld();
  const lease = await clock.run(acquire({ ...deployer(store, clock), data: bytes('x') }));
  expect(lease).toHaveProperty('lease');
  const { client } = newClient();
  const startMs = clock.monotonicMs();

  await expect(clock.run(client.acquireLock(KEY, RESUME))).rejects.toThrow('still locked');

  expect(clock.monotonicMs() - startMs).toBeGreaterThan(20_000);
  expect(clock.monotonicMs() - startMs).toBeLessThan(21_200);
});

describe('an item that it did not write', () => {
  const released = { ...HELD, isReleased: { S: '1' } };

  test.each([
    ['held, lease in milliseconds', { ...HELD, leaseDuration: { S: '10000' } }, 'missing unit'],
    ['released, in milliseconds', { ...released, leaseDuration: { S: '10000' } }, 'missing unit'],
    ['without an owner', { ...HELD, ownerName: undefined }, 'nil pointer'],
    ['lease as a number', { ...HELD, leaseDuration: { N: '10' } }, 'invalid duration'],
  ])('%s, stops it', async (_, { ownerName, ...item }, message) => {
    const { clock, store, newClient } = goWorld();
    store.put(KEY, { ...item, ...(ownerName ? { ownerName } : {}) });

    await expect(clock.run(newClient().client.acquireLock(KEY))).rejects.toThrow(message);
  });

  test('released by a boolean, it is tried for ever', async () => {
    const { clock, store, newClient } = goWorld();
    store.put(KEY, { ...HELD, isReleased: { BOOL: true } });

    const trial = clock.run(newClient().client.acquireLock(KEY, PLAIN), 600_000);

    await expect(trial).rejects.toThrow('The virtual clock ran out');
  });

  test('with text as its data, it loses them, but not what it does not know', async () => {
    const { clock, store, newClient } = goWorld();
    store.put(KEY, { ...released, data: { S: 'step 4' }, note: { S: 'of a person' } });

    const lock = await clock.run(newClient().client.acquireLock(KEY));

    expect(lock.data).toBeUndefined();
    expect(store.item(KEY)).not.toHaveProperty('data');
    expect(store.item(KEY)).toMatchObject({ note: { S: 'of a person' } });
  });

  test.each(['1ms', '0s', '0'])('with a lease of %s, it is resumed after a second', async (S) => {
    const { clock, store, newClient } = goWorld();
    store.put(KEY, { ...HELD, leaseDuration: { S } });

    await clock.run(newClient().client.acquireLock(KEY, RESUME));

    expect(clock.monotonicMs()).toBeLessThan(1_050);
  });
});

test('a lost answer to one heartbeat loses it the lock, which then nobody has', async () => {
  const { clock, store, newClient } = goWorld();
  const { client } = newClient();
  const lock = await clock.run(client.acquireLock(KEY, { data: bytes('new') }));
  store.failNext(NETWORK, NETWORK, { kind: 'lost-answer' });

  await clock.advance(9_000);

  expect(client.requests.slice(2)).toHaveLength(3); // The third was the last.
  expect(lock.isExpired).toBe(false); // And its deploy does not know.
  await expect(clock.run(client.releaseLock(KEY, lock))).rejects.toThrow('ConditionalCheckFailed');
});

test('its write that arrives late undoes what another deploy has written meanwhile', async () => {
  const { clock, store, newClient } = goWorld();
  store.put(KEY, { ...HELD, isReleased: { S: '1' } });
  const late = newClient(0.1).client;
  store.failNext({ kind: 'late', arrivesMs: 3_000 });
  const acquired = late.acquireLock(KEY);
  await clock.advance(10);

  const outcome = await clock.run(acquire({ ...deployer(store, clock), data: bytes('ours') }));
  if (!('lease' in outcome)) throw new Error('It was free.');
  await clock.run(outcome.lease.releaseLock(bytes('ours, done')));
  const lock = await clock.run(acquired);

  expect(text(lock.data)).toBe('step 4');
  expect(text(store.item(KEY).data?.B)).toBe('step 4');
});

test('a heartbeat that hangs keeps the next checkpoint from being sent', async () => {
  const { clock, store, newClient } = goWorld();
  const { client } = newClient();
  const lock = await clock.run(client.acquireLock(KEY, { data: bytes('new') }));
  store.failNext({ kind: 'late', arrivesMs: 4, answerMs: 60_000 });
  await clock.advance(1_500);

  const checkpoint = client.sendHeartbeat(KEY, lock, bytes('step 2'));
  await clock.advance(30_000);

  expect(text(store.item(KEY).data?.B)).toBe('new');
  expect(lock.isExpired).toBe(true);
  // When the answer comes, the lease that it renews is over: it counts from when that was sent.
  await expect(clock.run(checkpoint)).rejects.toThrow('cannot send');
});

test('a stopped owner notices that it was replaced only when it writes again', async () => {
  const { clock, newClient } = goWorld();
  const one = newClient(0.1);
  const lock = await clock.run(one.client.acquireLock(KEY, { data: bytes('new') }));
  one.machine.stop();
  const thief = newClient(0.9).client;
  await clock.run(thief.acquireLock(KEY, RESUME));
  one.machine.go();

  expect(lock.isExpired).toBe(true); // But nothing asks.
  await expect(one.client.sendHeartbeat(KEY, lock)).rejects.toThrow('cannot send');
});

const DURATIONS = [
  '0',
  '1ns',
  '1.5us',
  '250ms',
  '10s',
  '1m0s',
  '1h0m0.5s',
  '.5m',
  '1.s',
  '3\u00B5s',
];
const OTHER_TEXTS = ['', '10', 's', '10 s', '1d', '1.2.3s', '10S'];

test.each([...DURATIONS, ...OTHER_TEXTS])(
  'both parsers read the duration "%s" alike',
  (duration) => {
    let go: number | undefined;
    try {
      go = parseGoDuration(duration);
    } catch {
      go = undefined;
    }

    // Whole numbers without a unit are what Java writes, and only ours reads them.
    expect(parseLeaseDuration(duration)).toBe(duration === '10' ? 10 : go);
  },
);

test.each([1, 500, 1_500, 10_000, 60_000, 61_500, 3_600_000])(
  'both write a lease of %d ms alike',
  (ms) => {
    expect(formatLeaseDuration(ms)).toBe(formatGoDuration(ms));
    expect(parseGoDuration(formatLeaseDuration(ms))).toBe(ms);
  },
);
