import { expect, test } from '@jest/globals';
import { sleep } from '../../../src/clock.ts';
import { watch } from '../../../src/status/watch.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/** When each look began, until the clock reaches that many milliseconds. */
async function looksWithin(ms: number, options: { intervalMs: number; lookMs: number }) {
  const clock = new VirtualClock();
  const begun: number[] = [];
  const shown: number[] = [];
  const abort = new AbortController();
  const ended = watch({
    look: async () => {
      begun.push(clock.monotonicMs());
      await sleep(clock, options.lookMs);
      return begun.length;
    },
    show: (count) => void shown.push(count),
    intervalMs: options.intervalMs,
    clock,
    signal: abort.signal,
  }).catch((error: unknown) => error);
  await clock.advance(ms);
  abort.abort(new Error('Enough.'));
  return { begun, shown, ended: await ended };
}

test('looks again after the interval, and shows each look', async () => {
  const { begun, shown } = await looksWithin(16_000, { intervalMs: 5_000, lookMs: 100 });

  expect(begun).toStrictEqual([0, 5_100, 10_200, 15_300]);
  expect(shown).toStrictEqual([1, 2, 3, 4]);
});

test('rests for as long as a look takes, so that half of the calls are left to others', async () => {
  const { begun } = await looksWithin(100_000, { intervalMs: 5_000, lookMs: 20_000 });

  expect(begun).toStrictEqual([0, 40_000, 80_000]);
});

test.each([
  ['in the middle of a look', 50],
  ['between two looks', 3_000],
])('ends at once when it is told to %s', async (_, ms) => {
  const { ended } = await looksWithin(ms, { intervalMs: 5_000, lookMs: 100 });

  expect(ended).toMatchObject({ message: 'Enough.' });
});

test('an error of a look ends it', async () => {
  const clock = new VirtualClock();
  const bug = new TypeError('no');

  const ended = watch({
    look: () => Promise.reject(bug),
    show: () => {},
    intervalMs: 1_000,
    clock,
    signal: new AbortController().signal,
  });

  await expect(ended).rejects.toBe(bug);
});
