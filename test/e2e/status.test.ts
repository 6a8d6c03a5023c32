/**
 * Goal: the executables tell how every environment is, to people, scripts and monitors alike, and one
 * that can't be read hides no other. Method: the hello app with real processes, deployed to dev only,
 * and an environment whose cluster does not exist.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { start } from '../support/executable.ts';
import { exampleConfig, Hello, QUICK_TIME_SCALE, quickWorld } from './hello.ts';

let hello: Hello;
beforeAll(async () => {
  const config = exampleConfig();
  const { dev } = config.Apps.hello.Environments;
  config.Apps.hello.Environments.broken = { ...dev, Cluster: 'nowhere' };
  hello = await Hello.start({ world: quickWorld(), config, timeScale: QUICK_TIME_SCALE });
  expect((await hello.deploy('aaaa1111')).code).toBe(0);
});
afterAll(() => hello.close());

test('a status tells all environments, and exits 1 unless each of them is healthy', async () => {
  const { code, stderr, stdout } = await hello.run('ecs-deploy', 'status', '-app', 'hello');

  expect({ code, stderr }).toStrictEqual({ code: 1, stderr: '' });
  const [, dev, prod, broken] = stdout.split('\n\n');
  expect(dev).toMatch(/^hello dev {2}✓ healthy/);
  expect(dev).toContain(
    'serving  green  hello:v1  config cfg00001  2/2 tasks  2/2 healthy  PRIMARY  hello-dev:1  recorded success',
  );
  expect(prod).toMatch(/^hello prod {2}✗ degraded/);
  expect(prod).toContain('nothing is deployed here');
  expect(broken).toMatch(/^hello broken {2}\? unknown/);
  expect(broken).toContain('ClusterNotFoundException');
  expect(stdout).toMatch(/\n3 environments: 1 healthy, 1 degraded, 1 unknown\.\n$/);
});

test('of one environment that is healthy it exits 0, also for scripts', async () => {
  const text = await hello.run('ecs-deploy', 'status', '-env', 'dev');
  const json = await hello.run('ecs-deploy', 'status', '-env', 'dev', '-output', 'json');

  expect(text).toMatchObject({ code: 0, stderr: '' });
  expect(json).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(json.stdout)).toMatchObject({
    schemaVersion: 2,
    health: 'healthy',
    apps: [{ app: 'hello', environments: [{ environment: 'dev', lock: { state: 'free' } }] }],
  });
});

test('what the config lacks is a mistake, and no state', async () => {
  const { code, stderr, stdout } = await hello.run('ecs-deploy', 'status', '-env', 'nowhere');

  expect({ code, stdout }).toStrictEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('No app of the config has an environment "nowhere".');
});

test('the original prints what it can, and exits 1 for what it can not', async () => {
  const { code, stderr, stdout } = await hello.run('ecs-app-status', '-app', 'hello');

  expect(code).toBe(1);
  expect(stdout).toMatch(/^hello:\n {2}Latest: hello:v3\n {2}broken:\n {4}Error: /);
  expect(stdout).toContain(`
  dev:
    Serving:   hello:v1/cfg00001 (taskdef=hello-dev:1, status=PRIMARY, 2 tasks running)
    No deploy in progress
  prod:
    Serving:   none
    No deploy in progress
`);
  expect(stderr).toMatch(/^ecs-app-status: 1 of 3 environments could not be read: /);
});

test('a watch tells what changes until it is ended by Ctrl-C', async () => {
  const args = ['status', '-app', 'hello', '-env', 'dev', '-watch', '-interval', '1s'];
  const watch = start('ecs-deploy', args, {
    env: { ...hello.sandbox.env },
    cwd: hello.folder,
  });
  await watch.sees(/1 environment: 1 healthy/);

  await hello.run('ecs-deploy', 'lock', 'hold', '-app', 'hello', '-env', 'dev', '-m', 'Lunch');
  await watch.sees(/hello dev {2}✓ healthy .* lock hold\n/);
  watch.child.kill('SIGINT');
  const { code, stderr, stdout } = await watch.finished;

  expect({ code, stderr }).toStrictEqual({ code: 130, stderr: '' });
  // Whatever did not change was told once.
  expect(stdout.match(/✓ healthy/g)).toHaveLength(2);
});
