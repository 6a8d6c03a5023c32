import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Looked, type PollOptions, WaitTimeoutError, poll } from '../../../src/poll.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/** Polls every 2 s for 10 s without jitter, unless a test says otherwise; notes when it looked. */
function start<T>(look: (nth: number) => Looked<T> | Promise<Looked<T>>, more: object = {}) {
  const clock = new VirtualClock();
  const lookedAtMs: number[] = [];
  const progress: object[] = [];
  const options: PollOptions = {
    clock,
    random: () => 0,
    intervalMs: 2_000,
    timeoutMs: 10_000,
    onWait: (each) => progress.push(each),
    ...more,
  };
  const polled = poll(options, async () => {
    lookedAtMs.push(clock.monotonicMs());
    return look(lookedAtMs.length);
  });
  polled.catch(() => {});
  return { clock, polled, lookedAtMs, progress };
}

const missing = { waitingFor: '3 of 4 targets healthy' };

test('what is there at the first look is answered at once', async () => {
  const { clock, polled, lookedAtMs, progress } = start(() => ({ done: 'it' }));

  expect(await clock.run(polled)).toBe('it');

  expect(lookedAtMs).toEqual([0]);
  expect(progress).toEqual([]);
});

test('something that is done may be nothing', async () => {
  const { clock, polled } = start(() => ({ done: undefined }));

  expect(await clock.run(polled)).toBeUndefined();
});

test('looks again at each interval, and tells what it waits for', async () => {
  const { clock, polled, lookedAtMs, progress } = start((nth) =>
    nth === 3 ? { done: 'it' } : { waitingFor: `look ${nth}` },
  );

  await clock.run(polled);

  expect(lookedAtMs).toEqual([0, 2_000, 4_000]);
  expect(progress).toEqual([
    { waitingFor: 'look 1', elapsedMs: 0, remainingMs: 10_000 },
    { waitingFor: 'look 2', elapsedMs: 2_000, remainingMs: 8_000 },
  ]);
  expect(clock.pending).toBe(0);
});

test('the interval begins when a look has ended', async () => {
  const clock = new VirtualClock();
  const { polled, lookedAtMs } = start(
    async (nth) => {
      if (nth === 3) return { done: 'it' };
      await new Promise<void>((resolve) => {
        clock.after(500, resolve);
      });
      return missing;
    },
    { clock },
  );

  await clock.run(polled);

  expect(lookedAtMs.length).toBe(3);
  expect(clock.monotonicMs()).toBe(5_000);
});

test('the last look is at the deadline', async () => {
  const { clock, polled, lookedAtMs } = start(() => missing, { timeoutMs: 5_000 });

  const failed = await clock.run(polled.catch((error: unknown) => error));

  expect(lookedAtMs).toEqual([0, 2_000, 4_000, 5_000]);
  expect(failed).toBeInstanceOf(WaitTimeoutError);
  expect(failed).toMatchObject({
    message: 'After 5 s still waiting: 3 of 4 targets healthy',
    waitingFor: '3 of 4 targets healthy',
    timeoutMs: 5_000,
  });
});

test('what comes with the last look has come in time', async () => {
  const { clock, polled } = start((nth) => (nth === 4 ? { done: 'it' } : missing), {
    timeoutMs: 5_000,
  });

  expect(await clock.run(polled)).toBe('it');
});

test('no time at all is time for one look', async () => {
  const none = start(() => missing, { timeoutMs: 0 });
  await expect(none.clock.run(none.polled)).rejects.toThrow(WaitTimeoutError);
  expect(none.lookedAtMs).toEqual([0]);
});

test('jitter shortens an interval by up to a fifth, and never lengthens it', async () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  await fc.assert(
    fc.asyncProperty(fc.array(random, { minLength: 5, maxLength: 5 }), async (numbers) => {
      const left = [...numbers];
      const { clock, polled, lookedAtMs } = start((nth) => (nth === 6 ? { done: 'it' } : missing), {
        random: () => left.shift() ?? 0,
        timeoutMs: 60_000,
      });
      await clock.run(polled);

      for (const [index, atMs] of lookedAtMs.slice(1).entries()) {
        const intervalMs = atMs - (lookedAtMs[index] ?? 0);
        expect(intervalMs).toBeGreaterThanOrEqual(1_600 - 1e-6);
        expect(intervalMs).toBeLessThanOrEqual(2_000 + 1e-6);
        expect(intervalMs).toBeCloseTo(2_000 * (1 - 0.2 * (numbers[index] ?? 0)), 6);
      }
    }),
    { numRuns: 20 },
  );
});

test('what a look throws ends the wait at once, as it is', async () => {
  const bug = new TypeError('x is undefined');
  const { clock, polled, lookedAtMs } = start((nth) => {
    if (nth === 2) throw bug;
    return missing;
  });

  await expect(clock.run(polled)).rejects.toBe(bug);

  expect(lookedAtMs).toEqual([0, 2_000]);
});

test('an abort ends the wait between two looks, with its reason', async () => {
  const abort = new AbortController();
  const reason = new Error('Interrupted.');
  const { clock, polled, lookedAtMs } = start(() => missing, { signal: abort.signal });
  clock.after(3_000, () => abort.abort(reason));

  await expect(clock.run(polled)).rejects.toBe(reason);

  expect(lookedAtMs).toEqual([0, 2_000]);
  expect(clock.monotonicMs()).toBe(3_000);
  expect(clock.pending).toBe(0);
});

test('an abort before the first look leaves nothing to look at', async () => {
  const reason = new Error('Interrupted.');
  const { clock, polled, lookedAtMs } = start(() => missing, {
    signal: AbortSignal.abort(reason),
  });

  await expect(clock.run(polled)).rejects.toBe(reason);

  expect(lookedAtMs).toEqual([]);
});

test('what a look finds is answered, though it was aborted meanwhile', async () => {
  const abort = new AbortController();
  const { clock, polled } = start(
    () => {
      abort.abort(new Error('Interrupted.'));
      return { done: 'it' };
    },
    { signal: abort.signal },
  );

  expect(await clock.run(polled)).toBe('it');
});
