import { expect, test } from '@jest/globals';
import { acquire } from '../../../src/lock/acquire.ts';
import { inspect } from '../../../src/lock/inspect.ts';
import { takeOver } from '../../../src/lock/take-over.ts';
import { bytes, Connection, deployer, KEY, lockWorld, Machine } from '../../support/lock-world.ts';
import { Dice } from './dice.ts';
import { Dynamolock } from './dynamolock-v1.ts';

/*
 * Goal: say exactly what happens to the right to change things when a machine sleeps, as a laptop does
 * with its lid closed, and another deploy takes the lock over meanwhile.
 * Method: on Linux the monotonic clock stands still in that time, and the wall clock goes on.
 * @see clock_gettime(2), CLOCK_MONOTONIC, Linux manual pages
 */
const SLEEP_MS = 30_000;

function sleepyWorld() {
  const { clock, store } = lockWorld();
  const machine = new Machine(clock);
  return {
    clock,
    machine,
    connection: new Connection(store, machine),
    /** Sleeps until somebody else has taken the lock over and works under it. */
    sleepWhileReplaced: async () => {
      machine.suspend();
      const rival = deployer(store, clock, 7);
      const seen = await inspect(store, KEY);
      if (!seen) throw new Error('Nobody holds the lock.');
      const outcome = await clock.run(takeOver({ ...rival, seen }));
      if (!('lease' in outcome)) throw new Error('The machine is not asleep.');
      await clock.advance(SLEEP_MS - clock.monotonicMs());
      machine.go();
      return outcome.lease;
    },
  };
}

test('ours has lost its right when its machine wakes up, before it has asked anybody', async () => {
  const { clock, machine, connection, sleepWhileReplaced } = sleepyWorld();
  const options = { ...deployer(connection, machine), data: bytes('step 1') };
  const outcome = await clock.run(acquire(options));
  if (!('lease' in outcome)) throw new Error('It was free.');

  const successor = await sleepWhileReplaced();

  expect(machine.monotonicMs()).toBeLessThan(1_000); // By this clock, nothing has happened.
  expect(successor.mutationDeadlineMs()).toBeGreaterThan(0);
  expect(outcome.lease.mutationDeadlineMs()).toBe(0);
  expect(() => outcome.lease.assertCanMutate()).toThrow('was not confirmed lately');
  await clock.advance(2_000);
  expect(outcome.lease.state).toBe('LOST');
});

test('the old tool still believes in its right until it writes: a hole that it has by itself', async () => {
  const { clock, machine, connection, sleepWhileReplaced } = sleepyWorld();
  const dice = new Dice(1).roll;
  const client = new Dynamolock({ connection, clock: machine, dice });
  const lock = await clock.run(client.acquireLock(KEY, { data: bytes('step 1') }));

  const successor = await sleepWhileReplaced();

  expect(successor.mutationDeadlineMs()).toBeGreaterThan(0);
  expect(lock.isExpired).toBe(false);
  await expect(clock.run(client.sendHeartbeat(KEY, lock))).rejects.toThrow('already acquired');
});

test('what ours cannot see either: a wall clock set back in its sleep by as long as that', async () => {
  const { clock, machine, connection, sleepWhileReplaced } = sleepyWorld();
  const options = { ...deployer(connection, machine), data: bytes('step 1') };
  const outcome = await clock.run(acquire(options));
  if (!('lease' in outcome)) throw new Error('It was free.');
  machine.jump(-SLEEP_MS);

  await sleepWhileReplaced();

  expect(outcome.lease.mutationDeadlineMs()).toBeGreaterThan(0);
  await clock.advance(1_100); // Until the next heartbeat.
  expect(outcome.lease.signal.reason).toMatchObject({ reason: 'taken' });
});
