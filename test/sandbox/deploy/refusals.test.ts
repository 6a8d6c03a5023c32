/**
 * Goal: refused means untouched. Each refusal names the place and the remedy, has its exit code, and
 * has written nothing: no change in ECS or ELB, and the lock's item as it was.
 */
import { expect, test } from '@jest/globals';
import type { WorldFile } from '../../../sandbox/world-file/world-file.ts';
import { DeployError, EXIT } from '../../../src/errors.ts';
import { DeployScene, type RunOptions } from '../../support/deploy-scene.ts';

/** Deploys what must be refused, and checks that nothing was touched. */
async function refused(scene: DeployScene, sha: string, options: RunOptions = {}) {
  const updates = scene.lockStore.updates;
  const run = await scene.deploy(sha, options);

  expect(run.changes).toEqual([]);
  expect(scene.lockStore.history.length).toBe(scene.historyAtStart);
  expect(scene.commands).toEqual([]);
  expect(run.error).toBeInstanceOf(DeployError);
  const error = run.error as DeployError;
  expect(error.hint).not.toBe('');
  expect(run.events.at(-1)).toMatchObject({ type: 'deploy.failed', exitCode: error.exitCode });
  const { exitCode, hint, message } = error;
  return { exitCode, hint, message, triedLock: scene.lockStore.updates > updates };
}

type Rules = NonNullable<NonNullable<WorldFile['loadBalancers']>[0]['listeners']>[0]['rules'];

/** A world in which the dev listener has other rules. */
function sceneWithRules(change: (rules: NonNullable<Rules>) => NonNullable<Rules>) {
  return DeployScene.create({
    adaptWorld: (file) => ({
      ...file,
      loadBalancers: (file.loadBalancers ?? []).map((balancer) => ({
        ...balancer,
        listeners: (balancer.listeners ?? []).map((listener) => ({
          ...listener,
          rules: change([...(listener.rules ?? [])]),
        })),
      })),
    }),
  });
}

test('an artifact that does not exist is refused with those that come close', async () => {
  const scene = await DeployScene.create();

  const error = await refused(scene, 'bbbb2221');

  expect(error).toMatchObject({ exitCode: EXIT.refused, triedLock: false });
  expect(error.message).toMatch(/SHA=bbbb2221.*hello:v2 \(SHA bbbb2222, build 2\)/);
});

test('a rule that is missing is refused with its colour', async () => {
  const scene = await sceneWithRules((rules) => rules.slice(0, 1));

  const error = await refused(scene, 'aaaa1111');

  expect(error.exitCode).toBe(EXIT.refused);
  expect(error.message).toMatch(/No rule .* green target group arn:/);
});

test('two rules for one colour are refused with both', async () => {
  const scene = await sceneWithRules((rules) => [
    ...rules,
    { priority: 20, paths: ['/x'], targetGroup: rules[0]?.targetGroup ?? '' },
  ]);

  const error = await refused(scene, 'aaaa1111');

  expect(error.message).toMatch(/2 rules forward to the blue .*priority 11.*priority 20/);
});

test('rules with different conditions are refused with both conditions', async () => {
  const scene = await sceneWithRules(([blue, green]) => [
    { ...blue!, paths: ['/api/*'] },
    { ...green!, paths: ['*'] },
  ]);

  const error = await refused(scene, 'aaaa1111');

  expect(error.message).toMatch(/different conditions.*api/);
});

test('the order of equal conditions does not matter', async () => {
  const scene = await sceneWithRules(([blue, green]) => [
    { ...blue!, paths: ['/a', '/b'], hosts: ['x.example'] },
    { ...green!, paths: ['/b', '/a'], hosts: ['x.example'] },
  ]);

  const run = await scene.deploy('aaaa1111');

  expect(run.error).toBeUndefined();
});

test('weighted rules are refused: this tool did not write them', async () => {
  const scene = await DeployScene.create();
  const [blue] = await scene.rules();
  const { TargetGroupARNs } = scene.environmentConfig() as {
    TargetGroupARNs: Record<string, string>;
  };
  await scene.thirdParty('ModifyRule', {
    RuleArn: blue?.ruleArn,
    Actions: [
      {
        Type: 'forward',
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: TargetGroupARNs['blue'], Weight: 9 },
            { TargetGroupArn: TargetGroupARNs['green'], Weight: 1 },
          ],
        },
      },
    ],
  });

  const error = await refused(scene, 'aaaa1111');

  expect(error.message).toMatch(/splits traffic by weight.*: 9.*: 1/);
});

test('a desired count of 0 is refused', async () => {
  const scene = await DeployScene.create();
  await scene.thirdParty('UpdateService', {
    cluster: 'hello-dev',
    service: 'hello-dev',
    desiredCount: 0,
  });

  const error = await refused(scene, 'aaaa1111');

  expect(error).toMatchObject({ exitCode: EXIT.refused });
  expect(error.message).toMatch(/desired count of 0/);
});

test('a service that does not exist is refused with its name', async () => {
  const scene = await DeployScene.create();
  scene.environmentConfig()['Service'] = 'hello-dew';

  const error = await refused(scene, 'aaaa1111');

  expect(error.message).toMatch(/Service hello-dew in cluster hello-dev does not exist/);
});

test('credentials of another account are refused before anything else is told', async () => {
  const scene = await DeployScene.create();
  scene.accountProblem = 'The credentials belong to account 999999999999';

  const error = await refused(scene, 'no-such-sha');

  expect(error.message).toMatch(/999999999999/);
});

test('the gate refuses what was not deployed to the environment before', async () => {
  const scene = await DeployScene.create();

  const error = await refused(scene, 'aaaa1111', { environmentName: 'prod' });

  expect(error).toMatchObject({ exitCode: EXIT.refused, triedLock: false });
  expect(error.message).toMatch(
    /prod takes only .* dev: hello:v1 .* cfg00001 has not been deployed/,
  );
});

test('the gate lets through what was, with the same configuration only', async () => {
  const scene = await DeployScene.create();
  await scene.deploy('aaaa1111');
  scene.historyAtStart = scene.lockStore.history.length;

  const other = await scene.deploy('aaaa1111', { environmentName: 'prod', configSha: 'cfg00002' });
  const same = await scene.deploy('aaaa1111', { environmentName: 'prod' });

  expect(other.error).toMatchObject({ exitCode: EXIT.refused });
  expect(same.error).toBeUndefined();
});

test('a template error is refused with its path', async () => {
  const scene = await DeployScene.create();
  Object.assign(scene.appConfig(), {
    PostDeployCommandTemplates: [{ Program: 'x', Arguments: ['{{.Artifact.Valeu}}'] }],
  });

  const error = await refused(scene, 'aaaa1111');

  expect(error.exitCode).toBe(EXIT.usage);
  expect(error.message).toMatch(/PostDeployCommandTemplates\[0\]\.arguments\[0\].*Valeu/i);
});

test('a lock that a live deploy holds is refused with who, since when and at which step', async () => {
  const scene = await DeployScene.create();
  let second: Promise<unknown> | undefined;
  scene.client.onCall = ({ operation }) => {
    if (operation !== 'CreateTaskSet' || second) return;
    second = scene.deployConcurrently('bbbb2222').then(
      () => undefined,
      (error: unknown) => error,
    );
  };

  const first = await scene.deploy('aaaa1111');
  const error = (await second) as DeployError;

  expect(first.error).toBeUndefined();
  expect(error).toMatchObject({ exitCode: EXIT.locked });
  expect(error.message).toMatch(
    /Another deploy is at work: hello:v1 with configuration cfg00001 at step 7, by process 1 on test, since 20\d\d-/,
  );
  expect(error.hint).toMatch(/Wait/);
});

test('a lock of a deploy that was cut off is refused with both ways to go on', async () => {
  const scene = await DeployScene.create();
  await scene.crashAt('CreateTaskSet', 'aaaa1111');
  scene.historyAtStart = scene.lockStore.history.length;
  const before = scene.lockStore.item('hello-dev');

  const error = await refused(scene, 'bbbb2222');

  expect(error.exitCode).toBe(EXIT.locked);
  expect(error.message).toMatch(/cut off: hello:v1 .* at step 6/);
  expect(error.hint).toMatch(/-resume[^]*-start-over/);
  expect(scene.lockStore.item('hello-dev')).toEqual(before);
});

test('what to type names the configuration of the deploy that was cut off, unless it is a commit', async () => {
  const scene = await DeployScene.create();
  await scene.crashAt('CreateTaskSet', 'aaaa1111', { configSha: 'p1' });

  const run = await scene.deploy('bbbb2222', { flags: ['-config-sha', 'p2'], configSha: 'p2' });

  expect(run.error).toBeInstanceOf(DeployError);
  expect((run.error as DeployError).hint).toMatch(
    /-env dev -config-sha p1 -resume [^]*-sha bbbb2222 -config-sha p2 -start-over/,
  );
});
