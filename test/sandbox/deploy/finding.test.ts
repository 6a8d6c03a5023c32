/**
 * Goal: a deploy takes the artifact that is meant, or says which ones may be.
 * Method: SHAs of all lengths against builds with tags of all lengths.
 */
import { expect, test } from '@jest/globals';
import { DeployError, EXIT } from '../../../src/errors.ts';
import { DeployScene, type Run } from '../../support/deploy-scene.ts';

const LONG = 'bbbb2222cccc3333dddd4444eeee5555ffff6666';

const notes = ({ events }: Run) =>
  events.flatMap((event) => (event.type === 'note' ? [event.message] : []));

function expectRefused(scene: DeployScene, { changes, error }: Run, message: RegExp): void {
  const exitCode = error instanceof DeployError ? error.exitCode : undefined;
  expect({ exitCode, changes }).toEqual({ exitCode: EXIT.refused, changes: [] });
  expect(error?.message).toMatch(message);
  expect(scene.lockStore.updates).toBe(0);
}

test('the very SHA is taken without a word, also when another build begins alike', async () => {
  const scene = await DeployScene.create();
  await scene.artifacts.create('hello', { value: 'hello:v3', tags: { SHA: LONG } });

  const run = await scene.deploy('bbbb2222');

  expect(run.serving).toMatchObject({ artifact: 'hello:v2' });
  expect(notes(run)).toEqual([]);
});

test.each([
  ['shorter than the tag', 'bbbb222'],
  ['longer than the tag', LONG],
])('a SHA that is %s is taken for it, aloud', async (_, sha) => {
  const scene = await DeployScene.create();

  const run = await scene.deploy(sha);

  expect(run.serving).toMatchObject({ artifact: 'hello:v2' });
  expect(notes(run)).toContain(`${sha} is taken for hello:v2 (SHA bbbb2222, build 2)`);
});

test('a SHA that several commits begin with is refused, with all of them', async () => {
  const scene = await DeployScene.create();
  await scene.artifacts.create('hello', { value: 'hello:v3', tags: { SHA: 'bbbb2223' } });

  const run = await scene.deploy('bbbb222');

  expectRefused(
    scene,
    run,
    /^Several artifacts of project hello have a SHA that bbbb222 may stand for: hello:v3 \(SHA bbbb2223, build 4\); hello:v2 \(SHA bbbb2222, build 2\)\.$/,
  );
});

test('a slip of the fingers is refused with what may have been meant', async () => {
  const scene = await DeployScene.create();

  const run = await scene.deploy('bbbb2212');

  expectRefused(
    scene,
    run,
    /^No artifact of project hello is tagged SHA=bbbb2212\. Perhaps meant: hello:v2 \(SHA bbbb2222, build 2\)\.$/,
  );
});

test('a search that gave up says how far it went', async () => {
  const scene = await DeployScene.create();
  const find = scene.artifacts.findBySha.bind(scene.artifacts);
  scene.artifacts.findBySha = (project, sha) => find(project, sha, { buildsMax: 2 });

  const run = await scene.deploy('bbbb2212');

  expectRefused(scene, run, /is tagged SHA=bbbb2212 among its newest 3 builds\. Perhaps meant/);
});

test('a project without artifacts is named', async () => {
  const scene = await DeployScene.create();
  Object.assign(scene.appConfig(), { ArtifactDBProjectName: 'hullo' });

  const run = await scene.deploy('bbbb2222');

  expectRefused(
    scene,
    run,
    /^No artifact of project hullo is tagged SHA=bbbb2222\. The project has no artifacts with a SHA\.$/,
  );
});
