/**
 * Goal: each thing that is wrong is told with what one has to know, and what is not wrong is not told.
 * What the sandbox can bring about is tested there: test/sandbox/status.
 */
import { describe, expect, test } from '@jest/globals';
import type { TaskSet } from '../../../src/deploy/model.ts';
import { type Facts, problemsOf } from '../../../src/status/problems.ts';
import type { Version } from '../../../src/status/versions.ts';

function version(color: 'blue' | 'green', changes: Partial<TaskSet> = {}): Version {
  return {
    color,
    configSha: 'cfg',
    buildNumber: 1,
    artifact: undefined,
    outcome: 'success',
    taskSet: {
      id: `ecs-svc/${color}`,
      arn: `arn:${color}`,
      status: color === 'blue' ? 'PRIMARY' : 'ACTIVE',
      taskDefinitionArn: 'arn:aws:ecs:us-east-1:123456789012:task-definition/web:1',
      targetGroupArns: [`tg-${color}`],
      scalePercent: 100,
      computedDesiredCount: 2,
      runningCount: 2,
      pendingCount: 0,
      isSteady: true,
      ...changes,
    },
  };
}

const HEALTHY: Facts = {
  running: [version('blue'), version('green')],
  service: { arn: 's', status: 'ACTIVE', controller: 'EXTERNAL', desiredCount: 2, taskSets: [] },
  activeColor: 'blue',
  targets: { healthy: 2, unhealthy: 0, initial: 0, unchecked: 0 },
  lock: { lock: 'web-dev', state: 'free' },
};

const told = (changes: Partial<Facts>) =>
  problemsOf({ ...HEALTHY, ...changes }).map(({ code, message }) => `${code}: ${message}`);

test('nothing is wrong with what every deploy leaves', () => {
  expect(told({})).toStrictEqual([]);
});

test('what could not be read is judged by nobody', () => {
  expect(problemsOf({})).toStrictEqual([]);
});

describe('targets', () => {
  const none = { healthy: 0, unhealthy: 0, initial: 0, unchecked: 0 };
  test.each([
    [
      { ...none, unhealthy: 2, reason: 'Request timed out' },
      'unhealthy-targets: No target of blue, which serves, is healthy: Request timed out',
    ],
    [none, 'unhealthy-targets: No target of blue, which serves, is healthy.'],
    [
      { ...none, healthy: 1, unhealthy: 2 },
      'unhealthy-targets: 2 of 3 targets of blue, which serves, are unhealthy.',
    ],
  ])('%j are a problem', (targets, expected) => {
    expect(told({ targets })).toStrictEqual([expected]);
  });

  test.each([
    [{ ...none, healthy: 2, initial: 1 }], // It is being scaled out.
    [{ ...none, unchecked: 2 }], // Nobody checks, as configured.
  ])('%j are none', (targets) => {
    expect(told({ targets })).toStrictEqual([]);
  });
});

describe('what serves', () => {
  test('is named with what is on the way', () => {
    const running = [version('blue', { runningCount: 1, pendingCount: 1 })];

    expect(told({ running })).toStrictEqual([
      'too-few-tasks: 1 of 2 tasks run in ecs-svc/blue, which serves; 1 more on the way.',
    ]);
  });

  test('is told when it was scaled down', () => {
    const running = [
      version('blue', { scalePercent: 50, computedDesiredCount: 1, runningCount: 1 }),
    ];

    expect(told({ running })).toStrictEqual([
      'scaled-down: ecs-svc/blue, which serves, is scaled to 50 %.',
    ]);
  });

  test('is asked for by name when only the idle colour runs', () => {
    expect(told({ running: [version('green', { status: 'PRIMARY' })] })).toStrictEqual([
      'nothing-serves: No task set is on blue, the active colour.',
      'primary-not-serving: PRIMARY is ecs-svc/green on green, but blue serves.',
    ]);
  });

  test('needs a service that is active', () => {
    const service = { ...HEALTHY.service!, status: 'DRAINING' };

    expect(told({ service, running: [] })).toStrictEqual(['service: The service is DRAINING.']);
  });
});

test('a service may have no PRIMARY, and should', () => {
  expect(told({ running: [version('blue', { status: 'ACTIVE' })] })).toStrictEqual([
    'primary-not-serving: No task set is PRIMARY.',
  ]);
});

test('an idle version may run too few tasks', () => {
  const running = [version('blue'), version('green', { runningCount: 0 })];

  expect(told({ running })).toStrictEqual([]);
});

describe('a lock', () => {
  const deploy = {
    artifact: 'web:v2',
    buildNumber: 2,
    configSha: 'cfg',
    step: 13,
    tool: 'another',
  } as const;

  test('that a finished deploy left behind is told as such', () => {
    const lock = { lock: 'web-dev', state: 'silent', deploy: { ...deploy, done: true } } as const;

    expect(told({ lock })).toStrictEqual([
      'unfinished-deploy: The deploy of web:v2 is done, but never freed its lock.',
    ]);
  });

  test('that says nothing of its deploy is a decision all the same', () => {
    expect(told({ lock: { lock: 'web-dev', state: 'yielded' } })).toStrictEqual([
      'unfinished-deploy: A deploy stopped, and waits for a decision.',
    ]);
  });

  test('whose deploy is at work excuses two versions on the idle colour, but not on the active one', () => {
    const lock = { lock: 'web-dev', state: 'live' } as const;
    const idle = [version('blue'), version('green'), version('green')];
    const active = [version('blue'), version('blue')];

    expect(told({ lock, running: idle })).toStrictEqual([]);
    expect(told({ running: idle })).toHaveLength(1);
    expect(told({ lock, running: active })).toStrictEqual([
      'several-on-group: 2 task sets are on blue, which serves: ecs-svc/blue, ecs-svc/blue.',
    ]);
  });
});
