/**
 * Goal: wherever a real deploy is killed, -resume ends where it would have ended, -start-over ends
 * with what it was given, and no user sees an error.
 * Method: the built executable, SIGKILL at exactly one call of the sandbox (made to hang before or
 * after its effect), traffic through both nodes of the real load balancer. Every point is tried both
 * ways. A deploy waits most of the time, so several lanes of them run at once. How long the lock of
 * the killed has to be silent is not the subject here (lock.test.ts): it is shortened.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CrashLane, type Outcome, type Way } from './crash-lane.ts';

const POINTS = [
  'lock.UpdateItem:after',
  'command:during',
  'ecs.UpdateTaskSet:after',
  'ecs.RegisterTaskDefinition:after',
  'ecs.CreateTaskSet:before',
  'ecs.CreateTaskSet:after',
  'rollout:during',
  'elasticloadbalancing.SetRulePriorities:before',
  'elasticloadbalancing.SetRulePriorities:after',
  'ecs.UpdateServicePrimaryTaskSet:before',
  'ecs.UpdateServicePrimaryTaskSet:after',
  'artifactdb.UpdateItem:after',
] as const;

const WAYS = ['resume', 'start-over'] as const satisfies Way[];

/** What one deploy changes that nothing happens to. */
const CHANGES_OF_ONE_DEPLOY = [
  'UpdateTaskSet',
  'DeleteTaskSet',
  'RegisterTaskDefinition',
  'CreateTaskSet',
  'SetRulePriorities',
  'UpdateServicePrimaryTaskSet',
];

const LANES = 3;
const TIME_LIMIT_MS = 180_000;

const lanes: Promise<CrashLane>[] = [];
const outcomes = new Map<string, Promise<Outcome>>();

beforeAll(() => {
  for (let lane = 0; lane < LANES; lane += 1) lanes.push(CrashLane.start());
  const crashes = POINTS.flatMap((point) => WAYS.map((way) => ({ point, way })));
  const queues = [...lanes];
  for (const [index, { point, way }] of crashes.entries()) {
    const queue = queues[index % LANES]!;
    const outcome = queue.then((lane) => lane.crash(point, way));
    outcomes.set(`${way} ${point}`, outcome);
    queues[index % LANES] = outcome.then(
      () => queue,
      () => queue,
    );
  }
  // Each is awaited by its test, which may come long after it was rejected.
  for (const promise of [...queues, ...outcomes.values()]) promise.catch(() => {});
});

afterAll(async () => {
  for (const lane of await Promise.allSettled(lanes)) {
    if (lane.status === 'fulfilled') await lane.value.close();
  }
});

async function outcomeOf(way: Way, point: string): Promise<Outcome> {
  const outcome = await outcomes.get(`${way} ${point}`);
  if (!outcome) throw new Error(`Nobody has tried ${way} after ${point}.`);
  return outcome;
}

describe.each(POINTS)('killed at %s', (point) => {
  test(
    '-resume ends where the deploy would have ended',
    async () => {
      const outcome = await outcomeOf('resume', point);
      const { before, last } = outcome.versions;

      expect({ point, ...outcome }).toMatchObject({
        point,
        exitCode: 0,
        output: expect.stringMatching(`^Serving now: .*hello:${last} `),
        failedRequests: [],
        answers: [last],
        servingTargets: ['healthy'],
        recorded: 'success',
        changes: CHANGES_OF_ONE_DEPLOY,
        processes: [before, last].sort(),
      });
      expect(outcome.taskSets).toHaveLength(2);
      expect(outcome.taskSets).toContainEqual(standby(outcome.original));
      expect(outcome.taskSets).toContainEqual(serving(outcome.original));
    },
    TIME_LIMIT_MS,
  );

  test(
    '-start-over with another artifact ends with that one, and with nothing of the killed one',
    async () => {
      const outcome = await outcomeOf('start-over', point);
      const { before, killed, last } = outcome.versions;
      const hadSwapped = outcome.survivor !== outcome.original;

      expect({ point, ...outcome }).toMatchObject({
        point,
        exitCode: 0,
        output: expect.stringMatching(`^Serving now: .*hello:${last} `),
        failedRequests: [],
        answers: [last],
        servingTargets: ['healthy'],
        recorded: 'success',
        processes: [hadSwapped ? killed : before, last].sort(),
      });
      expect(outcome.taskSets).toHaveLength(2);
      expect(outcome.taskSets).toContainEqual(standby(outcome.survivor));
      expect(outcome.taskSets).toContainEqual(serving(outcome.survivor));
    },
    TIME_LIMIT_MS,
  );
});

test('users had traffic all the time, and no error', async () => {
  await Promise.all(outcomes.values());

  for (const lane of lanes) {
    const { failed, total } = (await lane).traffic();
    expect(failed).toEqual([]);
    expect(total).toBeGreaterThan(100);
  }
});

const atFullScale = { scalePercent: 100, runningCount: 1 };
const standby = (id: string) => ({ ...atFullScale, id, status: 'ACTIVE', serves: false });
/** A new task set: none that was there before. */
const serving = (before: string) => ({
  ...atFullScale,
  id: expect.not.stringMatching(new RegExp(`^${before}$`)),
  status: 'PRIMARY',
  serves: true,
});
