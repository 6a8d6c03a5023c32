/**
 * Goal: a deploy does what its steps promise, and leaves what it promises to leave.
 * Method: the real deployer and adapters in a world on a virtual clock; only the wire is left out.
 */
import { describe, expect, test } from '@jest/globals';
import { decodeCheckpoint } from '../../../src/deploy/checkpoint.ts';
import { BLUE_GREEN_STEPS } from '../../../src/deploy/steps/index.ts';
import { DeployScene } from '../../support/deploy-scene.ts';

const LOCK_KEY = 'hello-dev';

test('the first deploy ends with the new version serving, PRIMARY and recorded', async () => {
  const scene = await DeployScene.create();

  const run = await scene.deploy('aaaa1111');

  expect(run.error).toBeUndefined();
  expect(run.serving).toMatchObject({ artifact: 'hello:v1', color: 'green', runningCount: 2 });
  expect(run.changes).toEqual([
    'RegisterTaskDefinition',
    'CreateTaskSet',
    'SetRulePriorities',
    'UpdateServicePrimaryTaskSet',
  ]);
  const artifact = await scene.artifacts.get({ projectName: 'hello', buildNumber: 1 });
  expect(artifact.tags).toMatchObject({ 'deploy-dev-cfg00001': 'success' });
});

test('colours alternate, and the version before stays ACTIVE at its scale', async () => {
  const scene = await DeployScene.create();
  await scene.deploy('aaaa1111');
  const [original] = await scene.taskSets();

  const run = await scene.deploy('bbbb2222');

  expect(run.serving).toMatchObject({ artifact: 'hello:v2', color: 'blue' });
  const sets = await scene.taskSets();
  expect(sets).toHaveLength(2);
  expect(sets.find(({ id }) => id === original?.id)).toMatchObject({
    status: 'ACTIVE',
    scalePercent: 100,
    runningCount: 2,
  });
  expect(sets.find(({ id }) => id === run.serving?.taskSetId)).toMatchObject({ status: 'PRIMARY' });
});

test('the third deploy removes the first one, scaling it down before it is deleted', async () => {
  const scene = await DeployScene.create();
  await scene.deploy('aaaa1111');
  const [first] = await scene.taskSets();
  await scene.deploy('bbbb2222');

  const run = await scene.deploy('cccc3333');

  expect(run.serving).toMatchObject({ artifact: 'hello:v3', color: 'green' });
  expect(run.changes.slice(0, 2)).toEqual(['UpdateTaskSet', 'DeleteTaskSet']);
  const scaledDown = scene.client.changes.find(({ operation }) => operation === 'UpdateTaskSet');
  expect(scaledDown?.input).toMatchObject({ taskSet: first?.id, scale: { value: 0 } });
  expect((await scene.taskSets()).map(({ id }) => id)).not.toContain(first?.id);
});

test('the stale task set has stopped all its tasks before it is deleted', async () => {
  const scene = await DeployScene.create();
  await scene.deploy('aaaa1111');
  await scene.deploy('bbbb2222');
  let runningAtDeletion = -1;
  scene.client.onCall = ({ operation }) => {
    // Two tasks of v2 serve; those of v1 must be gone by then.
    if (operation === 'DeleteTaskSet') runningAtDeletion = scene.runtime.running().length;
  };

  await scene.deploy('cccc3333');

  expect(runningAtDeletion).toBe(2);
});

test('every step that changes something has been checkpointed before its first change', async () => {
  const scene = await DeployScene.create();
  await scene.deploy('aaaa1111');
  await scene.deploy('bbbb2222');
  const steps: Record<string, number> = {};
  scene.client.onCall = ({ isRead, operation }) => {
    if (!isRead) steps[operation] ??= scene.checkpoint(LOCK_KEY).step;
  };

  await scene.deploy('cccc3333');

  expect(steps).toEqual({
    UpdateTaskSet: 4,
    DeleteTaskSet: 4,
    RegisterTaskDefinition: 5,
    CreateTaskSet: 6,
    SetRulePriorities: 9,
    UpdateServicePrimaryTaskSet: 10,
  });
});

test('the lock ends released, with a checkpoint that says done', async () => {
  const scene = await DeployScene.create();

  await scene.deploy('aaaa1111');

  const item = scene.lockStore.item(LOCK_KEY);
  expect(item).toMatchObject({ isReleased: { S: '1' }, leaseDuration: { S: '0' } });
  expect(scene.checkpoint(LOCK_KEY)).toMatchObject({
    done: true,
    step: 13,
    newActiveColor: 'green',
    artifact: { value: 'hello:v1' },
  });
});

test('the checkpoint has all six members of the original tool at each write', async () => {
  const scene = await DeployScene.create();

  await scene.deploy('aaaa1111');

  expect(scene.lockStore.history.length).toBeGreaterThan(8);
  for (const item of scene.lockStore.history) {
    const blob = JSON.parse(new TextDecoder().decode(item['data']?.B)) as object;
    expect(Object.keys(blob).slice(0, 6)).toEqual([
      'Artifact',
      'ConfigSHA',
      'NewTaskSetID',
      'NewActiveColor',
      'Done',
      'Step',
    ]);
    expect(() => decodeCheckpoint(item['data']?.B ?? new Uint8Array())).not.toThrow();
  }
});

test('the task set carries an external id, and the token of its creation is in no way random', async () => {
  const scene = await DeployScene.create();
  scene.client.faultFor = ({ operation }, nth) =>
    operation === 'CreateTaskSet' && nth === 1 ? 'lost-answer' : undefined;

  const run = await scene.deploy('aaaa1111');

  expect(run.error).toBeUndefined();
  const [first, second] = scene.client.changes.filter(
    ({ operation }) => operation === 'CreateTaskSet',
  );
  expect(first?.input['clientToken']).toMatch(/^[\x21-\x7e]{36}$/);
  expect(second?.input['clientToken']).toBe(first?.input['clientToken']);
  expect(await scene.taskSets()).toHaveLength(1);
  expect((await scene.taskSets())[0]?.externalId).toBe(
    `${scene.checkpoint(LOCK_KEY).own?.deployId}.1`,
  );
});

describe('an answer that is lost', () => {
  test.each(['SetRulePriorities', 'UpdateServicePrimaryTaskSet', 'UpdateTaskSet', 'DeleteTaskSet'])(
    'to %s is no obstacle: what AWS shows counts',
    async (lost) => {
      const scene = await DeployScene.create();
      await scene.deploy('aaaa1111');
      await scene.deploy('bbbb2222');
      const before = scene.client.changes.length;
      let isLost = false;
      scene.client.faultFor = ({ operation }) => {
        if (operation !== lost || isLost) return undefined;
        isLost = true;
        return 'lost-answer';
      };

      const run = await scene.deploy('cccc3333');

      expect(run.error).toBeUndefined();
      expect(run.serving).toMatchObject({ artifact: 'hello:v3', color: 'green' });
      const made = scene.client.changes.slice(before).map(({ operation }) => operation);
      expect(made.filter((operation) => operation === lost)).toHaveLength(1);
    },
  );

  test.each([
    'DescribeServices',
    'DescribeTaskSets',
    'DescribeRules',
    'SetRulePriorities',
    'UpdateServicePrimaryTaskSet',
  ])('%s that is throttled during the deploy is repeated', async (throttled) => {
    const scene = await DeployScene.create();
    await scene.deploy('aaaa1111');
    let armed = false;
    let left = 2;
    scene.client.faultFor = ({ operation }) => {
      if (!armed || operation !== throttled || left === 0) return undefined;
      left -= 1;
      return 'throttled';
    };

    const run = await scene.deploy('bbbb2222', {
      // From the rollout on there are loops that look again.
      onEvent: (event) => {
        armed ||= event.type === 'step.started' && event.number === 7;
      },
    });

    expect(run.error).toBeUndefined();
    expect(left).toBe(0);
    expect(run.serving).toMatchObject({ artifact: 'hello:v2' });
  });
});

test('commands run before and after, each once, and know the deploy and the task definition', async () => {
  const scene = await DeployScene.create();
  Object.assign(scene.appConfig(), {
    PreDeployCommandTemplates: [
      { Program: 'queue', Arguments: ['-env', '{{.Environment}}', 'stop'] },
    ],
    PostDeployCommandTemplates: [{ Program: 'queue', Arguments: ['{{.TaskDefinition}}', 'start'] }],
  });
  const changesAt: number[] = [];
  const environments: unknown[] = [];
  scene.onCommand = (_command, { environment }) => {
    changesAt.push(scene.client.changes.length);
    environments.push(environment);
  };

  const run = await scene.deploy('aaaa1111');

  expect(run.error).toBeUndefined();
  expect(scene.commands).toEqual(['queue -env dev stop', 'queue hello-dev:1 start']);
  expect(changesAt).toEqual([0, 4]);
  const { deployId } = scene.checkpoint(LOCK_KEY).own ?? {};
  const expected = { ECS_DEPLOY_ID: deployId, ECS_DEPLOY_ATTEMPT: '1' };
  expect(environments).toEqual([expected, expected]);
});

test('-skip-pre-post skips them', async () => {
  const scene = await DeployScene.create();
  Object.assign(scene.appConfig(), {
    PreDeployCommandTemplates: [{ Program: 'a', Arguments: [] }],
    PostDeployCommandTemplates: [{ Program: 'b', Arguments: [] }],
  });

  const run = await scene.deploy('aaaa1111', { skipCommands: true });

  expect(run.error).toBeUndefined();
  expect(scene.commands).toEqual([]);
});

test('no step calls anything that it does not declare, fresh or resumed', async () => {
  const undeclared = new Set<string>();
  const scene = await DeployScene.create();
  const deploy = async (sha: string, mode: 'deploy' | 'resume') => {
    let calls: string[] = [];
    scene.client.onCall = ({ operation }) => calls.push(operation);
    return scene.deploy(sha, {
      mode,
      // What is called before a step begins is its question whether it is done.
      onEvent: (event) => {
        if (event.type !== 'step.finished' && event.type !== 'step.skipped') return;
        const step = BLUE_GREEN_STEPS.find(({ number }) => number === event.number);
        const declared = [...(step?.reads ?? []), ...(step?.changes ?? [])];
        for (const operation of calls) {
          if (!declared.some((action) => action.endsWith(`:${operation}`))) {
            undeclared.add(`${event.name}: ${operation}`);
          }
        }
        calls = [];
      },
    });
  };

  scene.client.onCall = () => {};
  await scene.deploy('aaaa1111');
  await deploy('bbbb2222', 'deploy');
  await deploy('cccc3333', 'deploy');
  for (const operation of ['RegisterTaskDefinition', 'CreateTaskSet', 'SetRulePriorities']) {
    await scene.crashAt(operation, 'aaaa1111', { isDone: true });
    expect((await deploy('aaaa1111', 'resume')).error).toBeUndefined();
  }

  expect([...undeclared].filter((call) => !PREFLIGHT.test(call))).toEqual([]);
});

/** The first step that ends is handed what was read before the lock was taken, too. */
const PREFLIGHT = /^run-pre-deploy-commands: (DescribeRules|DescribeServices|DescribeTaskSets)$/;
