import { expect, test } from '@jest/globals';
import { sleep } from '../../src/clock.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

test('a sleep ends when its time has come, and not before', async () => {
  const clock = new VirtualClock();
  let awake = false;
  const slept = sleep(clock, 1000).then(() => {
    awake = true;
  });

  await clock.advance(999);
  expect(awake).toBe(false);
  await clock.advance(1);
  await slept;
  expect(awake).toBe(true);
});

test('an aborted sleep rejects with the reason and leaves no timer', async () => {
  const clock = new VirtualClock();
  const stop = new AbortController();
  const slept = sleep(clock, 1000, stop.signal);

  stop.abort(new Error('stop'));

  await expect(slept).rejects.toThrow('stop');
  expect(clock.pending).toBe(0);
});
