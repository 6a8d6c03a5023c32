import { describe, expect, test } from '@jest/globals';
import { acquire } from '../../../src/lock/acquire.ts';
import { inspect } from '../../../src/lock/inspect.ts';
import { leaseTimes } from '../../../src/lock/lease-settings.ts';
import type { Lease } from '../../../src/lock/lease.ts';
import { takeOver } from '../../../src/lock/take-over.ts';
import { bytes, deployer, KEY, lockWorld } from '../../support/lock-world.ts';
import type { VirtualClock } from '../../support/virtual-clock.ts';

/*
 * Goal: say exactly what the lock can't prevent. ECS and the load balancer know nothing of the lock,
 * so a change that AWS has accepted from an owner may take effect when that owner is replaced already.
 * Method: the owner's last heartbeat is confirmed at 0, then its connection to the table is cut. A
 * successor watches from that very instant. Nothing takes any time but what is said here, so that
 * every bound is met to the millisecond.
 */
const SETTINGS = [
  // The default, written out: nothing begins after 5 s, all is cut off by 9 s, and 10 s are waited.
  { leaseDurationMs: 10_000, heartbeatIntervalMs: 1_000, starts: 5_000, cutOff: 9_000 },
  { leaseDurationMs: 4_000, heartbeatIntervalMs: 500, starts: 2_000, cutOff: 3_600 },
  { leaseDurationMs: 1_500, heartbeatIntervalMs: 500, starts: 750, cutOff: 1_350 },
];

describe.each(SETTINGS)('with a lease of $leaseDurationMs ms', (settings) => {
  const { leaseDurationMs, starts, cutOff } = settings;

  test('an owner that hears nothing begins no change after half of the lease', async () => {
    const { clock, owner } = await silencedOwner(settings);

    const lastStartMs = await lastMs(clock, leaseDurationMs, () => mayBegin(owner));

    expect(lastStartMs).toBe(starts);
  });

  test('every change is cut off before nine tenths of the lease, however late it began', async () => {
    const { clock, owner } = await silencedOwner(settings);
    let latestCutOffMs = 0;

    await lastMs(clock, leaseDurationMs, () => {
      const isBegun = mayBegin(owner);
      const cutOffMs = clock.monotonicMs() + owner.mutationDeadlineMs();
      if (isBegun) latestCutOffMs = Math.max(latestCutOffMs, cutOffMs);
      return isBegun;
    });

    expect(latestCutOffMs).toBe(cutOff);
  });

  test('a successor may begin a millisecond after the lease, and not before', async () => {
    const { clock, successor } = await silencedOwner(settings);
    const limitMs = leaseDurationMs + 100;

    const lastWithoutMs = await lastMs(clock, limitMs, () => successor.lease === undefined);

    expect(lastWithoutMs).toBe(leaseDurationMs);
    expect(successor.lease && mayBegin(successor.lease)).toBe(true);
  });

  test('so AWS must be slower than the rest of the lease for two owners to change something at once', async () => {
    const restMs = leaseDurationMs - cutOff;

    expect(await overlaps(settings, restMs)).toBe(false);
    expect(await overlaps(settings, restMs + 1)).toBe(true);
  });

  test('the cut-offs in use are those that were measured', () => {
    const times = leaseTimes(settings);

    expect(leaseDurationMs - times.mutationMarginMs).toBe(starts);
    expect(starts + times.mutationLimitMs).toBe(cutOff);
    expect(leaseDurationMs - times.mutationReserveMs).toBe(cutOff);
  });
});

/**
 * The owner sends its change at the last allowed moment, it is accepted just before it is cut off, and
 * takes effect so much later. Is a successor at work by then?
 */
async function overlaps(settings: (typeof SETTINGS)[number], effectMs: number): Promise<boolean> {
  const { clock, owner, successor } = await silencedOwner(settings);
  await clock.advance(settings.starts);
  owner.assertCanMutate();
  await clock.advance(owner.mutationDeadlineMs() + effectMs);
  return successor.lease !== undefined && mayBegin(successor.lease);
}

/** An owner whose last heartbeat was confirmed at 0, and somebody who waits for it to go silent. */
async function silencedOwner(settings: (typeof SETTINGS)[number]) {
  const { clock, store } = lockWorld();
  const times = {
    leaseDurationMs: settings.leaseDurationMs,
    heartbeatIntervalMs: settings.heartbeatIntervalMs,
  };
  const outcome = await acquire({ ...deployer(store, clock), ...times, data: bytes('step 1') });
  if (!('lease' in outcome)) throw new Error('It was free.');
  const owner = outcome.lease;
  const seen = await inspect(store, KEY);
  if (!seen) throw new Error('Nobody holds the lock.');
  const isOwners = (call: (typeof store.calls)[number]) =>
    call.operation === 'update' &&
    call.update.condition.kind === 'held' &&
    call.update.set.ownerName === undefined;
  store.faultFor = (call) => (isOwners(call) ? { kind: 'lost-request' } : undefined);
  const successor: { lease?: Lease } = {};
  const rival = deployer(store, clock, 7);
  void takeOver({ ...rival, ...times, seen }).then((taken) => {
    if ('lease' in taken) successor.lease = taken.lease;
  });
  return { clock, owner, successor };
}

/** Goes on millisecond by millisecond; the last one at which the question was answered with yes. */
async function lastMs(clock: VirtualClock, untilMs: number, ask: () => boolean): Promise<number> {
  let last = -1;
  while (clock.monotonicMs() <= untilMs) {
    if (ask()) last = clock.monotonicMs();
    await clock.advance(1);
  }
  return last;
}

function mayBegin(lease: Lease): boolean {
  try {
    lease.assertCanMutate();
    return lease.mutationDeadlineMs() > 0;
  } catch {
    return false;
  }
}
