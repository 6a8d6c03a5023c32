import { expect, test } from '@jest/globals';
import { attempt } from '../../../src/lock/attempt.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/** A request that never ends, whatever its sender does. */
const hang = () => new Promise<never>(() => {});

test('an attempt that hangs is given up in time, and its request is told', async () => {
  const clock = new VirtualClock();
  let told: AbortSignal | undefined;

  const hanging = attempt(
    (signal) => {
      told = signal;
      return hang();
    },
    { clock, limitMs: 2_000 },
  );

  await expect(clock.run(hanging)).rejects.toMatchObject({ failure: 'unknown' });
  expect(clock.monotonicMs()).toBe(2_000);
  expect(told?.aborted).toBe(true);
});

test('an attempt that is called off ends at once and leaves no timer', async () => {
  const clock = new VirtualClock();
  const stop = new AbortController();
  const hanging = attempt(hang, { clock, limitMs: 2_000, signal: stop.signal });

  stop.abort(new Error('stop'));

  await expect(hanging).rejects.toThrow('stop');
  expect(clock.pending).toBe(0);
});

test('an attempt that was called off before is not made', async () => {
  const clock = new VirtualClock();
  const signal = AbortSignal.abort(new Error('stop'));
  let requests = 0;

  const made = attempt(() => Promise.resolve(++requests), { clock, limitMs: 2_000, signal });

  await expect(made).rejects.toThrow('stop');
  expect(requests).toBe(0);
  expect(clock.pending).toBe(0);
});
