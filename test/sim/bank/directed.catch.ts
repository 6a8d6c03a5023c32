/**
 * Scenarios for the bank of bugs that the simulation has no words for: its artifacts, configurations
 * and requests are always the same.
 */
import { expect, test } from '@jest/globals';
import { DeployScene } from '../../support/deploy-scene.ts';
import { EXIT } from '../../../src/errors.ts';

/** v1 serves, and a deploy of v2 was cut off before anything of it was registered. */
async function cutOff(): Promise<DeployScene> {
  const scene = await DeployScene.create();
  await scene.deploy('aaaa1111');
  await scene.crashAt('RegisterTaskDefinition', 'bbbb2222');
  return scene;
}

test('a resume deploys the recorded build, though a newer one is of the same commit', async () => {
  const scene = await cutOff();
  await scene.artifacts.create('hello', { value: 'hello:v3', tags: { SHA: 'bbbb2222' } });

  const run = await scene.deploy(undefined, { mode: 'resume' });

  expect(run.error).toBeUndefined();
  expect(scene.runningTasksOf('v2')).toBe(2);
  expect(scene.runningTasksOf('v3')).toBe(0);
});

test('a resume with another configuration or of another commit is refused', async () => {
  const scene = await cutOff();

  const [configuration, commit] = [
    await scene.deploy(undefined, { mode: 'resume', configSha: 'cfg00002' }),
    await scene.deploy('cccc3333', { mode: 'resume' }),
  ];

  for (const run of [configuration, commit]) {
    expect(run.changes).toEqual([]);
    expect(run.error).toMatchObject({ exitCode: EXIT.refused });
  }
});
