/**
 * Goal: whoever asks later learns of every deploy that had the lock how it ended, and no deploy ends
 * otherwise, or later, because that could not be written down.
 * Method: the hello app's deploys with the history in memory, cut, failed and interrupted.
 */
import { describe, expect, test } from '@jest/globals';
import { Interruption } from '../../../src/deploy/interruption.ts';
import { CommandFailedError } from '../../../src/deploy/ports.ts';
import { EXIT } from '../../../src/errors.ts';
import { DeployScene } from '../../support/deploy-scene.ts';

async function recordsOf(scene: DeployScene) {
  return (await scene.history.deploysTo({ app: 'hello', environment: 'dev' }, 10)).records;
}

describe('what is recorded', () => {
  test('of a deploy that succeeded: who, what, when, how long, and what served before', async () => {
    const scene = await DeployScene.create();
    await scene.deploy('aaaa1111');
    const startedMs = scene.clock.monotonicMs();

    const run = await scene.deploy('bbbb2222');

    const [record, ...older] = await recordsOf(scene);
    const steps = run.events.filter(({ type }) => type === 'step.finished');
    const tookMs = sum(steps.map((event) => (event as { durationMs: number }).durationMs));
    expect(older).toHaveLength(1);
    expect(record).toEqual({
      app: 'hello',
      environment: 'dev',
      deployId: scene.checkpoint('hello-dev').own?.deployId,
      mode: 'deploy',
      artifact: { projectName: 'hello', buildNumber: 2, value: 'hello:v2', sha: 'bbbb2222' },
      configSha: 'cfg00001',
      contentIdentity: expect.stringMatching(/^content\.\w{16}$/),
      imageDigests: {
        '111111111111.dkr.ecr.us-east-1.amazonaws.com/hello:v2': scene.imageOf('v2').split('@')[1],
      },
      startedAt: new Date(Date.UTC(2026, 0, 1) + startedMs).toISOString(),
      endedAt: new Date(Date.UTC(2026, 0, 1) + startedMs + tookMs).toISOString(),
      durationMs: Math.round(tookMs),
      outcome: 'success',
      exitCode: 0,
      step: 13,
      serving: run.serving,
      previous: { artifact: 'hello:v1', configSha: 'cfg00001' },
      by: { user: 'ann', host: 'test' },
    });
  });

  test('of a success after which somebody sends traffic where nothing runs', async () => {
    const scene = await DeployScene.create();
    let isOver = false;
    scene.client.faultFor = ({ operation }) => {
      if (!isOver || operation !== 'DescribeRules') return undefined;
      isOver = false;
      void scene.swapByHand(); // Before the next look.
      return 'throttled';
    };

    const { error } = await scene.deploy('aaaa1111', {
      onEvent: (event) => {
        if (event.type === 'step.finished' && event.number === 13) isOver = true;
      },
    });

    expect(error?.message).toMatch(/The deploy succeeded, but since then traffic goes to \w+/);
    expect((await recordsOf(scene))[0]).toMatchObject({
      exitCode: EXIT.needsHuman,
      step: 13,
      message: error?.message,
    });
  });

  test('of a failure: its code, its step, why, and what serves', async () => {
    const scene = await DeployScene.create();
    await scene.deploy('aaaa1111');
    scene.client.faultFor = ({ operation }) =>
      operation === 'CreateTaskSet' ? 'denied' : undefined;

    const { error } = await scene.deploy('bbbb2222');

    expect((await recordsOf(scene))[0]).toMatchObject({
      outcome: 'failed-before-swap',
      exitCode: EXIT.failedBeforeSwap,
      step: 6,
      message: error?.message,
      serving: { artifact: 'hello:v1' },
    });
  });

  test('of an interruption, also of one that changed nothing', async () => {
    const scene = await DeployScene.create();
    const stop = new AbortController();

    await scene.deploy('aaaa1111', {
      interrupt: stop.signal,
      onEvent: ({ type }) => {
        if (type === 'step.started') stop.abort(new Interruption('SIGTERM'));
      },
    });

    expect(await recordsOf(scene)).toMatchObject([
      { outcome: 'interrupted', exitCode: EXIT.terminated, artifact: { value: 'hello:v1' } },
    ]);
  });

  test('of a bug', async () => {
    const scene = await DeployScene.create();
    scene.client.onCall = ({ operation }) => {
      if (operation === 'CreateTaskSet') throw new TypeError('x is not a function');
    };

    await scene.deploy('aaaa1111');

    expect(await recordsOf(scene)).toMatchObject([
      { outcome: 'bug', exitCode: EXIT.bug, message: 'TypeError: x is not a function' },
    ]);
  });

  test('of a process that was killed: nothing, until whoever resumes it has ended', async () => {
    const scene = await DeployScene.create();
    await scene.crashAt('SetRulePriorities', 'aaaa1111');
    const { deployId, startedAt } = scene.checkpoint('hello-dev').own ?? {};
    expect(await recordsOf(scene)).toEqual([]);

    await scene.deploy(undefined, { mode: 'resume' });

    const records = await recordsOf(scene);
    expect(records).toMatchObject([
      { mode: 'resume', outcome: 'success', deployId, begunAt: startedAt },
    ]);
    expect(records[0]?.startedAt).not.toBe(startedAt);
  });

  test('of a start-over: what it replaced', async () => {
    const scene = await DeployScene.create();
    await scene.crashAt('CreateTaskSet', 'aaaa1111');
    const { deployId } = scene.checkpoint('hello-dev').own ?? {};

    await scene.deploy('bbbb2222', { mode: 'start-over' });

    expect(await recordsOf(scene)).toMatchObject([{ mode: 'start-over', replaced: deployId }]);
  });

  test('of a refusal before the lock: nothing', async () => {
    const scene = await DeployScene.create();

    await scene.deploy('no-such-sha');

    expect(await recordsOf(scene)).toEqual([]);
  });
});

describe('a deploy', () => {
  test('has given its lock back before it writes to the history', async () => {
    const scene = await DeployScene.create();
    const locks: unknown[] = [];
    const append = scene.journal.append.bind(scene.journal);
    scene.journal.append = async (...args) => {
      const { isReleased, leaseDuration } = scene.lockStore.item('hello-dev');
      locks.push([isReleased?.S, leaseDuration?.S]);
      return append(...args);
    };
    await scene.deploy('aaaa1111');
    scene.onCommand = () => {
      throw new CommandFailedError('pre exited with code 1.');
    };
    Object.assign(scene.appConfig(), {
      PreDeployCommandTemplates: [{ Program: 'pre', Arguments: [] }],
    });

    await scene.deploy('bbbb2222');

    expect(locks).toEqual([
      ['1', '0'],
      [undefined, '0'],
    ]);
  });

  test('that succeeds has succeeded when the history refuses, which is said before the end', async () => {
    const scene = await DeployScene.create();
    scene.journal.append = async () => {
      throw new Error('dynamodb:PutItem: not authorized (AccessDeniedException)');
    };

    const run = await scene.deploy('aaaa1111');

    expect(run.error).toBeUndefined();
    expect(run.events.slice(-2)).toEqual([
      {
        type: 'warning',
        message:
          'The history does not tell of this deploy: dynamodb:PutItem: not authorized (AccessDeniedException)',
      },
      expect.objectContaining({ type: 'deploy.finished' }),
    ]);
  });

  test('that fails says why it failed, not that the history refused', async () => {
    const scene = await DeployScene.create();
    scene.client.faultFor = ({ operation }) =>
      operation === 'CreateTaskSet' ? 'denied' : undefined;
    scene.journal.append = async () => {
      throw new Error('no');
    };

    const run = await scene.deploy('aaaa1111');

    expect(run.error).toMatchObject({ exitCode: EXIT.failedBeforeSwap });
    expect(run.error?.message).toMatch(/ecs:CreateTaskSet/);
  });

  test('waits 5 s for a history that does not answer, and no longer', async () => {
    const scene = await DeployScene.create();
    scene.journal.append = () => new Promise(() => {});

    const run = await scene.deploy('aaaa1111');

    const released = run.events.findLast(({ type }) => type === 'step.finished');
    expect(released).toMatchObject({ number: 13 });
    expect(run.events.at(-2)).toMatchObject({
      message: 'The history does not tell of this deploy: no answer within 5 s',
    });
    expect(run.error).toBeUndefined();
  });

  test('is recorded also when what served before is gone', async () => {
    const scene = await DeployScene.create();
    await scene.deploy('aaaa1111');
    scene.client.onCall = ({ operation }, nth) => {
      // The last look is at the original.
      if (operation === 'DescribeTaskSets' && nth > 0 && isOver(scene)) throw new Error('gone');
    };

    const run = await scene.deploy('bbbb2222');

    expect(run.error).toBeUndefined();
    const [record] = await recordsOf(scene);
    expect(record).toMatchObject({ outcome: 'success', artifact: { value: 'hello:v2' } });
    expect(record).not.toHaveProperty('previous');
  });
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The lock has been given back by the deploy of v2. */
function isOver(scene: DeployScene): boolean {
  const { artifact, done } = scene.checkpoint('hello-dev');
  return done && artifact.value === 'hello:v2';
}
