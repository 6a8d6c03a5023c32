/**
 * Goal: the executable says over real HTTP what a deploy would do, ends as documented, and every call
 * that it makes is a read.
 * Method: the built ecs-deploy against a sandbox, before and after a deploy.
 */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { exampleConfig, Hello, quickWorld } from './hello.ts';

let hello: Hello;
beforeAll(async () => {
  hello = await Hello.start({ world: quickWorld(), timeScale: 0.05 });
});
afterAll(() => hello.close());
afterEach(() => hello.writeConfig(exampleConfig()));

/** @throws when it has called anything that is no read. */
async function plan(...args: string[]) {
  const before = hello.sandbox.calls.count;
  const flags = ['-app', 'hello', '-config-sha', 'cfg00001'];
  const finished = await hello.run('ecs-deploy', 'plan', ...flags, ...args);
  const calls = hello.sandbox.calls.entries().slice(before);
  for (const { operation } of calls) {
    expect(operation).toMatch(/^(?:Describe|List|Get|BatchGet|Query)/);
  }
  return { ...finished, calls: calls.length };
}

test('it ends with 10 before the first deploy, with 0 after it, and with 10 for another version', async () => {
  const before = await plan('-env', 'dev', '-sha', 'aaaa1111');
  const deploy = await hello.deploy('aaaa1111');
  const same = await plan('-env', 'dev', '-sha', 'aaaa1111');
  const other = await plan('-env', 'dev', '-sha', 'bbbb2222');

  expect(deploy.code).toBe(0);
  expect([before, same, other].map(({ code, stderr }) => ({ code, stderr }))).toEqual([
    { code: 10, stderr: '' },
    { code: 0, stderr: '' },
    { code: 10, stderr: '' },
  ]);
  expect(before.stdout).toMatch(/^→ hello in dev: .*; nothing serves now\.\n/);
  expect(same.stdout).toMatch(/^✓ hello in dev: hello:v1 with configuration cfg00001 serves/);
  expect(other.stdout).toMatch(/~ image\n {8}- \S+@sha256:\w+\n {8}\+ \S+@sha256:\w+\n/);
  // Each answer is asked for once.
  expect(other.calls).toBeLessThanOrEqual(20);
});

test('it ends with 4 where a deploy would be refused, and the JSON says by what', async () => {
  const { code, stdout } = await plan('-env', 'prod', '-sha', 'bbbb2222', '-output', 'json');

  const { schemaVersion, outcome, checks, steps } = JSON.parse(stdout);
  expect({ code, schemaVersion, outcome }).toEqual({
    code: 4,
    schemaVersion: 1,
    outcome: 'refused',
  });
  expect(checks.filter(({ verdict }: { verdict: string }) => verdict !== 'ok')).toMatchObject([
    { name: 'gate', exitCode: 4 },
  ]);
  expect(steps).toHaveLength(13);
});

test('it ends with 2 for a config that no deploy would take, without a call', async () => {
  const config = exampleConfig();
  delete config.Apps.hello.Environments.dev.Cluster;
  await hello.writeConfig(config);

  const { code, stdout, stderr, calls } = await plan('-env', 'dev', '-sha', 'bbbb2222');

  expect({ code, stdout, calls }).toEqual({ code: 2, stdout: '', calls: 0 });
  expect(stderr).toContain('Cluster');
});

test('it ends with 1 without credentials that are good for anything', async () => {
  const [rule] = hello.sandbox.faults.add([
    { operation: '*', do: { kind: 'reject', code: 'ExpiredTokenException', status: 400 } },
  ]);
  try {
    const { code, stdout, stderr } = await plan('-env', 'dev', '-sha', 'bbbb2222');

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/ExpiredToken.*\nLog in, /);
  } finally {
    hello.sandbox.faults.remove(rule!.number);
  }
});
