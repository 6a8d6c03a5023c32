/**
 * Goal: a deploy that is stopped or failed says what users get and what to type, shows no secret, and
 * can be finished; nobody deploys beside it. (Killed ones: crashes.test.ts.)
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import type { WorldFile } from '../../sandbox/world-file/world-file.ts';
import { exampleConfig, Hello, type Json, QUICK_TIME_SCALE, quickWorld } from './hello.ts';

let hello: Hello;

afterEach(async () => {
  await hello.close();
});

async function startHello(
  config: Json = exampleConfig(),
  world: WorldFile = quickWorld({ tasks: 1 }),
): Promise<void> {
  hello = await Hello.start({ world, config, timeScale: QUICK_TIME_SCALE });
}

function configWith(pre: Json[]): Json {
  const config = exampleConfig();
  config.Apps.hello.PreDeployCommandTemplates = pre;
  return config;
}

/** A command that runs a line of JavaScript. */
const script = (line: string) => ({ Program: process.execPath, Arguments: ['-e', line] });

/** A process that has ended is not there to be signalled. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('Ctrl-C during the rollout yields the lock; -resume finishes without waiting', async () => {
  await startHello();
  const first = hello.startDeploy('aaaa1111');
  await first.sees(/\[7\] Waiting/);

  first.child.kill('SIGINT');
  const stopped = await first.finished;
  const refused = await hello.deploy('bbbb2222');
  const resumed = await hello.deploy('aaaa1111', '-resume');

  expect(stopped.code).toBe(130);
  expect(stopped.stdout).toMatch(/\[7\] Interrupted after .*: Wait for the rollout/);
  expect(stopped.stdout).not.toMatch(/FAILED/);
  expect(stopped.stdout).toMatch(/ecs-deploy -app hello -env dev .*-resume/);
  expect(refused.code).toBe(3);
  expect(refused.stdout).toMatch(/cut off: hello:v1 .* at step 7, by process \d+ on .*, since 20/);
  expect(resumed.code).toBe(0);
  expect(resumed.stdout).toMatch(/\[6\].*skipped: ecs-svc\/\d+ exists/);
  expect(resumed.stdout).not.toMatch(/silent for a whole lease/);
  expect(resumed.stdout).toMatch(/Serving now: green, hello:v1/);
}, 60_000);

test('two deploys never act at once: the second is told who is at work', async () => {
  await startHello(configWith([script('setTimeout(() => {}, 60_000)')]));
  const first = hello.startDeploy('aaaa1111');
  await first.sees(/\[2\] Run pre-deploy commands/);

  const second = await hello.deploy('bbbb2222');
  first.child.kill('SIGTERM');
  const stopped = await first.finished;

  expect(second.code).toBe(3);
  expect(second.stdout).toMatch(/at work: hello:v1 with configuration cfg00001 at step 2/);
  expect(stopped.code).toBe(143);
}, 60_000);

test('a command that runs out of time is stopped with all that it has started', async () => {
  const config = configWith([
    script(
      "const c = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']); console.log('grandchild', c.pid); setInterval(() => {}, 1000);",
    ),
  ]);
  config.Apps.hello.Environments.dev.Timeouts = { CommandSeconds: 1 };
  await startHello(config);

  const finished = await hello.deploy('aaaa1111');

  expect(finished.code).toBe(1);
  expect(finished.stdout).toMatch(/did not end within 1 s and was stopped/);
  const pid = Number(/grandchild (\d+)/.exec(finished.stdout)?.[1]);
  expect(pid).toBeGreaterThan(0);
  expect(isRunning(pid)).toBe(false);
}, 60_000);

test("a command's output carries its name, and no secret appears on screen or in the log", async () => {
  const secret = 'sandbox-secret-access-key-0123456789';
  await startHello(
    configWith([script("console.log('key is ' + process.env.AWS_SECRET_ACCESS_KEY)")]),
  );
  hello.extraEnv = { AWS_SECRET_ACCESS_KEY: secret };

  const finished = await hello.deploy('aaaa1111', '-log-file', 'deploy.log');

  const log = await readFile(join(hello.folder, 'deploy.log'), 'utf8');
  expect(finished.code).toBe(0);
  expect(finished.stdout).toMatch(/\[.*node\] key is \*\*\*/);
  expect(finished.stdout + finished.stderr + log).not.toContain(secret);
  expect(log).toMatch(/"operation":"SetRulePriorities"/);
}, 60_000);

test('a rollout that fails says why, who serves, and what to type', async () => {
  await startHello(undefined, withBrokenImage(quickWorld({ tasks: 1 })));
  await hello.deploy('aaaa1111');
  await hello.register('hello:broken', 'dddd4444');

  const finished = await hello.deploy('dddd4444');

  expect(finished.code).toBe(1);
  expect(finished.stdout).toMatch(/do not stay up: \d+ tasks stopped.*exit code 3/);
  expect(finished.stdout).toMatch(/Serving now: green, hello:v1/);
  expect(finished.stdout).toMatch(/-resume[\s\S]*-sha dddd4444 .*-start-over/);
}, 60_000);

/** Its tasks end by themselves as soon as they have started. */
function withBrokenImage(world: WorldFile): WorldFile {
  const image = { tags: ['broken'], command: ['node', '-e', 'process.exit(3)'] };
  return {
    ...world,
    repositories: world.repositories?.map((repository) => ({
      ...repository,
      images: [...(repository.images ?? []), image],
    })),
  };
}
