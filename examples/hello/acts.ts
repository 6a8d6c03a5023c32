import { once } from 'node:events';
import { pause, print, say, type Stage } from './stage.ts';

/** So much traffic is shown between the deploys. */
const MARGIN_MS = 1_500;

const DEPLOY = ['-app', 'hello', '-env', 'dev', '-config-sha', 'demo'];

/** Act 1: builds are registered, and the first one is deployed. Nobody uses the app yet. */
export async function firstDeploy(stage: Stage): Promise<void> {
  say('Three builds of hello have passed CI, which registers each of them under its commit');
  for (const [image, sha] of [
    ['hello:v1', 'aaaa1111'],
    ['hello:v2', 'bbbb2222'],
    ['hello:v3', 'cccc3333'],
  ] as const) {
    await stage.run('artifact-db', 'create', '-p', 'hello', '-v', image, '-t', `{"SHA":"${sha}"}`);
  }
  await stage.run('ecs-deploy', ...DEPLOY, '-sha', 'aaaa1111');
  // AWS tells nobody when a node has applied new rules; before the first version that shows.
  for (const url of stage.urls()) while (!(await fetch(url)).ok) await pause(50);
}

/** Act 2: the next version replaces it under traffic. */
export async function deployUnderTraffic(stage: Stage): Promise<void> {
  await pause(MARGIN_MS);
  await stage.run('ecs-deploy', ...DEPLOY, '-sha', 'bbbb2222');
  await pause(MARGIN_MS);
}

/**
 * Act 3: the third deploy is killed at the worst moment, and another process finishes it.
 * @param onKill Told of the moment.
 */
export async function deployIsKilled(stage: Stage, onKill: () => void): Promise<void> {
  await killRightAfterTheSwap(stage);
  onKill();
  if (process.stdout.isTTY) print(''); // Its live line is still there.
  say('Killed (SIGKILL): the load balancer had just swapped, and the deployer never heard of it');
  say('It could not clean up, and still has the lock. What is in AWS now?');
  await stage.look('ecs-deploy', 'status', '-app', 'hello', '-env', 'dev');
  say('v3 serves, but for ECS v2 is PRIMARY, and nothing is recorded. Who has the lock?');
  await stage.run('ecs-deploy', 'lock', 'show', '-app', 'hello', '-env', 'dev');
  say('Nobody who is alive. Anybody may finish the deploy, also from another machine:');
  await stage.run('ecs-deploy', ...DEPLOY, '-resume');
  await pause(MARGIN_MS);
}

/** The swap takes effect, its answer is held back, and the deployer is killed meanwhile. */
async function killRightAfterTheSwap(stage: Stage): Promise<void> {
  const { calls, faults } = stage.sandbox;
  faults.add([
    {
      operation: 'elasticloadbalancing.SetRulePriorities',
      nth: 1,
      do: { kind: 'hang', when: 'after' },
    },
  ]);
  const deploy = stage.start('ecs-deploy', ...DEPLOY, '-sha', 'cccc3333');
  const ended = once(deploy, 'exit');
  while (deploy.exitCode === null && !calls.entries().some(({ answer }) => answer === 'hung')) {
    await pause(10);
  }
  deploy.kill('SIGKILL');
  await ended;
  faults.remove();
  if (deploy.signalCode !== 'SIGKILL') throw new Error('It ended before it could be killed.');
}
