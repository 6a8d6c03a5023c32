import { expect, test } from '@jest/globals';
import { sleep } from '../../../src/clock.ts';
import { LeapingClock } from '../../../src/plan/leaping-clock.ts';

test('waits are over at once, in the order of their ends, and the clock says how long they were', async () => {
  const leaps: number[] = [];
  const clock: LeapingClock = new LeapingClock(1_000, () => leaps.push(clock.monotonicMs()));
  const ended: string[] = [];
  const wait = async (name: string, ms: number) => {
    await sleep(clock, ms);
    ended.push(`${name} at ${clock.monotonicMs()}`);
  };

  await Promise.all([wait('b', 3_600_000), wait('a', 2_000).then(() => wait('c', 500))]);

  expect(ended).toEqual(['a at 2000', 'c at 2500', 'b at 3600000']);
  expect(leaps).toEqual([2_000, 2_500, 3_600_000]);
  expect(clock.wallMs()).toBe(3_601_000);
});

test('a wait that is called off does not happen', async () => {
  const clock = new LeapingClock(0, () => {});
  const cancel = clock.after(1_000, () => {
    throw new Error('It was called off.');
  });
  cancel();

  await sleep(clock, 2_000);

  expect(clock.monotonicMs()).toBe(2_000);
});
