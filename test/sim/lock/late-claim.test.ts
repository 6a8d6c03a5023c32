import { expect, test } from '@jest/globals';
import { acquire } from '../../../src/lock/acquire.ts';
import { bytes, KEY, lockWorld } from '../../support/lock-world.ts';

/*
 * Goal: an attempt to take a free lock that arrives only after the deploy is over does no harm.
 * Method: the first attempt stays under way for a minute; the second one wins, and the deploy runs.
 */
async function releasedWithOneAttemptUnderWay() {
  const { clock, store, options } = lockWorld();
  store.failNext({ kind: 'late', arrivesMs: 60_000 });
  const outcome = await clock.run(acquire(options));
  if (!('lease' in outcome)) throw new Error('It was free.');
  await clock.run(outcome.lease.releaseLock(bytes('done')));
  return { clock, store, lease: outcome.lease };
}

test('it leaves the lock released, with the last word of the deploy', async () => {
  const { clock, store } = await releasedWithOneAttemptUnderWay();
  const released = store.item(KEY);

  await clock.advance(70_000);

  expect(store.item(KEY)).toEqual(released);
});

test('it gives no right to anybody', async () => {
  const { clock, store, lease } = await releasedWithOneAttemptUnderWay();

  await clock.advance(70_000);

  expect(lease.state).toBe('RELEASED');
  expect(lease.mutationDeadlineMs()).toBe(0);
  expect(store.history.map((item) => item.ownerName?.S)).toEqual(
    store.history.map(() => lease.owner),
  );
});
