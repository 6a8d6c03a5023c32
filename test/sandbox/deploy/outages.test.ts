/**
 * Goal: a deploy rides out what passes by itself, also at its very start and its very end, and says
 * what it could not find out.
 */
import { describe, expect, jest, test } from '@jest/globals';
import { CallFailedError } from '../../../src/deploy/ports.ts';
import { EXIT } from '../../../src/errors.ts';
import { DeployScene } from '../../support/deploy-scene.ts';
import { seededRandom } from '../../support/world.ts';
import { servingV1 } from './serving-v1.ts';

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

test('a success that cannot be recorded leaves the new version serving, to be resumed', async () => {
  const { scene } = await servingV1();
  const refused = jest.spyOn(scene.artifactStore, 'setTags').mockImplementation(async () => {
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
