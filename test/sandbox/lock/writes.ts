import { acquire } from '../../../src/lock/acquire.ts';
import { breakLock } from '../../../src/lock/break-lock.ts';
import { LeaseLostError } from '../../../src/lock/errors.ts';
import { holdLock, liftHold } from '../../../src/lock/hold-lock.ts';
import { decodeItem, type LockRecord } from '../../../src/lock/item.ts';
import type { Lease } from '../../../src/lock/lease.ts';
import { takeOver } from '../../../src/lock/take-over.ts';
import { bytes, KEY } from '../../support/lock-world.ts';
import type { LockScene, SceneDeployer } from './lock-scene.ts';

/** As the original tool leaves it in the table, with an attribute of somebody else's. */
export const GO_ITEM = {
  ownerName: { S: 'q0ZbS3n7aVd2kXw9LrT5yUe1Hc8mGf4J' },
  leaseDuration: { S: '10s' },
  recordVersionNumber: { S: 'Zx81bTq0WmN3rLk7cVy5PdSa2HgJe9Uf' },
  data: { B: bytes('before') },
  note: { S: 'call Ann first' },
};

/** What a hold writes as its lease: ten years. */
const FOR_EVER = '87600h0m0s';

/** What a write leaves in the item. */
export interface Written {
  /** Undefined for a name that nobody keeps. */
  readonly owner: string | undefined;
  readonly data: string;
  readonly leaseDuration: string;
  readonly isReleased?: true;
}

/** A write that is about to be made. */
export interface AboutToWrite {
  readonly writer: SceneDeployer;
  /**
   * Makes it, letting time pass until it is settled.
   * @returns the owner that was in the way, if the condition did not hold.
   */
  write(): Promise<string | undefined>;
  /** What it leaves in the item once it is made. */
  readonly written: () => Written;
  /** The lease that it is made under, or has begun. */
  readonly lease: () => Lease | undefined;
  /** Makes the condition fail. */
  rival(): Promise<unknown>;
  /** The write that follows it, by whoever's turn it is. */
  next(): Promise<unknown>;
}

/** A kind of write, and how to get ready for one. */
export interface KindOfWrite {
  readonly name: string;
  /** Whether it makes the record its sender's. */
  readonly claims: boolean;
  /** Whether its condition no longer holds once it is made. Else a repetition is made as well. */
  readonly isMadeOnce: boolean;
  readonly prepare: (scene: LockScene) => Promise<AboutToWrite>;
}

const acquiring: KindOfWrite = {
  name: 'an acquire',
  claims: true,
  isMadeOnce: true,
  async prepare(scene) {
    await scene.put({ ...GO_ITEM, isReleased: { S: '1' } });
    const writer = scene.deployer();
    let lease: Lease | undefined;
    return {
      writer,
      async write() {
        const made = await scene.run(acquire({ ...writer.options, data: bytes('new') }));
        if ('heldBy' in made) return made.heldBy.owner;
        ({ lease } = made);
        return undefined;
      },
      written: () => ({ owner: lease?.owner ?? 'no lease', data: 'new', leaseDuration: '10s' }),
      lease: () => lease,
      rival: () => begin(scene, 2),
      next: async () => scene.run(begun(lease).checkpoint(bytes('next'))),
    };
  },
};

const takingOver: KindOfWrite = {
  name: 'a takeover',
  claims: true,
  isMadeOnce: true,
  async prepare(scene) {
    await scene.put({ ...GO_ITEM, leaseDuration: { S: '0' } });
    const writer = scene.deployer();
    const seen = await recordSeen(scene);
    let lease: Lease | undefined;
    return {
      writer,
      async write() {
        let faster: string | undefined;
        const onChange = (holder: LockRecord) => {
          faster = holder.owner;
          throw new Error('This is somebody else to wait for.');
        };
        try {
          lease = leaseOf(await scene.run(takeOver({ ...writer.options, seen, onChange })));
        } catch (error) {
          if (faster === undefined) throw error;
        }
        return faster;
      },
      written: () => ({ owner: lease?.owner ?? 'no lease', data: 'before', leaseDuration: '10s' }),
      lease: () => lease,
      rival: () => succeed(scene, 2),
      next: async () => scene.run(begun(lease).checkpoint(bytes('next'))),
    };
  },
};

/** A write by hand, of a record as it was seen. */
function byHand(
  name: string,
  before: Record<string, object>,
  made: Omit<Written, 'owner'>,
  write: (options: SceneDeployer['options'], seen: LockRecord) => Promise<ByHand>,
  next: (scene: LockScene) => Promise<unknown>,
): KindOfWrite {
  return {
    name,
    claims: true,
    isMadeOnce: true,
    async prepare(scene) {
      await scene.put(before);
      const writer = scene.deployer();
      const seen = await recordSeen(scene);
      return {
        writer,
        async write() {
          const outcome = await scene.run(write(writer.options, seen));
          return 'current' in outcome ? outcome.current?.owner : undefined;
        },
        written: () => ({ owner: undefined, ...made }),
        lease: () => undefined,
        rival: () => scene.put({ ...before, recordVersionNumber: { S: 'newer' } }),
        next: () => next(scene),
      };
    },
  };
}

/** Nothing is in the way when it was written. */
type ByHand = object | { readonly current: LockRecord | undefined };

/** A write of an owner, whose record has the data `first`. */
function ofOwner(
  name: string,
  made: Omit<Written, 'owner'>,
  write: (lease: Lease, scene: LockScene) => Promise<void>,
  next?: (scene: LockScene) => Promise<unknown>,
): KindOfWrite {
  return {
    name,
    claims: false,
    isMadeOnce: made.isReleased ?? false,
    async prepare(scene) {
      await scene.put({ ...GO_ITEM, isReleased: { S: '1' } });
      const writer = scene.deployer();
      const lease = leaseOf(await scene.run(acquire({ ...writer.options, data: bytes('first') })));
      return {
        writer,
        async write() {
          try {
            await write(lease, scene);
          } catch (error) {
            if (error instanceof LeaseLostError && error.reason === 'taken') {
              return error.current?.owner;
            }
            throw error;
          }
          return undefined;
        },
        written: () => ({ owner: lease.owner, ...made }),
        lease: () => lease,
        async rival() {
          const seen = await recordSeen(scene);
          await scene.run(breakLock({ ...scene.deployer(4).options, seen }));
          await begin(scene, 2);
        },
        next: () => (next ? next(scene) : scene.run(lease.checkpoint(bytes('next')))),
      };
    },
  };
}

/** Every kind of write that the lock makes. */
export const WRITES: readonly KindOfWrite[] = [
  acquiring,
  takingOver,
  ofOwner('a heartbeat', { data: 'first', leaseDuration: '10s' }, async (lease, scene) => {
    const confirmedMs = () => lease.remainingMs() + scene.clock.monotonicMs();
    const beforeMs = confirmedMs();
    await scene.until(() => lease.state === 'LOST' || confirmedMs() > beforeMs);
    lease.signal.throwIfAborted();
  }),
  ofOwner('a checkpoint', { data: 'new', leaseDuration: '10s' }, (lease, scene) =>
    scene.run(lease.checkpoint(bytes('new'))),
  ),
  ofOwner(
    'a yield',
    { data: 'new', leaseDuration: '0' },
    (lease, scene) => scene.run(lease.yieldLock(bytes('new'))),
    (scene) => succeed(scene, 3),
  ),
  ofOwner(
    'a release',
    { data: 'new', leaseDuration: '0', isReleased: true },
    (lease, scene) => scene.run(lease.releaseLock(bytes('new'))),
    (scene) => begin(scene, 3),
  ),
  byHand(
    'a break',
    GO_ITEM,
    { data: 'before', leaseDuration: '0', isReleased: true },
    (options, seen) => breakLock({ ...options, seen }),
    (scene) => begin(scene, 3),
  ),
  byHand(
    'a hold',
    { ...GO_ITEM, isReleased: { S: '1' } },
    { data: 'new', leaseDuration: FOR_EVER },
    (options, over) => holdLock({ ...options, over, data: bytes('new') }),
    async (scene) =>
      scene.run(breakLock({ ...scene.deployer(3).options, seen: await recordSeen(scene) })),
  ),
  byHand(
    'the end of a hold',
    { ...GO_ITEM, leaseDuration: { S: FOR_EVER } },
    { data: 'new', leaseDuration: '0', isReleased: true },
    (options, seen) => liftHold({ ...options, seen, data: bytes('new'), to: 'free' }),
    (scene) => begin(scene, 3),
  ),
];

/** Another deployer takes a lock that is free. */
async function begin(scene: LockScene, seed: number): Promise<Lease> {
  const { options } = scene.deployer(seed);
  return leaseOf(await scene.run(acquire({ ...options, data: bytes('of the other') })));
}

/** Another deployer takes over a lock that was yielded. */
async function succeed(scene: LockScene, seed: number): Promise<Lease> {
  const { options } = scene.deployer(seed);
  return leaseOf(await scene.run(takeOver({ ...options, seen: await recordSeen(scene) })));
}

/** The record as it is. */
export async function recordSeen(scene: LockScene): Promise<LockRecord> {
  const item = await scene.item();
  if (!item) throw new Error('There is no record.');
  return decodeItem(KEY, item);
}

/** @throws when no lease came of it. */
export function leaseOf(made: { readonly lease: Lease } | object): Lease {
  return begun('lease' in made ? made.lease : undefined);
}

function begun(lease: Lease | undefined): Lease {
  if (!lease) throw new Error('There is no lease.');
  return lease;
}
