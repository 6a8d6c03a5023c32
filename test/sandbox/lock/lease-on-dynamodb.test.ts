import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { acquire } from '../../../src/lock/acquire.ts';
import { MalformedLockItemError } from '../../../src/lock/errors.ts';
import { inspect } from '../../../src/lock/inspect.ts';
import { takeOver } from '../../../src/lock/take-over.ts';
import { bytes, KEY, text } from '../../support/lock-world.ts';
import { LockScene } from './lock-scene.ts';
import { GO_ITEM, leaseOf, recordSeen } from './writes.ts';

/*
 * The lock through the real adapter, the real SDK and HTTP, when nothing goes wrong on the way.
 * What goes wrong is in every-trouble.test.ts.
 */
let scene: LockScene;

beforeEach(async () => {
  scene = await LockScene.start();
});
afterEach(() => scene.close());

async function heldLease() {
  const one = scene.deployer();
  const lease = leaseOf(await scene.run(acquire({ ...one.options, data: bytes('step 1') })));
  return { ...one, lease };
}

const stored = async () => text((await scene.item())?.data?.B);

describe('one request is enough', () => {
  test('to acquire, for a checkpoint, and to release', async () => {
    const { operations, lease } = await heldLease();
    expect(operations()).toEqual(['UpdateItem']);

    await lease.checkpoint(bytes('step 2'));
    expect(await stored()).toBe('step 2');
    await lease.releaseLock(bytes('done'));

    expect(operations()).toEqual(['UpdateItem', 'UpdateItem', 'UpdateItem']);
    expect(await scene.item()).toMatchObject({
      isReleased: { S: '1' },
      leaseDuration: { S: '0' },
      ownerName: { S: lease.owner },
    });
  });

  test('to take a released lock and to learn what was in it', async () => {
    await scene.put({ ...GO_ITEM, isReleased: { S: '1' } });
    const { operations, options } = scene.deployer();

    const outcome = await acquire({ ...options, data: bytes('step 1') });

    expect('previous' in outcome && text(outcome.previous?.data)).toBe('before');
    expect('previous' in outcome && outcome.previous?.item.note).toEqual(GO_ITEM.note);
    expect(operations()).toEqual(['UpdateItem']);
  });

  test.each([
    ['Go', '10s', 10_000],
    ['Go', '1m0s', 60_000],
    ['Java', '20000', 20_000],
    ['nobody any more', '0', 0],
  ])('to be refused by %s with a lease of %s', async (_, leaseDuration, leaseDurationMs) => {
    await scene.put({ ...GO_ITEM, leaseDuration: { S: leaseDuration } });
    const before = await scene.item();
    const { operations, options } = scene.deployer();

    const outcome = await acquire({ ...options, data: bytes('step 1') });

    if (!('heldBy' in outcome)) throw new Error('The lock was held.');
    expect(outcome.heldBy).toMatchObject({ owner: GO_ITEM.ownerName.S, leaseDurationMs });
    expect(text(outcome.heldBy.data)).toBe('before');
    expect(operations()).toEqual(['UpdateItem']);
    expect(await scene.item()).toEqual(before);
  });

  test('to replace an owner that has yielded', async () => {
    const { lease } = await heldLease();
    await lease.yieldLock(bytes('step 4'));
    const { operations, options } = scene.deployer(2);
    const seen = await inspect(options.store, KEY);
    if (!seen) throw new Error('A yielded lock keeps its item.');
    const beforeMs = scene.clock.monotonicMs();

    const outcome = await scene.run(takeOver({ ...options, seen }));

    expect(operations()).toEqual(['GetItem', 'UpdateItem']);
    expect(scene.clock.monotonicMs()).toBe(beforeMs);
    expect('lease' in outcome && text(outcome.previous.data)).toBe('step 4');
    expect(await stored()).toBe('step 4');
  });
});

test('one of two that race for a lock gets it, and the other one learns who', async () => {
  const race = [scene.deployer(1), scene.deployer(2)];

  const outcomes = await scene.run(
    Promise.all(race.map(({ options }) => acquire({ ...options, data: bytes('step 1') }))),
  );

  const [winner] = outcomes.filter((outcome) => 'lease' in outcome);
  const [loser] = outcomes.filter((outcome) => 'heldBy' in outcome);
  expect(loser?.heldBy.owner).toBe(winner?.lease.owner);
});

test('a silent owner is replaced when its lease is over, with one write beside the polls', async () => {
  await scene.put(GO_ITEM);
  const { calls, options } = scene.deployer();
  const seen = await recordSeen(scene);
  const startMs = scene.clock.wallMs();

  await scene.run(takeOver({ ...options, seen }));

  const writes = calls().filter(({ operation }) => operation === 'UpdateItem');
  expect(writes).toMatchObject([{ outcome: 'ok', atMs: startMs + 10_001 }]);
  expect(calls()).toHaveLength(10 + 1);
  expect(await stored()).toBe('before');
});

test('an owner that was stopped learns from its next word who replaced it', async () => {
  const { lease, machine, calls } = await heldLease();
  machine.stop();
  const other = scene.deployer(2);
  const outcome = await scene.run(
    takeOver({ ...other.options, seen: await recordSeen(scene), data: bytes('step 2') }),
  );
  const before = calls().length;

  machine.go();
  await scene.until(() => lease.state === 'LOST');

  expect(lease.signal.reason).toMatchObject({
    reason: 'taken',
    current: { owner: leaseOf(outcome).owner },
  });
  expect(calls().slice(before)).toMatchObject([{ outcome: 'ConditionalCheckFailedException' }]);
  expect(await stored()).toBe('step 2');
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
  await scene.put({ ...GO_ITEM, ...wrong });
  const before = await scene.item();
  const { options } = scene.deployer();

  const failed = acquire({ ...options, data: bytes('step 1') });

  await expect(failed).rejects.toBeInstanceOf(MalformedLockItemError);
  await expect(failed).rejects.toMatchObject({ attribute });
  await expect(inspect(options.store, KEY)).rejects.toMatchObject({ attribute });
  expect(await scene.item()).toEqual(before);
});

test('an owner that wakes to an answer asks before it gives its lease up', async () => {
  const { lease, machine, calls } = await heldLease();
  scene.spoil('UpdateItem', { kind: 'delay', ms: 13_000, when: 'after' });
  await scene.until(() => calls().length === 2); // Its heartbeat is made, and not answered yet.
  machine.stop();
  await scene.pass(13_000);

  machine.go();
  await scene.pass(100);

  expect(lease.state).toBe('HELD');
  expect(calls().at(-1)).toMatchObject({ operation: 'UpdateItem', outcome: 'ok' });
});
