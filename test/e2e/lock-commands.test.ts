/**
 * Goal: a new user's first minutes with `init` and `lock`, typed at the built executables against a
 * sandbox over HTTP: what is printed, the exit codes, and what stands in the tables.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { exampleConfig, exampleWorld, Hello } from './hello.ts';

let hello: Hello;
beforeAll(async () => {
  const { tables: _tables, ...world } = exampleWorld();
  const config = { ...exampleConfig(), Lock: { LeaseSeconds: 3 } };
  hello = await Hello.start({ world: { ...world, tables: [] }, config, hasArtifacts: false });
});
afterAll(() => hello.close());

const ecsDeploy = (...args: string[]) => hello.run('ecs-deploy', ...args);
const lock = (action: string, ...args: string[]) =>
  ecsDeploy('lock', action, '-app', 'hello', '-env', 'dev', ...args);

test('a deploy without tables says so, init makes them, and changes nothing the next time', async () => {
  const without = await lock('show');
  expect(without).toMatchObject({ code: 4 });
  expect(without.stderr).toMatch(/DeployLock[^]*ecs-deploy init/);

  const first = await ecsDeploy('init');
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toMatch(/^DeployLock created .*\nArtifactDB created .*\n$/);

  const second = await ecsDeploy('init');
  expect(second.stdout).toMatch(/^DeployLock was there already.*\nArtifactDB was there already/);
});

test('a hold is shown, refuses a deploy with its reason, and is released', async () => {
  expect((await lock('show')).stdout).toBe('hello-dev: free\n');

  const held = await lock('hold', '-m', 'Migration');
  expect(held).toMatchObject({
    code: 0,
    stdout: 'Deploys of hello to dev are on hold now: Migration\n',
  });
  const shown = await lock('show', '--output', 'json');
  expect(JSON.parse(shown.stdout)).toMatchObject({
    schemaVersion: 1,
    lock: 'hello-dev',
    state: 'hold',
    hold: { reason: 'Migration' },
  });
  await hello.run('artifact-db', 'create', '-p', 'hello', '-v', 'hello:v1', '-t', '{"SHA":"a1b2"}');
  const deploy = await hello.deploy('a1b2', '--lock-wait', '1m');
  expect(deploy.code).toBe(3);
  expect(deploy.stdout).toMatch(
    /on hold: Migration[^]*ecs-deploy lock release -app hello -env dev/,
  );

  const json = await lock('release', '--output', 'json');
  expect(JSON.parse(json.stdout)).toEqual({ schemaVersion: 1, lock: 'hello-dev', state: 'free' });
  expect(await lock('release')).toMatchObject({ code: 4 });
  expect((await lock('break')).stdout).toBe('The lock of hello to dev was free already.\n');
});

test.each([
  [['lock'], 'Which one, show, hold, release or break?'],
  [['lock', 'hold', '-app', 'hello', '-env', 'dev'], 'Missing: -message'],
  [['lock', 'hold', '-app', 'hello', '-env', 'dev', '-m', ' '], '-m is empty'],
  [['lock', 'show', '-app', 'hello', '-env', 'devv'], 'Did you mean -env dev?'],
  [['lock', 'steal', '-app', 'hello', '-env', 'dev'], 'Unknown command'],
  [
    ['-app', 'hello', '-env', 'dev', '-sha', 'a1b2', '--lock-wait', '90'],
    '--lock-wait: found "90", expected a duration such as 90s',
  ],
])('%j is refused', async (args, complaint) => {
  const refused = await ecsDeploy(...args);

  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain(complaint);
});
