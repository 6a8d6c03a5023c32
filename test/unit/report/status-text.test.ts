import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { lineText } from '../../../src/report/status-cells.ts';
import { statusLines } from '../../../src/report/status-text.ts';
import type { EnvironmentStatus } from '../../../src/status/environment-status.ts';
import type { Overview } from '../../../src/status/overview.ts';
import { CUT_OFF, HEALTHY, overviewOf, SERVING, UNREAD, WORDING } from './status-scenes.ts';

function textOf(overview: Overview, useColor = false): string {
  return statusLines(overview, WORDING)
    .map((line) => lineText(line, { useColor }))
    .join('\n');
}

test('of one app everything is told, what is wrong before what runs', () => {
  expect(textOf(overviewOf(HEALTHY, CUT_OFF, UNREAD))).toMatchInlineSnapshot(`
"Newest build of hello: hello:v3

hello dev  ✓ healthy  account 111111111111, us-east-1
  serving  green  hello:v2  config cfg00001  2/2 tasks  2/2 healthy  PRIMARY  hello-dev:2  recorded success
  idle     blue   hello:v1  config cfg00001  2/2 tasks  steady       ACTIVE   hello-dev:1  recorded success
  lock     free
  cost     2 tasks run idle: 0.5 vCPU, 1 GB

hello prod  ✗ degraded  account 111111111111, us-east-1
  ! 1 of 2 targets of green, which serves, is unhealthy: Request timed out
  ! The deploy of hello:v2 was cut off at step 9.
    To finish it: ecs-deploy -app hello -env prod -config c.json -config-sha cfg00001 -resume
    To begin anew: ecs-deploy -app hello -env prod -sha bbbb2222 -config c.json -start-over
  serving  green  hello:v2  config cfg00001  1/2 tasks (1 pending)  1/2 healthy  ACTIVE   hello-dev:2  recorded failure
  idle     blue   hello:v1  config cfg00001  2/2 tasks              not steady   PRIMARY  hello-dev:1  recorded success
  lock     silent: hello:v2, config cfg00001, at step 9 (process 4711 on build-3, https://ci.example/jobs/99, since 2 min 5 s)
  cost     2 tasks run idle: 0.5 vCPU, 1 GB

hello test  ? unknown  account 222222222222, us-east-1
  ? The task sets can't be read: ecs:DescribeServices: not you
    Ask Ann.
  lock     on hold: Migration (ann, since 3 h 4 min)

3 environments: 1 healthy, 1 degraded, 1 unknown. 4 tasks run idle: 1 vCPU, 2 GB."
`);
});

test('of several apps each environment has a line, and those that are not healthy a block', () => {
  const { apps } = overviewOf(HEALTHY, CUT_OFF);
  const other = { app: 'a-longer-name', environments: [UNREAD, { ...HEALTHY, taskSets: [] }] };

  expect(textOf({ health: 'degraded', apps: [...apps, other] })).toMatchInlineSnapshot(`
"APP            ENV   HEALTH      SERVING            CONFIG    TASKS            TARGETS      IDLE          LOCK
hello          dev   ✓ healthy   green    hello:v2  cfg00001  2/2              2/2 healthy  hello:v1 2/2  free
hello          prod  ✗ degraded  green    hello:v2  cfg00001  1/2 (1 pending)  1/2 healthy  hello:v1 2/2  silent, step 9
a-longer-name  test  ? unknown   -        -         -         -                -            -             hold
a-longer-name  dev   ✓ healthy   green    nothing   -         -                -            -             free

hello prod  ✗ degraded  account 111111111111, us-east-1
  ! 1 of 2 targets of green, which serves, is unhealthy: Request timed out
  ! The deploy of hello:v2 was cut off at step 9.
    To finish it: ecs-deploy -app hello -env prod -config c.json -config-sha cfg00001 -resume
    To begin anew: ecs-deploy -app hello -env prod -sha bbbb2222 -config c.json -start-over
  serving  green  hello:v2  config cfg00001  1/2 tasks (1 pending)  1/2 healthy  ACTIVE   hello-dev:2  recorded failure
  idle     blue   hello:v1  config cfg00001  2/2 tasks              not steady   PRIMARY  hello-dev:1  recorded success
  lock     silent: hello:v2, config cfg00001, at step 9 (process 4711 on build-3, https://ci.example/jobs/99, since 2 min 5 s)
  cost     2 tasks run idle: 0.5 vCPU, 1 GB

a-longer-name test  ? unknown  account 222222222222, us-east-1
  ? The task sets can't be read: ecs:DescribeServices: not you
    Ask Ann.
  lock     on hold: Migration (ann, since 3 h 4 min)

4 environments: 2 healthy, 1 degraded, 1 unknown. 6 tasks run idle: 1.5 vCPU, 3 GB."
`);
});

test('what many environments have in common is told once', () => {
  const names = ['a', 'b', 'c', 'd'];
  const apps = names.map((app) => ({ app, environments: [UNREAD] }));

  const text = textOf({ health: 'unknown', apps });

  expect(text.match(/not you/g)).toHaveLength(1);
  expect(text).toContain("? The task sets of 4 environments can't be read: ecs:Desc");
  expect(text).toContain('Ask Ann.');
});

describe('an environment', () => {
  const { artifact: _artifact, ...unnamed } = SERVING;
  const variants: [string, Partial<EnvironmentStatus>, string][] = [
    ['without a task set', { taskSets: [] }, 'serving  green  nothing'],
    [
      'scaled to nothing',
      { taskSets: [], desiredCount: 0 },
      'serving  green  nothing: the service is scaled to 0',
    ],
    [
      'with a task set on its way out',
      { taskSets: [{ ...SERVING, role: 'idle', status: 'DRAINING' }] },
      'leaving  green',
    ],
    ['with a version that only its build names', { taskSets: [unnamed] }, 'green  build 2'],
    [
      'with new targets',
      { targets: { green: { healthy: 1, unhealthy: 0, initial: 1, unchecked: 0 } } },
      '1/2 healthy (1 new)',
    ],
    [
      'whose idle tasks are of unknown size',
      { idleCost: { tasks: 1 } },
      'cost     1 task runs idle\n',
    ],
    [
      'whose lock another tool has',
      {
        lock: {
          lock: 'hello-dev',
          state: 'live',
          owner: 'gopher',
          deploy: {
            artifact: 'hello:v3',
            buildNumber: 3,
            configSha: 'c',
            step: 7,
            done: false,
            tool: 'another',
          },
        },
      },
      'lock     live: hello:v3, config c, at step 7 (gopher, another tool)',
    ],
  ];
  test.each(variants)('%s is worded so', (_, changes, expected) => {
    expect(textOf(overviewOf({ ...HEALTHY, ...changes }))).toContain(expected);
  });
});

test('colours change nothing but the colour', () => {
  const overview = overviewOf(HEALTHY, CUT_OFF, UNREAD);

  const coloured = textOf(overview, true);

  expect(coloured).toContain('\u001B[31m✗ degraded');
  const plain = stripVTControlCharacters(coloured).replace(/ +$/gm, '');
  expect(plain).toBe(textOf(overview));
});

test('nothing from a table or from AWS can move the cursor or pass for a line of ours', () => {
  const nasty = 'x\u001B[2J\nhello dev  ✓ healthy\u202E';
  const overview = overviewOf({
    ...HEALTHY,
    problems: [{ code: 'rules', message: nasty }],
    errors: [{ what: 'lock', message: nasty, hint: nasty }],
    taskSets: [{ ...SERVING, artifact: nasty, configSha: nasty }],
    lock: {
      lock: nasty,
      state: 'hold',
      hold: { reason: nasty, by: nasty, since: nasty, wasFree: true },
    },
  });

  for (const text of [
    textOf(overview),
    textOf({ ...overview, apps: [...overview.apps, ...overview.apps] }),
  ]) {
    expect(stripVTControlCharacters(text)).toBe(text);
    expect(text).not.toContain('\u202E');
    expect(text).not.toMatch(/^hello dev {2}✓ healthy$/m);
  }
});
