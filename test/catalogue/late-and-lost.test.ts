/**
 * Goal: the faults of the catalogue that no other test is about.
 * Method: as the other tests of whole deploys: the real deployer and adapters on a virtual clock.
 */
import { expect, test } from '@jest/globals';
import { EXIT } from '../../src/errors.ts';
import { DeployScene } from '../support/deploy-scene.ts';
import { sdkError } from '../support/direct-client.ts';

const SERVICE = { cluster: 'hello-dev', service: 'hello-dev' };

/** A scene in which v1 serves on green. */
async function servingV1(options: Parameters<typeof DeployScene.create>[0] = {}) {
  const scene = await DeployScene.create(options);
  const { serving } = await scene.deploy('aaaa1111');
  return { scene, original: serving?.taskSetId ?? '' };
}

/** Creates a task set of v1 by hand, as somebody else would. */
async function createTaskSet(scene: DeployScene, color: 'blue' | 'green'): Promise<void> {
  const { TargetGroupARNs } = scene.environmentConfig() as {
    TargetGroupARNs: Record<string, string>;
  };
  await scene.thirdParty('CreateTaskSet', {
    ...SERVICE,
    taskDefinition: 'hello-dev:1',
    launchType: 'FARGATE',
    scale: { value: 100, unit: 'PERCENT' },
    loadBalancers: [
      { targetGroupArn: TargetGroupARNs[color], containerName: 'hello', containerPort: 8080 },
    ],
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  });
}

/** Everything between here and AWS is down for so long, from the step on. */
function outage(scene: DeployScene, step: number, forMs: number) {
  return (event: { readonly type: string; readonly number?: number }) => {
    if (event.type !== 'step.started' || event.number !== step) return;
    const endMs = scene.clock.monotonicMs() + forMs;
    scene.client.faultFor = () => (scene.clock.monotonicMs() < endMs ? 'lost-request' : undefined);
  };
}

test('a swap that AWS goes on refusing ends before traffic moved, and can be resumed', async () => {
  const { scene, original } = await servingV1();
  scene.client.faultFor = ({ operation }) =>
    operation === 'SetRulePriorities' ? 'throttled' : undefined;

  const failed = await scene.deploy('bbbb2222');
  scene.client.faultFor = () => undefined;
  const run = await scene.deploy(undefined, { mode: 'resume' });

  expect(failed.error).toMatchObject({ exitCode: EXIT.failedBeforeSwap });
  expect(failed.error?.message).toMatch(/SetRulePriorities/);
  expect(failed.events.at(-1)).toMatchObject({ serving: { taskSetId: original } });
  expect(failed.changes.length).toBeGreaterThan(10); // It did not give up at once.
  expect(run.serving).toMatchObject({ artifact: 'hello:v2' });
});

test.each([5, 30])('reads that lag %d s behind lead to one task set and one swap', async (lag) => {
  const scene = await DeployScene.create({ settings: { staleReadSeconds: lag } });
  await scene.deploy('aaaa1111');
  await scene.clock.advance(60_000);

  const run = await scene.deploy('bbbb2222');

  expect(run.error).toBeUndefined();
  expect(run.changes.filter((each) => each === 'CreateTaskSet')).toHaveLength(1);
  await scene.clock.advance(60_000);
  expect(await scene.taskSets()).toMatchObject([{ scalePercent: 100 }, { scalePercent: 100 }]);
  expect((await scene.rules()).map(({ priority }) => priority)).toEqual([11, 12]);
});

test('a target group that is not attached to the load balancer yet is waited for', async () => {
  const { scene } = await servingV1();
  scene.client.onCall = ({ operation }, nth) => {
    // The scene's first deploy made the first of these calls.
    if (operation !== 'CreateTaskSet' || nth > 4) return;
    const message = 'The target group does not have an associated load balancer.';
    throw sdkError('InvalidParameterException', message, 400);
  };

  const run = await scene.deploy('bbbb2222');

  expect(run.error).toBeUndefined();
  expect(run.changes.filter((each) => each === 'CreateTaskSet')).toHaveLength(4);
  expect(await scene.taskSetsOn('blue')).toHaveLength(1);
});

test('a task set beside PRIMARY on the serving colour is never touched', async () => {
  const { scene, original } = await servingV1();
  await createTaskSet(scene, 'green');
  await scene.clock.advance(60_000);
  const neighbours = await scene.taskSetsOn('green');
  expect(neighbours).toHaveLength(2);

  const run = await scene.deploy('bbbb2222');

  expect(run.error).toBeUndefined();
  expect(run.changes).not.toContain('DeleteTaskSet');
  expect(run.changes).not.toContain('UpdateTaskSet');
  expect((await scene.taskSetsOn('green')).map(({ id }) => id)).toContain(original);
  expect(await scene.taskSetsOn('green')).toHaveLength(2);
});

test('a task set that is still draining when the deploy begins is waited for', async () => {
  const { scene, original } = await servingV1();
  await scene.deploy('bbbb2222');
  await scene.thirdParty('DeleteTaskSet', { ...SERVICE, taskSet: original, force: true });
  expect((await scene.taskSets()).map(({ status }) => status)).toContain('DRAINING');

  const run = await scene.deploy('cccc3333');

  expect(run.error).toBeUndefined();
  expect(run.serving).toMatchObject({ artifact: 'hello:v3' });
  expect(run.changes).not.toContain('DeleteTaskSet');
  expect((await scene.taskSets()).map(({ id }) => id)).not.toContain(original);
});

test('as many task sets as a service can have are no obstacle, if they are stale', async () => {
  const { scene } = await servingV1();
  for (let count = 0; count < 4; count++) await createTaskSet(scene, 'blue');
  await expect(createTaskSet(scene, 'blue')).rejects.toThrow('5 deployments exist');

  const run = await scene.deploy('bbbb2222');

  expect(run.error).toBeUndefined();
  expect(run.changes.filter((each) => each === 'DeleteTaskSet')).toHaveLength(4);
  expect(await scene.taskSets()).toHaveLength(2);
});

test('a number that somebody else’s rule takes in the last moment stops the swap', async () => {
  const { scene, original } = await servingV1();
  const [green] = await scene.rules();
  const { ListenerARN } = scene.environmentConfig();
  let hasActed = false;
  scene.client.onCall = ({ operation }) => {
    if (operation !== 'SetRulePriorities' || hasActed) return;
    hasActed = true;
    void scene.thirdParty('SetRulePriorities', {
      RulePriorities: [{ RuleArn: green?.ruleArn, Priority: 5 }],
    });
    void scene.thirdParty('CreateRule', {
      ListenerArn: ListenerARN,
      Priority: green?.priority,
      Conditions: [{ Field: 'path-pattern', Values: ['/maintenance'] }],
      Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } }],
    });
  };

  const run = await scene.deploy('bbbb2222');

  expect(hasActed).toBe(true);
  expect(run.error).toMatchObject({ exitCode: EXIT.failedBeforeSwap });
  expect(run.error?.message).toMatch(/SetRulePriorities.*PriorityInUse/);
  expect(run.events.at(-1)).toMatchObject({ serving: { taskSetId: original } });
});

test.each([3, 4, 7, 8, 9, 10, 11, 13])(
  'AWS out of reach for 45 s from step %d on is ridden out',
  async (step) => {
    const { scene } = await servingV1();
    await scene.deploy('bbbb2222');

    const run = await scene.deploy('cccc3333', { onEvent: outage(scene, step, 45_000) });

    expect(run.error).toBeUndefined();
    expect(run.serving).toMatchObject({ artifact: 'hello:v3' });
  },
);

test('a label that can’t be moved leaves traffic right, and no later deploy deletes what serves', async () => {
  const { scene } = await servingV1();
  scene.client.faultFor = ({ operation }) =>
    operation === 'UpdateServicePrimaryTaskSet' ? 'denied' : undefined;

  const failed = await scene.deploy('bbbb2222');
  const serving = await scene.taskSetsOn('blue');
  const another = await scene.deploy('cccc3333', { mode: 'start-over' });

  expect(failed.error).toMatchObject({ exitCode: EXIT.failedAfterSwap });
  expect(failed.events.at(-1)).toMatchObject({ serving: { artifact: 'hello:v2' } });
  expect(serving).toMatchObject([{ status: 'ACTIVE', scalePercent: 100 }]);
  expect(another.error).toMatchObject({ exitCode: EXIT.failedBeforeSwap });
  expect(another.changes).not.toContain('DeleteTaskSet');
  expect(await scene.taskSetsOn('blue')).toMatchObject([{ id: serving[0]?.id }]);
});
