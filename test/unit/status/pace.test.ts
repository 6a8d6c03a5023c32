import { describe, expect, test } from '@jest/globals';
import { Pace } from '../../../src/aws/pace.ts';
import { bucketsOf } from '../../../src/aws/rate-limits.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const RULES = 'ElasticLoadBalancingV2.DescribeRules';
const HEALTH = 'ElasticLoadBalancingV2.DescribeTargetHealth';
const SERVICES = 'ECS.DescribeServices';

/** When each of so many attempts was sent, in milliseconds. */
async function sentAt(pace: Pace, clock: VirtualClock, operations: readonly string[]) {
  const sent: number[] = [];
  await clock.run(
    Promise.all(
      operations.map((operation) =>
        pace.attempt(operation, async () => {
          sent.push(clock.monotonicMs());
        }),
      ),
    ),
  );
  return sent;
}

describe('a burst', () => {
  test('is sent at once, but for what AWS fills up in a second', async () => {
    const clock = new VirtualClock();

    const sent = await sentAt(new Pace(clock), clock, Array<string>(50).fill(RULES));

    expect(sent.filter((ms) => ms === 0)).toHaveLength(30);
  });

  test('shares the bucket of the account among the operations', async () => {
    const clock = new VirtualClock();
    const both = [...Array<string>(20).fill(RULES), ...Array<string>(20).fill(HEALTH)];

    const sent = await sentAt(new Pace(clock), clock, both);

    expect(sent.filter((ms) => ms === 0)).toHaveLength(30);
  });

  test('of one service leaves the other alone', async () => {
    const clock = new VirtualClock();
    const pace = new Pace(clock);
    await sentAt(pace, clock, Array<string>(40).fill(RULES));
    const beforeMs = clock.monotonicMs();

    expect(await sentAt(pace, clock, [SERVICES])).toStrictEqual([beforeMs]);
  });
});

test.each([
  [RULES, 400],
  [SERVICES, 800],
  ['ECS.DescribeTaskDefinition', 800],
])(
  '%s: however many, no second lets through more than AWS does, and hardly fewer',
  async (operation, count) => {
    const clock = new VirtualClock();
    const [bucket] = bucketsOf(operation);
    const { burst, refillPerSecond } = bucket!;

    const sent = await sentAt(new Pace(clock), clock, Array<string>(count).fill(operation));

    // AWS's own bucket, filled up once a second, never runs dry.
    let tokens = burst;
    let second = 0;
    for (const ms of sent) {
      for (; second < Math.floor(ms / 1000); second++) {
        tokens = Math.min(burst, tokens + refillPerSecond);
      }
      tokens -= 1;
      expect(tokens).toBeGreaterThanOrEqual(0);
    }
    const allowedMs = (1000 * (count - burst)) / refillPerSecond;
    expect(Math.max(...sent) / allowedMs).toBeLessThan(1.1);
  },
);

test('what AWS throttles all the same makes the next ones wait', async () => {
  const clock = new VirtualClock();
  const pace = new Pace(clock);
  const throttling = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });

  await expect(pace.attempt(SERVICES, () => Promise.reject(throttling))).rejects.toBe(throttling);

  expect((await sentAt(pace, clock, [SERVICES]))[0]).toBeGreaterThan(50);
});

test('other errors and other operations make nobody wait', async () => {
  const clock = new VirtualClock();
  const pace = new Pace(clock);
  const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
  await expect(pace.attempt(SERVICES, () => Promise.reject(denied))).rejects.toBe(denied);

  expect(await sentAt(pace, clock, [SERVICES, 'DynamoDB.GetItem'])).toStrictEqual([0, 0]);
});

test('no more are under way at a time than a client has sockets for', async () => {
  const clock = new VirtualClock();
  const pace = new Pace(clock);
  let underWay = 0;
  let most = 0;
  const calls = Array.from({ length: 200 }, () =>
    pace.attempt('DynamoDB.GetItem', async () => {
      most = Math.max(most, ++underWay);
      await new Promise<void>((resolve) => {
        clock.after(50, resolve);
      });
      underWay--;
    }),
  );

  await clock.run(Promise.all(calls));

  expect(most).toBe(40);
  expect(clock.monotonicMs()).toBe(250);
});
