/**
 * Goal: each condition that readiness for traffic depends on is asked for by itself.
 * Method: ports that show a task set that is ready, with one fact changed at a time.
 */
import { expect, test } from '@jest/globals';
import type { Service, Target, Task, TaskSet } from '../../../src/deploy/model.ts';
import { expectedCount, readReadiness } from '../../../src/deploy/readiness.ts';
import type { DeployContext } from '../../../src/deploy/step.ts';

interface Shown {
  readonly desiredCount: number;
  readonly taskSet: TaskSet | undefined;
  readonly inService: readonly TaskSet[];
  readonly targets: readonly Target[];
  readonly tasks: readonly Task[];
}

const READY_SET: TaskSet = {
  id: 'ecs-svc/1',
  arn: 'arn:aws:ecs:us-east-1:111111111111:task-set/c/s/ecs-svc/1',
  status: 'ACTIVE',
  taskDefinitionArn: 'arn:aws:ecs:us-east-1:111111111111:task-definition/hello:1',
  targetGroupArns: ['group-green'],
  scalePercent: 100,
  computedDesiredCount: 2,
  runningCount: 2,
  pendingCount: 0,
  isSteady: true,
};

const HEALTHY: readonly Target[] = [
  { address: '10.0.0.1', port: 8080, state: 'healthy' },
  { address: '10.0.0.2', port: 8080, state: 'healthy' },
];

const READY: Shown = {
  desiredCount: 2,
  taskSet: READY_SET,
  inService: [READY_SET],
  targets: HEALTHY,
  tasks: [
    { arn: 'task/1', lastStatus: 'RUNNING', address: '10.0.0.1' },
    { arn: 'task/2', lastStatus: 'RUNNING', address: '10.0.0.2' },
  ],
};

function read(change: Partial<Shown> & { set?: Partial<TaskSet> }) {
  const shown = { ...READY, ...change };
  const taskSet = shown.taskSet && { ...shown.taskSet, ...change.set };
  const service: Service = {
    arn: 'arn',
    status: 'ACTIVE',
    controller: 'EXTERNAL',
    desiredCount: shown.desiredCount,
    taskSets: shown.inService,
  };
  const context = {
    plan: { targetGroupArns: { blue: 'group-blue', green: 'group-green' } },
    checkpoint: { current: { newActiveColor: 'green', newTaskSetId: 'ecs-svc/1' } },
    aws: {
      service: { describe: async () => service, taskSet: async () => taskSet },
      targets: { describe: async (arn: string) => (arn === 'group-green' ? shown.targets : []) },
      tasks: { running: async () => shown.tasks },
    },
  };
  return readReadiness(context as unknown as DeployContext);
}

test('a task set of which everything is as it must be is ready', async () => {
  expect(await read({})).toEqual({ isReady: true, tasks: 2 });
});

test('a set that only the service shows is taken from there', async () => {
  expect(await read({ taskSet: undefined })).toEqual({ isReady: true, tasks: 2 });
});

test.each<[string, Partial<Shown> & { set?: Partial<TaskSet> }, RegExp]>([
  [
    'the service wants no task',
    { desiredCount: 0, set: { computedDesiredCount: 0, runningCount: 0 }, tasks: [], targets: [] },
    /desired count is 0/,
  ],
  [
    'ECS has not computed the count anew',
    { desiredCount: 3 },
    /to want 3 tasks \(it still computes 2\)/,
  ],
  ['too few tasks run', { set: { runningCount: 1 } }, /1 of 2 tasks running/],
  ['too many tasks run', { set: { runningCount: 3 } }, /3 of 2 tasks running/],
  ['a task is pending', { set: { pendingCount: 1 } }, /1 pending/],
  ['ECS does not call it steady', { set: { isSteady: false } }, /not call it steady/],
  [
    'a target is unhealthy',
    {
      targets: [
        HEALTHY[0]!,
        { ...HEALTHY[1]!, state: 'unhealthy', description: 'Request timed out' },
      ],
    },
    /10\.0\.0\.2:8080 is unhealthy: Request timed out/,
  ],
  [
    'a target is still initial',
    { targets: [HEALTHY[0]!, { ...HEALTHY[1]!, state: 'initial' }] },
    /1 of 2 targets healthy/,
  ],
  ['a task has no target yet', { targets: [HEALTHY[0]!] }, /1 of 2 targets healthy/],
  ['no task has a target', { targets: [] }, /0 of 2 targets healthy/],
  [
    'a target is no task of the set',
    { targets: [...HEALTHY, { address: '10.0.0.9', port: 8080, state: 'healthy' }] },
    /10\.0\.0\.9:8080 .*no running task of the new task set/,
  ],
  [
    'another set is attached to the same group',
    { inService: [READY_SET, { ...READY_SET, id: 'ecs-svc/9' }] },
    /task set ecs-svc\/9, which is not of this deploy/,
  ],
  [
    'it is attached to the other group',
    { set: { targetGroupArns: ['group-blue'] } },
    /to be attached to group-green/,
  ],
])('it is not ready when %s', async (when, change, why) => {
  expect(await read(change)).toMatchObject({
    isReady: false,
    isGone: false,
    isSick: /unhealthy|no target yet|no task has a target/.test(when),
    why: expect.stringMatching(why),
  });
});

test('what is not ready tells how many are healthy of how many that are wanted', async () => {
  expect(await read({ desiredCount: 3 })).toMatchObject({ healthy: 2, wanted: 3 });
});

test('a target that can never get traffic explains itself', async () => {
  const unused = { ...HEALTHY[1]!, state: 'unused', description: 'Target group is not configured' };

  expect(await read({ targets: [HEALTHY[0]!, unused] })).toMatchObject({
    why: expect.stringContaining('10.0.0.2:8080 is unused: Target group is not configured'),
  });
});

test('a target that drains belongs to the past and is no obstacle', async () => {
  const draining = { address: '10.0.0.9', port: 8080, state: 'draining' };

  expect(await read({ targets: [...HEALTHY, draining] })).toMatchObject({ isReady: true });
});

test.each<[string, Partial<Shown>]>([
  ['is shown nowhere', { taskSet: undefined, inService: [] }],
  ['is being deleted', { taskSet: { ...READY_SET, status: 'DRAINING' } }],
])('a set that %s is gone', async (_how, change) => {
  expect(await read(change)).toMatchObject({ isReady: false, isGone: true });
});

test.each([
  [100, 7, 7],
  [3, 1, 1],
  [10, 25, 3],
  [2, 100, 2],
  [5, 0, 0],
])('%i tasks at %i %% are %i, rounded up as ECS does', (desired, percent, expected) => {
  expect(expectedCount(desired, percent)).toBe(expected);
});
