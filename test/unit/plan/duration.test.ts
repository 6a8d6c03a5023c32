import { expect, test } from '@jest/globals';
import type { TaskSet } from '../../../src/deploy/model.ts';
import { durationOf, type DurationInput, plainTime } from '../../../src/plan/duration.ts';

const GROUPS = { blue: 'blue', green: 'green' };

/** A deploy that has everything ahead, removes nothing and bakes not; each test says what differs. */
function duration(changes: Partial<DurationInput> = {}) {
  return durationOf({
    ahead: new Set([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]),
    takeOverSeconds: 0,
    removed: [],
    newColor: 'green',
    targetGroupArns: GROUPS,
    groups: new Map([
      ['blue', { intervalSeconds: 10, healthyThreshold: 3, deregistrationDelaySeconds: 120 }],
      ['green', { intervalSeconds: 10, healthyThreshold: 3, deregistrationDelaySeconds: 60 }],
    ]),
    preCommands: 0,
    postCommands: 0,
    stopSeconds: 30,
    timeouts: { rolloutMs: 900_000, removalMs: 600_000, commandMs: 300_000 },
    bakeMs: 0,
    ...changes,
  });
}

function taskSet(changes: Partial<TaskSet> = {}): TaskSet {
  return {
    id: 'ecs-svc/1',
    arn: 'arn',
    status: 'ACTIVE',
    taskDefinitionArn: 'arn',
    targetGroupArns: ['green'],
    scalePercent: 100,
    computedDesiredCount: 2,
    runningCount: 2,
    pendingCount: 0,
    isSteady: true,
    ...changes,
  };
}

test('a rollout lasts from one start with one good check to a slow one with as many as the threshold', () => {
  expect(duration()).toEqual({
    least: 20,
    most: 90 + 3 * 10 + 10,
    deadline: 900,
    parts: [
      {
        step: 7,
        least: 20,
        most: 130,
        deadline: 900,
        why: 'tasks start in 20 to 90 s as a rule; healthy after 1 to 3 checks, one every 10 s',
      },
    ],
  });
});

test('only what is ahead takes time', () => {
  expect(duration({ ahead: new Set([10, 13]), bakeMs: 60_000 })).toEqual({
    least: 0,
    most: 0,
    deadline: 0,
    parts: [],
  });
});

test('tasks that were started before may be ready at once', () => {
  expect(duration({ ahead: new Set([7]) }).parts[0]).toMatchObject({ least: 0, most: 130 });
});

test('several are removed at once: the longest delay counts, with the time to stop', () => {
  const removed = [taskSet(), taskSet({ targetGroupArns: ['blue'] })];

  expect(duration({ removed }).parts[0]).toEqual({
    step: 4,
    least: 120,
    most: 120 + 30 + 20,
    deadline: 1_200,
    why: 'deregistration delay 120 s, then up to 30 s to stop',
  });
});

test('what drains already may be through in a moment', () => {
  const removed = [taskSet({ status: 'DRAINING' })];

  expect(duration({ removed }).parts[0]).toMatchObject({ least: 0, most: 110 });
});

test('what has no task goes quickly', () => {
  const removed = [taskSet({ runningCount: 0 })];

  expect(duration({ removed }).parts[0]).toMatchObject({ least: 0, most: 10 });
});

test('what could not be read leaves the end open', () => {
  const { parts, least, most } = duration({ groups: new Map(), removed: [taskSet()] });

  expect(parts.map((part) => 'most' in part)).toEqual([false, false]);
  expect({ least, most }).toEqual({ least: 20, most: 20 });
});

test('commands take as long as they take, up to their deadline', () => {
  const { parts, least, most, deadline } = duration({ preCommands: 2, postCommands: 1 });

  expect({ least, most, deadline }).toEqual({ least: 20, most: 130, deadline: 900 + 3 * 300 });
  expect(parts.map(({ step, why }) => ({ step, why }))).toEqual([
    { step: 2, why: 'what 2 commands take, at most 5 min each' },
    { step: 7, why: expect.any(String) },
    { step: 12, why: 'what 1 command takes, at most 5 min each' },
  ]);
});

test('bake time and a lock to be taken over are added', () => {
  expect(duration({ bakeMs: 300_000, takeOverSeconds: 10 })).toMatchObject({
    least: 320,
    most: 130 + 302 + 10,
    deadline: 900 + 302 + 10,
  });
});

test('times are told as a person would', () => {
  expect([30, 60, 119, 120, 150, 900].map(plainTime)).toEqual([
    '30 s',
    '60 s',
    '119 s',
    '2 min',
    '150 s',
    '15 min',
  ]);
});
