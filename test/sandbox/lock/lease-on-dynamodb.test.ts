import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { lockTable } from '../../../src/aws/lock-table.ts';
import { acquire } from '../../../src/lock/acquire.ts';
import { MalformedLockItemError } from '../../../src/lock/errors.ts';
import { inspect } from '../../../src/lock/inspect.ts';
import type { Lease } from '../../../src/lock/lease.ts';
import type { LockStore } from '../../../src/lock/store.ts';
import { takeOver } from '../../../src/lock/take-over.ts';
import { bytes, deployer, KEY, text } from '../../support/lock-world.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { type Dynalite, startDynalite, TABLE } from './dynalite-table.ts';
import type { Wire } from './wire.ts';

/*
 * The lock through the real adapter and the real SDK, on a DynamoDB in memory. The lease's clock is
 * moved by hand, one millisecond at a time, and only while no request is under way: so requests take
 * no time, unless the wire holds them.
 */
let dynamo: Dynalite;

beforeAll(async () => {
  dynamo = await startDynalite();
});
afterAll(() => dynamo.stop());
beforeEach(() => dynamo.delete());

/** One deployer with its own client, clock and names. */
function newDeployer(seed = 1, clock = new VirtualClock()) {
  const { client, wire } = dynamo.connect();
  wire.putsItemIntoRefusals = true;
  const { store, isBusy } = watched(lockTable({ client, tableName: TABLE }), wire);
  const pass = async (ms: number) => {
    for (let passed = 0; passed <= ms; passed++) {
      while (isBusy()) await new Promise(setImmediate);
      if (passed < ms) await clock.advance(1);
    }
  };
  /** Lets time pass until the work is done. */
  const run = async <T>(work: Promise<T>): Promise<T> => {
    const progress = { isSettled: false };
    const settle = () => {
      progress.isSettled = true;
    };
    work.then(settle, settle);
    await pass(0);
    while (!progress.isSettled) await pass(1);
    return work;
  };
  return { wire, clock, pass, run, options: deployer(store, clock, seed) };
}

function watched(inner: LockStore, wire: Wire) {
  let underWay = 0;
  const counted = async <T>(request: Promise<T>) => {
    underWay++;
    return request.finally(() => underWay--);
  };
  const store: LockStore = {
    read: (key, signal) => counted(inner.read(key, signal)),
    update: (key, update, signal) => counted(inner.update(key, update, signal)),
  };
  return { store, isBusy: () => underWay > wire.held };
}

async function heldLease() {
  const one = newDeployer();
  const lease = await acquired(one);
  return { ...one, lease };
}

async function acquired({ options, run }: ReturnType<typeof newDeployer>): Promise<Lease> {
  const outcome = await run(acquire({ ...options, data: bytes('step 1') }));
  if ('heldBy' in outcome) throw new Error(`Held by ${outcome.heldBy.owner}.`);
  return outcome.lease;
}

const stored = async () => text((await dynamo.item())?.data?.B);

const GO_ITEM = {
  ownerName: { S: 'q0ZbS3n7aVd2kXw9LrT5yUe1Hc8mGf4J' },
  leaseDuration: { S: '10s' },
  recordVersionNumber: { S: 'Zx81bTq0WmN3rLk7cVy5PdSa2HgJe9Uf' },
  data: { B: bytes('step 7') },
};

describe('one request is enough', () => {
  test('to acquire, for a checkpoint, and to release', async () => {
    const { wire, lease } = await heldLease();
    expect(wire.sent).toEqual(['UpdateItem']);

    await lease.checkpoint(bytes('step 2'));
    expect(await stored()).toBe('step 2');
    await lease.releaseLock(bytes('done'));

    expect(wire.sent).toEqual(['UpdateItem', 'UpdateItem', 'UpdateItem']);
    expect(await dynamo.item()).toMatchObject({
      isReleased: { S: '1' },
      leaseDuration: { S: '0' },
      ownerName: { S: lease.owner },
    });
  });

  test('to take a released lock and to learn what was in it', async () => {
    await dynamo.put({ ...GO_ITEM, isReleased: { S: '1' }, note: { S: 'call Ann first' } });
    const { wire, options } = newDeployer();

    const outcome = await acquire({ ...options, data: bytes('step 1') });

    expect('previous' in outcome && text(outcome.previous?.data)).toBe('step 7');
    expect(wire.sent).toEqual(['UpdateItem']);
    const item = await dynamo.item();
    expect(item).toMatchObject({ leaseDuration: { S: '10s' }, note: { S: 'call Ann first' } });
    expect(item).not.toHaveProperty('isReleased');
    await ('lease' in outcome && outcome.lease.releaseLock(bytes('done')));
  });

  test.each([
    ['Go', '10s', 10_000],
    ['Go', '1m0s', 60_000],
    ['Java', '20000', 20_000],
    ['nobody any more', '0', 0],
  ])('to be refused by %s with a lease of %s', async (_, leaseDuration, leaseDurationMs) => {
    await dynamo.put({ ...GO_ITEM, leaseDuration: { S: leaseDuration } });
    const before = await dynamo.item();
    const { wire, options } = newDeployer();

    const outcome = await acquire({ ...options, data: bytes('step 1') });

    if (!('heldBy' in outcome)) throw new Error('The lock was held.');
    expect(outcome.heldBy).toMatchObject({ owner: GO_ITEM.ownerName.S, leaseDurationMs });
    expect(text(outcome.heldBy.data)).toBe('step 7');
    expect(wire.sent).toEqual(['UpdateItem']);
    expect(await dynamo.item()).toEqual(before);
  });

  test('to replace an owner that has yielded', async () => {
    const { lease, run } = await heldLease();
    await run(lease.yieldLock(bytes('step 4')));
    const { wire, options, clock } = newDeployer(2);
    const seen = await inspect(options.store, KEY);
    if (!seen) throw new Error('A yielded lock keeps its item.');

    const outcome = await takeOver({ ...options, seen });

    expect(wire.sent).toEqual(['GetItem', 'UpdateItem']);
    expect(clock.monotonicMs()).toBe(0);
    expect('lease' in outcome && text(outcome.previous.data)).toBe('step 4');
    expect(await stored()).toBe('step 4');
    await ('lease' in outcome && outcome.lease.releaseLock(bytes('done')));
  });
});

test('one of two that race for a lock gets it, and the other one learns who', async () => {
  const [one, other] = [newDeployer(1), newDeployer(2)];

  const outcomes = await Promise.all(
    [one, other].map(({ options }) => acquire({ ...options, data: bytes('step 1') })),
  );

  const [winner] = outcomes.filter((outcome) => 'lease' in outcome);
  const [loser] = outcomes.filter((outcome) => 'heldBy' in outcome);
  expect(loser?.heldBy.owner).toBe(winner?.lease.owner);
  await winner?.lease.releaseLock(bytes('done'));
});

describe.each(['lost-request', 'lost-answer'] as const)('a %s', (kind) => {
  test('does not keep the lock from being acquired', async () => {
    const one = newDeployer();
    one.wire.faults.push({ kind });

    const lease = await acquired(one);

    expect(await dynamo.item()).toMatchObject({ ownerName: { S: lease.owner } });
    expect(one.wire.sent).toHaveLength(2);
    await lease.releaseLock(bytes('done'));
  });

  test('of a heartbeat does not end the lease', async () => {
    const { wire, pass, lease } = await heldLease();
    wire.faults.push(undefined, { kind }, undefined);

    await pass(3_500);

    expect(lease.state).toBe('HELD');
    expect(lease.remainingMs()).toBeGreaterThan(9_000);
    expect(wire.sent).toHaveLength(1 + 3 + 1);
    await lease.releaseLock(bytes('done'));
  });

  test('of a checkpoint does not lose it', async () => {
    const { wire, run, lease } = await heldLease();
    wire.faults.push({ kind }, { kind });

    await run(lease.checkpoint(bytes('step 2')));

    expect(await stored()).toBe('step 2');
    expect(lease.state).toBe('HELD');
    await lease.releaseLock(bytes('done'));
  });

  test('of a release does not leave the lock held', async () => {
    const { wire, run, lease } = await heldLease();
    wire.faults.push({ kind });

    await run(lease.releaseLock(bytes('done')));

    expect(lease.state).toBe('RELEASED');
    expect(await dynamo.item()).toMatchObject({ isReleased: { S: '1' } });
    expect(await stored()).toBe('done');
  });
});

test('a silent owner is replaced when its lease is over, with two requests beside the polls', async () => {
  await dynamo.put(GO_ITEM);
  const { wire, run, clock, options } = newDeployer();
  const seen = await inspect(options.store, KEY);
  if (!seen) throw new Error('The item was just put there.');

  const outcome = await run(takeOver({ ...options, seen }));

  expect(clock.monotonicMs()).toBe(10_001);
  expect(wire.sent.filter((operation) => operation === 'UpdateItem')).toHaveLength(1);
  expect(await stored()).toBe('step 7');
  await ('lease' in outcome && outcome.lease.releaseLock(bytes('done')));
});

test('an owner that went silent loses its lease to the one that replaced it', async () => {
  const { lease, pass } = await heldLease(); // Its clock stands still from now on.
  const other = newDeployer(2);
  const seen = await inspect(other.options.store, KEY);
  if (!seen) throw new Error('The lock is held.');

  const outcome = await other.run(takeOver({ ...other.options, seen }));
  await pass(1_000);

  expect(lease.state).toBe('LOST');
  const winner = 'lease' in outcome ? outcome.lease : undefined;
  expect(lease.signal.reason).toMatchObject({ reason: 'taken', current: { owner: winner?.owner } });
  await winner?.releaseLock(bytes('done'));
});

test('a checkpoint that arrives late does not overwrite the one after it', async () => {
  const { wire, run, lease } = await heldLease();
  wire.faults.push({ kind: 'held' });

  await run(lease.checkpoint(bytes('step 2'))); // The second attempt, after 2 s.
  await run(lease.checkpoint(bytes('step 3')));
  expect(wire.held).toBe(1);
  await wire.deliver();

  expect(await stored()).toBe('step 3');
  await run(lease.checkpoint(bytes('step 4')));
  expect(lease.state).toBe('HELD');
  await lease.releaseLock(bytes('done'));
});

test('a write that arrives after the release changes nothing', async () => {
  const { wire, run, lease } = await heldLease();
  wire.faults.push({ kind: 'held' });
  const checkpoint = lease.checkpoint(bytes('step 2'));
  await run(checkpoint);
  await run(lease.releaseLock(bytes('done')));
  const released = await dynamo.item();

  await wire.deliver();

  expect(await dynamo.item()).toEqual(released);
});

test.each<[string, Record<string, object>]>([
  ['isReleased', { isReleased: { BOOL: true } }],
  ['isReleased', { isReleased: { S: 'true' } }],
  ['isReleased', { isReleased: { N: '1' } }],
  ['ownerName', { ownerName: { N: '1' } }],
  ['leaseDuration', { leaseDuration: { S: '10 seconds' } }],
  ['recordVersionNumber', { recordVersionNumber: { N: '1' } }],
  ['data', { data: { S: 'text' } }],
  ['data', { data: { S: 'text' }, isReleased: { S: '1' } }],
])('an item with a malformed %s is refused and left alone', async (attribute, wrong) => {
  await dynamo.put({ ...GO_ITEM, ...wrong });
  const before = await dynamo.item();
  const { options } = newDeployer();

  const failed = acquire({ ...options, data: bytes('step 1') });

  await expect(failed).rejects.toBeInstanceOf(MalformedLockItemError);
  await expect(failed).rejects.toMatchObject({ attribute });
  await expect(inspect(options.store, KEY)).rejects.toMatchObject({ attribute });
  expect(await dynamo.item()).toEqual(before);
});

test('without the item in a refusal, the lock asks once more and comes to the same end', async () => {
  const one = newDeployer();
  one.wire.putsItemIntoRefusals = false;
  one.wire.faults.push({ kind: 'lost-answer' });

  const lease = await acquired(one);
  expect(one.wire.sent).toEqual(['UpdateItem', 'UpdateItem', 'GetItem']);
  one.wire.faults.push({ kind: 'lost-answer' });
  await one.run(lease.releaseLock(bytes('done')));

  expect(await dynamo.item()).toMatchObject({ isReleased: { S: '1' } });
});
