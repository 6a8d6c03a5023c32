/**
 * Goal: whatever may be wrong with an environment is told, and nothing else is. Method: bring each
 * state about in the sandbox, by hand as somebody would, and read it with the real adapters.
 */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { EnvironmentStatus } from '../../../src/status/environment-status.ts';
import { StatusScene } from './status-scene.ts';

const PLACE = { app: 'web', environment: 'dev' };

let scene: StatusScene;
let serving: string;
let idle: string;
beforeEach(async () => {
  scene = await StatusScene.create({ apps: ['web'], environments: ['dev'], tasks: 2 });
  const tags = { 'deploy-dev-cfg00001': 'success' };
  await scene.artifacts.create('web', { value: 'web:v1', tags });
  await scene.artifacts.create('web', {
    value: 'web:v2',
    tags: { ...tags, ForAutomatedDeploy: 'true' },
  });
  idle = scene.startTaskSet(PLACE, 'green', { build: 1 });
  serving = scene.startTaskSet(PLACE, 'blue', { build: 2, isPrimary: true });
  await scene.pass(120);
});

async function read(): Promise<EnvironmentStatus> {
  const { apps } = await scene.read();
  return apps[0]!.environments[0]!;
}

const codesOf = ({ problems }: EnvironmentStatus) => problems.map(({ code }) => code);

test('an environment as every deploy leaves it is healthy', async () => {
  const overview = await scene.read();

  expect(overview).toStrictEqual({
    health: 'healthy',
    apps: [
      {
        app: 'web',
        latest: 'web:v2',
        environments: [
          {
            environment: 'dev',
            accountId: '111111111111',
            region: 'us-east-1',
            health: 'healthy',
            problems: [],
            errors: [],
            activeColor: 'blue',
            desiredCount: 2,
            taskSets: [
              {
                role: 'serving',
                color: 'blue',
                id: serving,
                status: 'PRIMARY',
                taskDefinition: 'web-dev:2',
                desired: 2,
                running: 2,
                pending: 0,
                steady: true,
                artifact: 'web:v2',
                buildNumber: 2,
                configSha: 'cfg00001',
                outcome: 'success',
              },
              {
                role: 'idle',
                color: 'green',
                id: idle,
                status: 'ACTIVE',
                taskDefinition: 'web-dev:1',
                desired: 2,
                running: 2,
                pending: 0,
                steady: true,
                artifact: 'web:v1',
                buildNumber: 1,
                configSha: 'cfg00001',
                outcome: 'success',
              },
            ],
            targets: { blue: { healthy: 2, unhealthy: 0, initial: 0, unchecked: 0 } },
            idleCost: { tasks: 2, size: { vcpu: 0.5, memoryGb: 1 } },
            lock: { lock: 'web-dev', state: 'free' },
          },
        ],
      },
    ],
  });
});

describe('drift', () => {
  test('when traffic was swapped by hand, PRIMARY does not serve', async () => {
    scene.swap(PLACE);

    const status = await read();

    expect(status).toMatchObject({ health: 'degraded', activeColor: 'green' });
    expect(status.problems).toStrictEqual([
      {
        code: 'primary-not-serving',
        message: `PRIMARY is ${serving} on blue, but green serves.`,
      },
    ]);
    expect(status.taskSets).toMatchObject([
      { role: 'serving', id: idle },
      { role: 'idle', id: serving, status: 'PRIMARY' },
    ]);
  });

  test('when somebody deleted a rule, the colours can not be told', async () => {
    const { Rules } = scene.aws('dev', 'DescribeRules', {
      ListenerArn: scene.listenerOf(PLACE),
    }) as never as { Rules: { RuleArn: string; Priority: string }[] };
    const green = Rules.find(({ Priority }) => Priority === '12')!;
    scene.aws('dev', 'DeleteRule', { RuleArn: green.RuleArn });

    const status = await read();

    expect(codesOf(status)).toStrictEqual(['rules']);
    expect(status.problems[0]!.message).toContain('forwards to the green target group');
    expect(status).not.toHaveProperty('activeColor');
    expect(status.taskSets).toMatchObject([
      { role: 'unknown', color: 'blue', running: 2 },
      { role: 'unknown', color: 'green', running: 2 },
    ]);
  });

  test('when a third version runs on a group, it is named', async () => {
    const third = scene.startTaskSet(PLACE, 'blue', { build: 1 });
    await scene.pass(120);

    const status = await read();

    expect(status.problems).toStrictEqual([
      {
        code: 'several-on-group',
        message: `2 task sets are on blue, which serves: ${serving}, ${third}.`,
      },
    ]);
  });

  test('when a task set is on neither group, it is named', async () => {
    const stray = scene.startTaskSet(PLACE, undefined, {});

    const status = await read();

    expect(codesOf(status)).toStrictEqual(['stray-task-set']);
    expect(status.taskSets).toContainEqual(expect.objectContaining({ id: stray, role: 'stray' }));
  });

  test('when targets of the serving group turn sick, it is told why', async () => {
    const sick = scene.world.region('111111111111', 'us-east-1').elb;
    const group = sick.targetGroups.get(scene.targetGroupOf(PLACE, 'blue'))!;
    const [address] = [...group.targets.values()].map((target) => target.address);
    scene.healthOf = (asked) => (asked === address ? 500 : 200);
    await scene.pass(10);

    const status = await read();

    expect(status.problems[0]).toStrictEqual({
      code: 'unhealthy-targets',
      message:
        '1 of 2 targets of blue, which serves, is unhealthy: Health checks failed with these codes: [500]',
    });
    expect(status.targets?.blue).toMatchObject({ healthy: 1, unhealthy: 1 });
  });

  test('when too few tasks run, they are counted', async () => {
    scene.aws('dev', 'UpdateService', { ...scene.serviceOf(PLACE), desiredCount: 5 });
    await scene.pass(1);

    const status = await read();

    expect(codesOf(status)).toStrictEqual(['too-few-tasks']);
    expect(status.taskSets![0]).toMatchObject({ desired: 5, running: 2 });
  });

  test('when what serves is scaled to nothing, nobody is served', async () => {
    scene.aws('dev', 'UpdateTaskSet', {
      ...scene.serviceOf(PLACE),
      taskSet: serving,
      scale: { value: 0, unit: 'PERCENT' },
    });
    await scene.pass(400);

    expect((await read()).problems).toStrictEqual([
      { code: 'nothing-serves', message: 'No task runs on blue, the active colour.' },
    ]);
  });

  test('when what serves is recorded as failed, it is told', async () => {
    const ref = { projectName: 'web', buildNumber: 2 };
    await scene.artifacts.setTag(ref, 'deploy-dev-cfg00001', 'failure');

    expect(codesOf(await read())).toStrictEqual(['failed-deploy-serves']);
  });

  test('when the service was deleted, it is told', async () => {
    scene.aws('dev', 'DeleteService', { ...scene.serviceOf(PLACE), force: true });
    await scene.pass(1);

    expect(codesOf(await read())[0]).toBe('service');
  });
});

test('a service that was scaled to nothing on purpose is healthy', async () => {
  scene.aws('dev', 'UpdateService', { ...scene.serviceOf(PLACE), desiredCount: 0 });
  await scene.pass(400);

  const status = await read();

  expect(status).toMatchObject({ health: 'healthy', problems: [], desiredCount: 0 });
});

test('a task set on its way out is shown, and nobody minds it', async () => {
  scene.aws('dev', 'DeleteTaskSet', { ...scene.serviceOf(PLACE), taskSet: idle, force: true });
  await scene.pass(1);

  const status = await read();

  expect(status).toMatchObject({ health: 'healthy' });
  expect(status).not.toHaveProperty('idleCost');
  expect(status.taskSets).toMatchObject([
    { role: 'serving' },
    { role: 'idle', id: idle, status: 'DRAINING' },
  ]);
});

test('the health of an idle version is asked for when ECS does not call it steady', async () => {
  scene.healthOf = () => 200;
  const group = scene.world
    .region('111111111111', 'us-east-1')
    .elb.targetGroups.get(scene.targetGroupOf(PLACE, 'green'))!;
  const idleAddresses = [...group.targets.values()].map(({ address }) => address);
  scene.healthOf = (address) => (idleAddresses.includes(address) ? 503 : 200);
  await scene.pass(20);

  const status = await read();

  expect(status.health).toBe('healthy');
  expect(status.taskSets![1]).toMatchObject({ role: 'idle', steady: false });
  expect(status.targets).toHaveProperty('green');
});
