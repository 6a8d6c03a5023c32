/**
 * Goal: whatever happens to whichever write of the lock, the item and the lease end up as if nothing
 * had, or the lease is lost, and nothing else is written.
 * Method: every kind of write meets every kind of trouble, on a DynamoDB that puts the item into its
 * refusals and on one that does not. Counts are the sandbox's.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fault } from '../../../sandbox/wire/fault-rules.ts';
import { LockStoreError } from '../../../src/lock/store.ts';
import { bytes, KEY } from '../../support/lock-world.ts';
import { LockScene, type SceneDeployer } from './lock-scene.ts';
import { type AboutToWrite, GO_ITEM, WRITES, type Written } from './writes.ts';

const LEASE_MS = 10_000;
const UNANSWERED: Fault = { kind: 'hang', when: 'after' };

/** What happens to the first attempt of a write. */
interface Trouble {
  readonly name: string;
  /** Left out: the connection breaks before anything arrives. */
  readonly fault?: Fault;
  /** Whether the write is made all the same. */
  readonly isMade: boolean;
}

const TROUBLES: readonly Trouble[] = [
  { name: 'the connection breaks before it arrives', isMade: false },
  { name: 'it is never answered, and not made', fault: { kind: 'hang' }, isMade: false },
  { name: 'it is throttled', fault: { kind: 'throttle' }, isMade: false },
  {
    name: 'the server fails before it is made',
    fault: { kind: 'reject', code: 'InternalServerError', status: 500 },
    isMade: false,
  },
  { name: 'it is made, and the answer dropped', fault: { kind: 'drop' }, isMade: true },
  {
    name: 'it is made, and never answered',
    fault: UNANSWERED,
    isMade: true,
  },
  {
    name: 'it is made, and answered when nobody listens any more',
    fault: { kind: 'delay', ms: 2_500, when: 'after' },
    isMade: true,
  },
  {
    name: 'it is made, and a proxy says otherwise',
    fault: { kind: 'garble', status: 502, body: '<html>Bad gateway</html>' },
    isMade: true,
  },
];

let scene: LockScene;

afterEach(() => scene.close());

describe.each([
  ['with the item in refusals', true],
  ['without the item in refusals', false],
])('%s,', (_, returnsItem) => {
  beforeEach(async () => {
    scene = await LockScene.start();
    scene.returnsItem = returnsItem;
  });

  describe.each(WRITES)('$name', ({ prepare, claims, isMadeOnce }) => {
    test.each(TROUBLES)('when $name', async ({ fault, isMade }) => {
      const about = await prepare(scene);
      const before = about.writer.calls().length;
      if (fault) scene.spoil('UpdateItem', fault);
      else about.writer.wire.cutNext();

      const inTheWay = await about.write();

      expect(inTheWay).toBeUndefined();
      expect(await scene.item()).toEqual(itemWith(about.written()));
      // One attempt more, and a look at the item if that attempt finds the condition undone.
      const arrived = about.writer.calls().slice(before);
      const lookUps = isMadeOnce && isMade && !returnsItem ? ['GetItem'] : [];
      expect(arrived.map(({ operation }) => operation)).toEqual([
        ...(fault ? ['UpdateItem'] : []),
        'UpdateItem',
        ...lookUps,
      ]);
      expect(madeBy(arrived)).toHaveLength(isMade && !isMadeOnce ? 2 : 1);
      await expectPeace(about);
    });

    test('when it is answered slowly', async () => {
      const about = await prepare(scene);
      const before = about.writer.calls().length;
      scene.spoil('UpdateItem', { kind: 'delay', ms: 900, when: 'after' });

      expect(await about.write()).toBeUndefined();

      expect(await scene.item()).toEqual(itemWith(about.written()));
      expect(about.writer.operations().slice(before)).toEqual(['UpdateItem']);
      await expectPeace(about);
    });

    test('when it arrives after the write that followed it', async () => {
      const about = await prepare(scene);
      const before = about.writer.calls().length;
      scene.spoil('UpdateItem', { kind: 'delay', ms: 5_000, when: 'before' });

      await about.write(); // Its second attempt, for the first one is still on its way.
      await about.next();
      const item = await itemBesideHeartbeats();
      const late = about.writer.calls()[before];
      expect(late?.outcome).toBe('pending');
      await scene.until(() => late?.outcome !== 'pending');

      expect(late?.outcome).toBe('ConditionalCheckFailedException');
      expect(await itemBesideHeartbeats()).toEqual(item);
    });

    test('when a rival comes first', async () => {
      const about = await prepare(scene);
      await about.rival();
      const item = await itemBesideHeartbeats();
      const before = about.writer.calls().length;

      const inTheWay = await about.write();

      expect(inTheWay).toBe(item?.ownerName?.S);
      expect(await itemBesideHeartbeats()).toEqual(item);
      expect(about.writer.operations().slice(before)).toEqual([
        'UpdateItem',
        ...(returnsItem ? [] : ['GetItem']),
      ]);
      expect(about.lease()?.state ?? 'LOST').toBe('LOST');
    });

    test('when it is not allowed', async () => {
      const about = await prepare(scene);
      const item = await scene.item();
      const denied = { kind: 'reject', code: 'AccessDeniedException' } as const;
      scene.spoil('UpdateItem', denied);

      const made = about.write();

      if (claims) {
        await expect(made).rejects.toBeInstanceOf(LockStoreError);
        await expect(made).rejects.toMatchObject({ failure: 'denied' });
        expect(await scene.item()).toEqual(item);
      } else {
        expect(await made).toBeUndefined(); // Credentials may be renewed before the lease is over.
        expect(await scene.item()).toEqual(itemWith(about.written()));
      }
    });

    test('when nothing it does is ever answered', async () => {
      const about = await prepare(scene);
      scene.spoil('UpdateItem', ...Array.from({ length: 10 }, () => UNANSWERED));
      const startMs = scene.clock.monotonicMs();

      await expect(about.write()).rejects.toMatchObject(
        claims ? { failure: 'unknown' } : { reason: 'expired' },
      );

      const tookMs = scene.clock.monotonicMs() - startMs;
      expect(tookMs).toBeLessThanOrEqual(LEASE_MS + 1_000);
      expect(about.lease()?.state ?? 'LOST').toBe('LOST');
    });
  });
});

/** The whole item, so that nothing else can have been written. */
function itemWith({ owner, data, leaseDuration, isReleased }: Written) {
  return {
    key: { S: KEY },
    note: GO_ITEM.note,
    ownerName: { S: owner ?? expect.stringMatching(/^[0-9a-f]{32}$/) },
    recordVersionNumber: { S: expect.stringMatching(/^[0-9a-f]{32}$/) },
    leaseDuration: { S: leaseDuration },
    data: { B: bytes(data) },
    ...(isReleased ? { isReleased: { S: '1' } } : {}),
  };
}

/** Whoever's turn it is by then keeps renewing the record. */
async function itemBesideHeartbeats() {
  const { recordVersionNumber: _, ...rest } = (await scene.item()) ?? {};
  return rest;
}

function madeBy(calls: ReturnType<SceneDeployer['calls']>) {
  return calls.filter(({ operation, outcome }) => operation === 'UpdateItem' && outcome === 'ok');
}

/**
 * A lease that goes on is never believed for longer than whoever reads the table would wait, and is
 * kept; one that is over writes nothing more.
 */
async function expectPeace({ writer, lease, written }: AboutToWrite): Promise<void> {
  const lastMs = madeBy(writer.calls()).at(-1)?.atMs ?? 0;
  const endMs = scene.clock.wallMs() + (lease()?.remainingMs() ?? 0);
  expect(endMs).toBeLessThanOrEqual(lastMs + LEASE_MS);
  const item = await scene.item();
  const count = writer.calls().length;

  await scene.pass(3_000);

  if (lease()?.state === 'HELD') {
    expect(writer.calls().length).toBeGreaterThan(count);
    expect(await scene.item()).toEqual(itemWith(written()));
  } else {
    expect(written().leaseDuration).not.toBe('10s');
    expect(writer.calls()).toHaveLength(count);
    expect(await scene.item()).toEqual(item);
  }
}
