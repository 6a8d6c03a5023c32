/**
 * Goal: a deploy that stops in the middle leaves what it says, and is finished by -resume or replaced
 * by -start-over; the more exhaustive proof is the simulation's.
 */
import { describe, expect, jest, test } from '@jest/globals';
import { Interruption } from '../../../src/deploy/interruption.ts';
import { CallFailedError, CommandFailedError } from '../../../src/deploy/ports.ts';
import { EXIT } from '../../../src/errors.ts';
import { DeployScene, type RunOptions } from '../../support/deploy-scene.ts';
import { bytes, text } from '../../support/lock-world.ts';
import { seededRandom } from '../../support/world.ts';

const LOCK_KEY = 'hello-dev';
const SERVICE = { cluster: 'hello-dev', service: 'hello-dev' };

/** A scene in which v1 serves on green. */
async function servingV1() {
  const scene = await DeployScene.create();
  const { serving } = await scene.deploy('aaaa1111');
  return { scene, original: serving?.taskSetId ?? '' };
}

const CHANGES = [
  'RegisterTaskDefinition',
  'CreateTaskSet',
  'SetRulePriorities',
  'UpdateServicePrimaryTaskSet',
];

describe.each([false, true])('a crash whose last call took effect: %p', (isDone) => {
  test.each(CHANGES)('at %s is finished by -resume, with the original kept', async (operation) => {
    const { scene, original } = await servingV1();
    await scene.crashAt(operation, 'bbbb2222', { isDone });

    const run = await scene.deploy(undefined, { mode: 'resume' });

    expect(run.error).toBeUndefined();
    expect(run.serving).toMatchObject({ artifact: 'hello:v2', color: 'blue' });
    const sets = await scene.taskSets();
    expect(sets.map(({ id, scalePercent, status }) => ({ id, scalePercent, status }))).toEqual(
      expect.arrayContaining([
        { id: original, scalePercent: 100, status: 'ACTIVE' },
        { id: run.serving?.taskSetId, scalePercent: 100, status: 'PRIMARY' },
      ]),
    );
    expect(sets).toHaveLength(2);
    expect(scene.lockStore.item(LOCK_KEY)).toMatchObject({ isReleased: { S: '1' } });
  });

  test.each(CHANGES)(
    'at %s is replaced by -start-over with another artifact',
    async (operation) => {
      const { scene } = await servingV1();
      await scene.crashAt(operation, 'bbbb2222', { isDone });

      const run = await scene.deploy('cccc3333', { mode: 'start-over' });

      expect(run.error).toBeUndefined();
      expect(run.serving).toMatchObject({ artifact: 'hello:v3' });
      const active = run.serving?.color;
      const serving = await scene.taskSetsOn(active ?? 'blue');
      // The defect of the original: the old version and the new one in the same serving group.
      expect(serving.map(({ id }) => id)).toEqual([run.serving?.taskSetId]);
      expect(serving[0]?.status).toBe('PRIMARY');
    },
  );
});

test('an interruption before anything was changed puts the lock back as it was', async () => {
  const { scene } = await servingV1();
  const before = scene.checkpoint(LOCK_KEY);
  const stop = new AbortController();

  const run = await scene.deploy('bbbb2222', {
    interrupt: stop.signal,
    onEvent: (event) => {
      if (event.type === 'step.started' && event.number === 3)
        stop.abort(new Interruption('SIGINT'));
    },
  });

  expect(run.error).toMatchObject({ exitCode: EXIT.interrupted });
  expect(run.changes).toEqual([]);
  expect(scene.lockStore.item(LOCK_KEY)).toMatchObject({ isReleased: { S: '1' } });
  expect(scene.checkpoint(LOCK_KEY)).toEqual(before);
});

test('an interruption during the rollout yields the lock, and -resume need not wait for the lease', async () => {
  const { scene } = await servingV1();
  const stop = new AbortController();

  const run = await scene.deploy('bbbb2222', {
    interrupt: stop.signal,
    onEvent: (event) => {
      if (event.type === 'wait.progressed') stop.abort(new Interruption('SIGTERM'));
    },
  });
  const startMs = scene.clock.monotonicMs();
  let tookMs: number | undefined;
  const resumed = await scene.deploy(undefined, {
    mode: 'resume',
    onEvent: (event) => {
      if (event.type === 'step.skipped' && event.number === 2)
        tookMs ??= scene.clock.monotonicMs() - startMs;
    },
  });

  expect(run.error).toMatchObject({ exitCode: EXIT.terminated });
  expect(run.events.at(-1)).toMatchObject({ serving: { artifact: 'hello:v1' } });
  expect(tookMs).toBe(0);
  expect(resumed.error).toBeUndefined();
  expect(resumed.serving).toMatchObject({ artifact: 'hello:v2' });
});

test('a failed rollout that is mended is finished by -resume', async () => {
  const { scene } = await servingV1();
  scene.runtime.script(
    { image: '111111111111.dkr.ecr.us-east-1.amazonaws.com/hello:v2' },
    { exits: { afterMs: 3_000, exitCode: 1 } },
  );
  const failed = await scene.deploy('bbbb2222');
  scene.runtime.script({ image: '111111111111.dkr.ecr.us-east-1.amazonaws.com/hello:v2' }, {});

  const run = await scene.deploy(undefined, { mode: 'resume' });

  expect(failed.error).toMatchObject({ exitCode: EXIT.failedBeforeSwap });
  expect(run.error).toBeUndefined();
  expect(run.serving?.taskSetId).toBe(scene.checkpoint(LOCK_KEY).newTaskSetId);
});

/** A deploy of v2 that failed because the second of its three pre-deploy commands did. */
async function failedInCommands(options: RunOptions = {}) {
  const { scene } = await servingV1();
  Object.assign(scene.appConfig(), {
    PreDeployCommandTemplates: ['a', 'b', 'c'].map((Program) => ({ Program, Arguments: [] })),
  });
  scene.onCommand = ({ program }) => {
    if (program === 'b') throw new CommandFailedError('b exited with code 3.');
  };
  const failed = await scene.deploy('bbbb2222', options);
  scene.onCommand = () => {};
  return { failed, scene };
}

test('a failed command is run again by -resume, and those before it are not', async () => {
  const { failed, scene } = await failedInCommands();

  const run = await scene.deploy(undefined, { mode: 'resume' });

  expect(failed.error?.message).toMatch(/b exited with code 3/);
  expect(run.error).toBeUndefined();
  expect(scene.commands).toEqual(['a', 'b', 'b', 'c']);
  expect(run.events).toContainEqual({
    type: 'note',
    message: expect.stringMatching(/cut off while its pre-deploy commands ran/),
  });
});

test('all commands are run again by -resume --rerun-commands', async () => {
  const { scene } = await failedInCommands();

  const run = await scene.deploy(undefined, { mode: 'resume', rerunCommands: true });

  expect(run.error).toBeUndefined();
  expect(scene.commands).toEqual(['a', 'b', 'a', 'b', 'c']);
});

test('a deploy that was begun with -skip-pre-post is resumed so', async () => {
  const { scene } = await servingV1();
  const commands = [{ Program: 'notify', Arguments: [] }];
  Object.assign(scene.appConfig(), { PostDeployCommandTemplates: commands });
  await scene.crashAt('SetRulePriorities', 'bbbb2222', { skipCommands: true });

  const run = await scene.deploy(undefined, { mode: 'resume' });

  expect(run.error).toBeUndefined();
  expect(scene.commands).toEqual([]);
  expect(run.events).toContainEqual({
    type: 'note',
    message: expect.stringContaining('begun with -skip-pre-post'),
  });
});

test('a deploy that was resumed with -skip-pre-post is resumed so again', async () => {
  const { scene } = await servingV1();
  const commands = [{ Program: 'notify', Arguments: [] }];
  Object.assign(scene.appConfig(), { PreDeployCommandTemplates: commands });
  scene.onCommand = () => {
    throw new CommandFailedError('notify failed');
  };
  await scene.deploy('bbbb2222');
  scene.onCommand = () => {};
  scene.commands.length = 0;
  await scene.crashAt('SetRulePriorities', undefined, { mode: 'resume', skipCommands: true });

  const run = await scene.deploy(undefined, { mode: 'resume' });

  expect(run.error).toBeUndefined();
  expect(scene.commands).toEqual([]);
});

test('a resume that waits does not take over a deploy of another artifact', async () => {
  const { scene } = await servingV1();
  await scene.crashAt('CreateTaskSet', 'bbbb2222');
  const resumed = scene
    .deployConcurrently(undefined, { mode: 'resume' })
    .catch((error: unknown) => error);
  await scene.clock.advance(3_000);
  const item = scene.lockStore.item('hello-dev');
  const other = JSON.parse(text(item.data?.B)) as { Artifact: { BuildNumber: number } };
  other.Artifact.BuildNumber = 3;
  scene.lockStore.put('hello-dev', {
    ...item,
    recordVersionNumber: { S: 'other' },
    data: { B: bytes(JSON.stringify(other)) },
  });

  const error = await scene.clock.run(resumed);

  expect(error).toMatchObject({ exitCode: EXIT.refused });
  expect(String(error)).toContain('took its place');
  expect(scene.lockStore.item('hello-dev').recordVersionNumber).toEqual({ S: 'other' });
});

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

describe('a start that fails after the lock was taken', () => {
  test.each(['resume', 'start-over'] as const)(
    'in -%s tells who serves, gives the lock up again, and can be repeated',
    async (mode) => {
      const { scene } = await servingV1();
      await scene.crashAt('UpdateServicePrimaryTaskSet', 'bbbb2222');
      let reads = 0;
      scene.client.faultFor = ({ operation }) => {
        if (operation !== 'DescribeServices') return undefined;
        reads += 1;
        // Starting over reads once before it takes the lock.
        return reads === (mode === 'resume' ? 1 : 2) ? 'denied' : undefined;
      };

      const failed = await scene.deploy('bbbb2222', { mode });
      const again = await scene.deploy('bbbb2222', { mode });

      expect(failed.error).toMatchObject({
        exitCode: mode === 'resume' ? EXIT.failedAfterSwap : EXIT.failedBeforeSwap,
      });
      expect(failed.events.at(-1)).toMatchObject({ serving: { color: 'blue' } });
      expect(failed.error?.message).toMatch(/The lock is kept for -resume or -start-over/);
      expect(failed.changes).toEqual([]);
      expect(again.error).toBeUndefined();
      expect(again.serving).toMatchObject({ artifact: 'hello:v2' });
    },
  );

  test('in -start-over looks whether PRIMARY was moved when the answer is lost', async () => {
    const { scene } = await servingV1();
    await scene.crashAt('UpdateServicePrimaryTaskSet', 'bbbb2222');
    let isLost = false;
    scene.client.faultFor = ({ operation }) => {
      if (operation !== 'UpdateServicePrimaryTaskSet' || isLost) return undefined;
      isLost = true;
      return 'lost-answer';
    };

    const run = await scene.deploy('cccc3333', { mode: 'start-over' });

    expect(isLost).toBe(true);
    expect(run.error).toBeUndefined();
    expect(run.changes.filter((each) => each === 'UpdateServicePrimaryTaskSet')).toHaveLength(2);
    expect(await scene.taskSets()).toHaveLength(2);
  });
});

test('throttled reads are ridden out at the start and at every step', async () => {
  const { scene } = await servingV1();
  await scene.crashAt('UpdateServicePrimaryTaskSet', 'bbbb2222');
  let isArmed = false;
  const throttledAt: string[] = [];
  const random = seededRandom(3);
  scene.client.faultFor = ({ isRead, operation }) => {
    if (!isRead || !isArmed || random() > 0.1) return undefined;
    throttledAt.push(operation);
    return 'throttled';
  };

  const run = await scene.deploy('bbbb2222', {
    mode: 'start-over',
    // Before the lock is held a throttled read refuses, and has changed nothing.
    onEvent: (event) => {
      isArmed ||= event.type === 'deploy.started';
    },
  });

  expect(run.error).toBeUndefined();
  expect(run.serving).toMatchObject({ artifact: 'hello:v2' });
  expect(throttledAt.length).toBeGreaterThan(10);
});

test('a registration whose answer is lost registers no second revision', async () => {
  const { scene } = await servingV1();
  let isLost = false;
  scene.client.faultFor = ({ operation }) => {
    if (operation !== 'RegisterTaskDefinition' || isLost) return undefined;
    isLost = true;
    return 'lost-answer';
  };

  const run = await scene.deploy('bbbb2222');

  expect(run.error).toBeUndefined();
  expect(run.serving?.taskDefinition).toBe('hello-dev:2');
});

test('a deploy that finds another one between the swap and PRIMARY is told who has the lock', async () => {
  const { scene } = await servingV1();
  await scene.crashAt('UpdateServicePrimaryTaskSet', 'bbbb2222');

  const run = await scene.deploy('cccc3333');

  expect(run.error).toMatchObject({
    exitCode: EXIT.locked,
    hint: expect.stringMatching(
      /ecs-deploy -app hello -env dev -resume [^]*-sha cccc3333 -start-over/,
    ),
  });
  expect(run.error?.message).toMatch(/hello:v2 .* at step 10/);
  expect(run.changes).toEqual([]);
});

test('an unreadable service before the lock is taken is told without touching it', async () => {
  const { scene } = await servingV1();
  const updates = scene.lockStore.updates;
  scene.client.faultFor = ({ operation }) =>
    operation === 'DescribeServices' ? 'throttled' : undefined;

  const run = await scene.deploy('bbbb2222');

  expect(run.error).toMatchObject({ exitCode: EXIT.failedBeforeSwap });
  expect(run.error?.message).toMatch(/ecs:DescribeServices.*Throttling.*Nothing was changed/);
  expect(scene.lockStore.updates).toBe(updates);
});

test('an interruption while it waits for the lock changes nothing', async () => {
  const { scene } = await servingV1();
  await scene.crashAt('CreateTaskSet', 'bbbb2222');
  const before = scene.lockStore.item(LOCK_KEY);
  const stop = new AbortController();

  const run = await scene.deploy('bbbb2222', {
    mode: 'resume',
    interrupt: stop.signal,
    onEvent: (event) => {
      if (event.type === 'wait.progressed') stop.abort(new Interruption('SIGINT'));
    },
  });

  expect(run.error).toMatchObject({ exitCode: EXIT.interrupted });
  expect(run.events.at(-1)).toMatchObject({ type: 'deploy.failed' });
  expect(scene.lockStore.item(LOCK_KEY)).toEqual(before);
});

test('a success that cannot be recorded leaves the new version serving, to be resumed', async () => {
  const { scene } = await servingV1();
  const refused = jest.spyOn(scene.artifactStore, 'setTag').mockImplementation(async () => {
    throw new CallFailedError({
      operation: 'dynamodb:UpdateItem',
      code: 'AccessDeniedException',
      message: 'not authorized',
      isTransient: false,
      isOutcomeUnknown: false,
    });
  });

  const failed = await scene.deploy('bbbb2222');
  refused.mockRestore();
  const run = await scene.deploy('bbbb2222', { mode: 'resume' });

  expect(failed.error).toMatchObject({ exitCode: EXIT.failedAfterSwap });
  expect(failed.events.at(-1)).toMatchObject({ serving: { artifact: 'hello:v2' } });
  expect(run.error).toBeUndefined();
  expect(run.changes).toEqual([]);
  const artifact = await scene.artifacts.get({ projectName: 'hello', buildNumber: 2 });
  expect(artifact.tags).toMatchObject({ 'deploy-dev-cfg00001': 'success' });
});

test.each(['throttled', 'denied'] as const)(
  'a deploy that has succeeded is a success, though the last look is %s',
  async (fault) => {
    const scene = await DeployScene.create();
    scene.client.faultFor = ({ operation }) =>
      operation === 'DescribeRules' && scene.lockStore.history.at(-1)?.isReleased !== undefined
        ? fault
        : undefined;

    const run = await scene.deploy('aaaa1111');

    expect(run.error).toBeUndefined();
    expect(run.serving).toMatchObject({ artifact: 'hello:v1', color: 'green' });
    expect(run.events.at(-1)).toMatchObject({ type: 'deploy.finished' });
    expect(run.events.at(-2)).toMatchObject({
      type: 'note',
      message: expect.stringContaining('could not be read again'),
    });
  },
);

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

test('-start-over of the very first deploy sends nobody to what that one left unfinished', async () => {
  const scene = await DeployScene.create();
  await scene.crashAt('SetRulePriorities', 'aaaa1111');

  const run = await scene.deploy('bbbb2222', { mode: 'start-over' });

  expect(run.error).toBeUndefined();
  expect(run.changes.filter((change) => change === 'SetRulePriorities')).toHaveLength(1);
  expect(run.changes.indexOf('DeleteTaskSet')).toBeLessThan(run.changes.indexOf('CreateTaskSet'));
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

test('a start-over that was cut off before it had put things right is resumed like any other', async () => {
  const { scene } = await servingV1();
  await scene.crashAt('UpdateServicePrimaryTaskSet', 'bbbb2222');
  await scene.crashAt('UpdateServicePrimaryTaskSet', 'cccc3333', { mode: 'start-over' });

  const run = await scene.deploy(undefined, { mode: 'resume' });

  expect(run.error).toBeUndefined();
  expect(run.serving).toMatchObject({ artifact: 'hello:v3' });
  expect(run.changes[0]).toBe('UpdateServicePrimaryTaskSet');
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

describe('while ECS does not show for five seconds what was just created', () => {
  /** A deploy of v2 that is told to stop as soon as its task set exists. */
  async function interruptedAfterCreation() {
    const scene = await DeployScene.create({ settings: { staleReadSeconds: 5 } });
    await scene.deploy('aaaa1111');
    const interrupt = new AbortController();
    scene.client.onCall = ({ operation }) => {
      if (operation === 'CreateTaskSet') interrupt.abort(new Interruption('SIGTERM'));
    };
    const stopped = await scene.deploy('bbbb2222', { interrupt: interrupt.signal });
    scene.client.onCall = () => {};
    expect(stopped.error).toMatchObject({ exitCode: EXIT.terminated });
    return scene;
  }

  test('-start-over removes what the deploy before it created', async () => {
    const scene = await interruptedAfterCreation();

    const run = await scene.deploy('cccc3333', { mode: 'start-over' });

    expect(run.error).toBeUndefined();
    expect(run.changes).toContain('DeleteTaskSet');
    await scene.clock.advance(10_000);
    expect((await scene.taskSets()).map(({ status }) => status).sort()).toEqual([
      'ACTIVE',
      'PRIMARY',
    ]);
  });

  test('-start-over that waits for the holder removes what that one created meanwhile', async () => {
    const scene = await DeployScene.create({ settings: { staleReadSeconds: 5 } });
    await scene.deploy('aaaa1111');
    const interrupt = new AbortController();
    const first = scene
      .deployConcurrently('bbbb2222', { interrupt: interrupt.signal })
      .catch((error: unknown) => error);
    scene.client.onCall = ({ operation }) => {
      if (operation === 'CreateTaskSet') interrupt.abort(new Interruption('SIGTERM'));
    };
    await scene.clock.advance(50); // It has the lock, and has created nothing yet.
    const run = await scene.deploy('cccc3333', { mode: 'start-over' });
    await first;

    expect(run.error).toBeUndefined();
    await scene.clock.advance(10_000);
    expect(await scene.taskSets()).toHaveLength(2);
  });

  test('-resume goes on with what it created before', async () => {
    const scene = await interruptedAfterCreation();

    const run = await scene.deploy(undefined, { mode: 'resume' });

    expect(run.error).toBeUndefined();
    expect(run.changes).not.toContain('DeleteTaskSet');
    expect(
      scene.client.calls.filter(({ operation }) => operation === 'CreateTaskSet'),
    ).toHaveLength(
      2, // One of the deploy of v1.
    );
  });
});
