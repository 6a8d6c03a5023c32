/**
 * Goal: a deploy that stops in the middle leaves what it says, and is finished by -resume or replaced
 * by -start-over; the more exhaustive proof is the simulation's.
 */
import { describe, expect, test } from '@jest/globals';
import { Interruption } from '../../../src/deploy/interruption.ts';
import { CommandFailedError } from '../../../src/deploy/ports.ts';
import { EXIT } from '../../../src/errors.ts';
import { DeployScene, type RunOptions } from '../../support/deploy-scene.ts';
import { bytes, text } from '../../support/lock-world.ts';
import { LOCK_KEY, servingV1 } from './serving-v1.ts';

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
  scene.runtime.script({ image: scene.imageOf('v2') }, { exits: { afterMs: 3_000, exitCode: 1 } });
  const failed = await scene.deploy('bbbb2222');
  scene.runtime.script({ image: scene.imageOf('v2') }, {});

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

test('a deploy that finds another one between the swap and PRIMARY is told who has the lock', async () => {
  const { scene } = await servingV1();
  await scene.crashAt('UpdateServicePrimaryTaskSet', 'bbbb2222');

  const run = await scene.deploy('cccc3333');

  expect(run.error).toMatchObject({
    exitCode: EXIT.locked,
    hint: expect.stringMatching(
      /ecs-deploy -app hello -env dev -config-sha cfg00001 -resume [^]*-sha cccc3333 -start-over/,
    ),
  });
  expect(run.error?.message).toMatch(/hello:v2 .* at step 10/);
  expect(run.changes).toEqual([]);
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

test('-start-over of the very first deploy sends nobody to what that one left unfinished', async () => {
  const scene = await DeployScene.create();
  await scene.crashAt('SetRulePriorities', 'aaaa1111');

  const run = await scene.deploy('bbbb2222', { mode: 'start-over' });

  expect(run.error).toBeUndefined();
  expect(run.changes.filter((change) => change === 'SetRulePriorities')).toHaveLength(1);
  expect(run.changes.indexOf('DeleteTaskSet')).toBeLessThan(run.changes.indexOf('CreateTaskSet'));
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
