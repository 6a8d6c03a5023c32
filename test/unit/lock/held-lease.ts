import { expect } from '@jest/globals';
import { acquire } from '../../../src/lock/acquire.ts';
import type { Lease } from '../../../src/lock/lease.ts';
import { KEY, lockWorld } from '../../support/lock-world.ts';
import type { StoreFault } from '../../support/memory-lock-store.ts';

export const LOST_REQUEST: StoreFault = { kind: 'lost-request' };
export const LOST_ANSWER: StoreFault = { kind: 'lost-answer' };

/** A lease on a lock in memory, and the world around it. */
export async function heldLease(
  settings: { leaseDurationMs?: number; heartbeatIntervalMs?: number } = {},
) {
  const world = lockWorld();
  const outcome = await acquire({ ...world.options, ...settings });
  if ('heldBy' in outcome) throw new Error('The lock of a new world is held.');
  return { ...world, lease: outcome.lease, version: () => versionOf(world) };
}

function versionOf({ store }: Pick<ReturnType<typeof lockWorld>, 'store'>) {
  return store.item(KEY).recordVersionNumber?.S;
}

/** Somebody else's write, which asks nobody. */
export function steal(store: ReturnType<typeof lockWorld>['store'], owner = 'thief') {
  const { key: _, ...item } = store.item(KEY);
  store.put(KEY, { ...item, ownerName: { S: owner }, recordVersionNumber: { S: `of ${owner}` } });
}

export function expectLost(lease: Lease, reason: string) {
  expect(lease.state).toBe('LOST');
  expect(lease.remainingMs()).toBe(0);
  expect(lease.mutationDeadlineMs()).toBe(0);
  expect(lease.signal.aborted).toBe(true);
  expect(lease.signal.reason).toMatchObject({ name: 'LeaseLostError', reason });
  expect(() => lease.assertCanMutate()).toThrow(expect.objectContaining({ reason }));
}
