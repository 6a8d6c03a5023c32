/**
 * Goal: what people, ECS and scaling do during a deploy is noticed in time, and nobody is harmed by it;
 * third-parties.test.ts goes through the operating guide, this through single stories.
 */
import { describe, expect, test } from '@jest/globals';
import { Interruption } from '../../../src/deploy/interruption.ts';
import { CommandFailedError } from '../../../src/deploy/ports.ts';
import { EXIT } from '../../../src/errors.ts';
import { LOCK_KEY, SERVICE, servingV1 } from './serving-v1.ts';

test('a task set that somebody deletes during the rollout is noticed long before the deadline', async () => {
  const { scene } = await servingV1();
  scene.environmentConfig()['Timeouts'] = { RolloutSeconds: 3600 };
  let isDeleted = false;
  const startMs = scene.clock.monotonicMs();

  const run = await scene.deploy('bbbb2222', {
    onEvent: (event) => {
      const id = scene.newTaskSetId(LOCK_KEY);
      if (event.type !== 'wait.progressed' || id === '' || isDeleted) return;
      isDeleted = true;
      void scene.thirdParty('DeleteTaskSet', { ...SERVICE, taskSet: id, force: true });
    },
  });

  expect(run.error?.message).toMatch(/gone: somebody deleted it/);
  expect(scene.clock.monotonicMs() - startMs).toBeLessThan(300_000);
});

test('a target that sickens after the rollout is found by the verification', async () => {
  const { scene } = await servingV1();
  const old = new Set(scene.runtime.running().map(({ address }) => address));

  const run = await scene.deploy('bbbb2222', {
    onEvent: (event) => {
      if (event.type !== 'step.started' || event.number !== 8) return;
      scene.healthOf = (address) => ({ statusCode: old.has(address) ? 200 : 500 });
      scene.probeNow();
      scene.probeNow();
    },
  });

  expect(run.events).toContainEqual(expect.objectContaining({ type: 'step.failed', number: 8 }));
});

test('PRIMARY stays where it is when a person goes back right after the swap', async () => {
  const { scene, original } = await servingV1();

  const run = await scene.deploy('bbbb2222', {
    onEvent: (event) => {
      if (event.type !== 'step.started' || event.number !== 10) return;
      void scene.swapByHand();
    },
  });

  expect(run.error).toMatchObject({ exitCode: EXIT.needsHuman });
  expect(run.changes).not.toContain('UpdateServicePrimaryTaskSet');
  expect((await scene.taskSets()).find(({ status }) => status === 'PRIMARY')?.id).toBe(original);
});

test('a person who goes back while the post-deploy commands run keeps it from being a success', async () => {
  const { scene } = await servingV1();
  const commands = [{ Program: 'notify', Arguments: [] }];
  Object.assign(scene.appConfig(), { PostDeployCommandTemplates: commands });
  scene.onCommand = ({ program }) => (program === 'notify' ? scene.swapByHand() : undefined);

  const run = await scene.deploy('bbbb2222');

  expect(run.error).toMatchObject({ exitCode: EXIT.needsHuman });
  expect(run.error?.message).toContain('Traffic went back to green');
  const { tags } = await scene.artifacts.get({ projectName: 'hello', buildNumber: 2 });
  expect(Object.keys(tags ?? {}).filter((tag) => tag.startsWith('deploy-'))).toEqual([]);
});

test('rules that a person moved before the swap was sent are no proof of it', async () => {
  const { scene } = await servingV1();
  await scene.crashAt('RegisterTaskDefinition', 'bbbb2222');
  await scene.swapByHand();

  const run = await scene.deploy(undefined, { mode: 'resume' });

  expect(run.error).toMatchObject({ exitCode: EXIT.needsHuman });
  expect(run.error?.message).toMatch(/blue already, where this deploy has not sent it/);
  expect(run.changes).toEqual([]);
});

test('a stale task set that starts to serve is not removed', async () => {
  const { scene, original } = await servingV1();
  await scene.deploy('bbbb2222');

  const run = await scene.deploy('cccc3333', {
    onEvent: (event) => {
      if (event.type !== 'step.started' || event.number !== 4) return;
      void scene.swapByHand();
    },
  });

  expect(run.changes).toEqual([]);
  expect(run.error).toMatchObject({ exitCode: EXIT.needsHuman });
  expect((await scene.taskSets()).find(({ id }) => id === original)).toMatchObject({
    scalePercent: 100,
  });
});

describe('when somebody deletes the new task set right after the swap, so that nothing serves', () => {
  async function deletedAfterSwap() {
    const { scene, original } = await servingV1();
    const cut = await scene.deploy('bbbb2222', {
      onEvent: (event) => {
        if (event.type !== 'step.started' || event.number !== 10) return;
        void scene.thirdParty('DeleteTaskSet', {
          ...SERVICE,
          taskSet: scene.newTaskSetId(LOCK_KEY),
          force: true,
        });
      },
    });
    expect(cut.error).toMatchObject({ exitCode: EXIT.needsHuman });
    expect(cut.error?.message).toMatch(/Traffic goes to blue, where no task set serves/);
    return { scene, original };
  }

  test('-resume first sends traffic back to the version before, then finishes', async () => {
    const { scene, original } = await deletedAfterSwap();

    const run = await scene.deploy(undefined, { mode: 'resume' });

    expect(run.error).toBeUndefined();
    expect(run.serving).toMatchObject({ artifact: 'hello:v2', color: 'blue' });
    expect(run.changes.slice(0, 2)).toEqual(['SetRulePriorities', 'CreateTaskSet']);
    expect((await scene.taskSets()).find(({ id }) => id === original)).toMatchObject({
      status: 'ACTIVE',
      scalePercent: 100,
    });
  });

  test('-start-over does not remove the only version that runs', async () => {
    const { scene, original } = await deletedAfterSwap();

    const run = await scene.deploy('cccc3333', { mode: 'start-over' });

    expect(run.error).toBeUndefined();
    expect(run.serving).toMatchObject({ artifact: 'hello:v3', color: 'blue' });
    expect(run.changes[0]).toBe('SetRulePriorities');
    expect((await scene.taskSets()).map(({ id }) => id)).toContain(original);
  });
});

test('a person who moves the rules in the middle of a deploy stops it before anything is created there', async () => {
  const { scene } = await servingV1();

  const run = await scene.deploy('bbbb2222', {
    onEvent: (event) => {
      if (event.type === 'step.started' && event.number === 6) void scene.swapByHand();
    },
  });

  expect(run.error).toMatchObject({ exitCode: EXIT.needsHuman });
  expect(run.changes).toEqual(['RegisterTaskDefinition']);
});

test('a person who moves the rules right before the swap has not done it for this deploy', async () => {
  const { scene } = await servingV1();

  const run = await scene.deploy('bbbb2222', {
    onEvent: (event) => {
      if (event.type === 'step.started' && event.number === 9) void scene.swapByHand();
    },
  });

  expect(run.error).toMatchObject({ exitCode: EXIT.needsHuman });
  expect(run.changes).not.toContain('UpdateServicePrimaryTaskSet');
});

test('a resume does not move traffic that a person has sent back', async () => {
  const { scene } = await servingV1();
  await scene.crashAt('UpdateServicePrimaryTaskSet', 'bbbb2222', { isDone: true });
  await scene.swapByHand();

  const run = await scene.deploy(undefined, { mode: 'resume' });

  expect(run.error).toMatchObject({ exitCode: EXIT.needsHuman });
  expect(run.changes).toEqual([]);
});

test('a start-over does not make PRIMARY what serves without a healthy target', async () => {
  const { scene, original } = await servingV1();
  await scene.crashAt('UpdateServicePrimaryTaskSet', 'bbbb2222');
  scene.healthOf = (address) =>
    scene.addressesOf('v2').includes(address) ? { failure: 'timeout' } : { statusCode: 200 };
  await scene.clock.advance(120_000);

  const run = await scene.deploy('cccc3333', { mode: 'start-over' });

  expect(run.error).toMatchObject({ exitCode: EXIT.needsHuman });
  expect(run.error?.message).toMatch(/no healthy target/);
  expect(run.changes).toEqual([]);
  expect((await scene.taskSets()).find(({ id }) => id === original)).toMatchObject({
    status: 'PRIMARY',
    scalePercent: 100,
  });
});

test('a task set beside the one that serves is left alone, and said so', async () => {
  const { scene } = await servingV1();
  const [serving] = await scene.taskSets();
  await scene.thirdParty('CreateTaskSet', {
    ...SERVICE,
    taskDefinition: serving?.taskDefinitionArn,
    launchType: 'FARGATE',
    loadBalancers: [
      { targetGroupArn: serving?.targetGroupArns[0], containerName: 'hello', containerPort: 8080 },
    ],
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  });
  const beside = (await scene.taskSets()).find(({ id }) => id !== serving?.id)?.id ?? 'none';

  const run = await scene.deploy('bbbb2222');

  expect(run.error).toBeUndefined();
  expect(run.events).toContainEqual({
    type: 'warning',
    message: expect.stringContaining(`Task set ${beside} is on green as well`),
  });
  expect((await scene.taskSets()).map(({ id }) => id)).toContain(beside);
});

test('scaling out during the bake time is no illness', async () => {
  const { scene } = await servingV1();
  scene.environmentConfig()['Monitor'] = { BakeSeconds: 30 };
  let isScaled = false;

  const run = await scene.deploy('bbbb2222', {
    onEvent: (event) => {
      if (isScaled || event.type !== 'step.started' || event.number !== 11) return;
      isScaled = true;
      void scene.thirdParty('UpdateService', { ...SERVICE, desiredCount: 4 });
    },
  });

  expect(run.error).toBeUndefined();
});

test('a start-over that is stopped after it has put things right says so, and can be resumed', async () => {
  const { scene } = await servingV1();
  await scene.deploy('bbbb2222');
  await scene.swapByHand();
  const interrupt = new AbortController();
  scene.client.onCall = ({ operation }) => {
    if (operation === 'UpdateServicePrimaryTaskSet') interrupt.abort(new Interruption('SIGINT'));
  };

  const run = await scene.deploy('cccc3333', {
    mode: 'start-over',
    interrupt: interrupt.signal,
  });
  scene.client.onCall = () => {};
  const resumed = await scene.deploy(undefined, { mode: 'resume' });

  expect(run.changes).toEqual(['UpdateServicePrimaryTaskSet']);
  expect(run.error).toMatchObject({ exitCode: EXIT.interrupted });
  expect(run.error?.message).not.toMatch(/Nothing was changed/);
  expect(resumed.error).toBeUndefined();
  expect(resumed.serving).toMatchObject({ artifact: 'hello:v3' });
});

test('commands that run again after the swap do not let a resume undo a rollback', async () => {
  const { scene } = await servingV1();
  const commands = [{ Program: 'migrate', Arguments: [] }];
  Object.assign(scene.appConfig(), { PreDeployCommandTemplates: commands });
  await scene.crashAt('UpdateServicePrimaryTaskSet', 'bbbb2222');
  scene.onCommand = () => {
    throw new CommandFailedError('migrate failed');
  };
  const again = await scene.deploy(undefined, { mode: 'resume', rerunCommands: true });
  scene.onCommand = () => {};
  await scene.swapByHand();

  const run = await scene.deploy(undefined, { mode: 'resume' });

  expect(again.error).toMatchObject({ exitCode: EXIT.failedAfterSwap });
  expect(run.error).toBeDefined();
  expect(run.error).toMatchObject({ exitCode: EXIT.needsHuman });
  expect(run.changes).toEqual([]);
});

test('a task that is lost during the bake time, and not replaced, is an illness', async () => {
  const { scene } = await servingV1();
  Object.assign(scene.environmentConfig(), { Monitor: { BakeSeconds: 300 } });
  let isLost = false;

  const run = await scene.deploy('bbbb2222', {
    onEvent: (event) => {
      if (isLost || event.type !== 'wait.progressed') return;
      if (!event.waitingFor.includes('bake time')) return;
      isLost = true;
      const image = scene.imageOf('v2');
      scene.runtime.script({ image }, { exits: { afterMs: 1, exitCode: 1 } });
      const lost = scene.runtime
        .running()
        .find(({ containers }) => containers.some((container) => container.image === image));
      scene.runtime.exit(lost?.taskArn ?? '', 'hello', { exitCode: 1 });
    },
  });

  expect(isLost).toBe(true);
  expect(run.error).toBeDefined();
  expect(run.error).toMatchObject({ exitCode: EXIT.failedAfterSwap });
  expect(run.error?.message).toMatch(/does not stay healthy; needed: 1 of 2 tasks running/);
});
