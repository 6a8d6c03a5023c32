/**
 * Goal: the executable looks at everything over real HTTP, says what it found, and ends as documented.
 * Method: the built ecs-deploy against a sandbox, with nothing wrong, then with something.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { exampleConfig, Hello, quickWorld } from './hello.ts';

let hello: Hello;
beforeAll(async () => {
  hello = await Hello.start({ world: quickWorld() });
});
afterAll(() => hello.close());

const verify = (...args: string[]) =>
  hello.run('ecs-deploy', 'verify', '-app', 'hello', '-env', 'dev', ...args);

test('with nothing wrong it says so, and has changed nothing', async () => {
  const before = hello.sandbox.calls.count;

  const { code, stdout, stderr } = await verify('-sha', 'bbbb2222');

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^Accounts\n {2}✓ account 111111111111: /);
  // The config of the image was fetched from an address that needs no credentials.
  expect(stdout).toMatch(/✓ \S+\/hello:v2: is there \(sha256:\w+…\), for linux\/amd64\n/);
  expect(stdout).toMatch(
    /! hello in dev: 1 warning, \d+ ok\. Nothing stands in the way of a deploy\.\n$/,
  );
  const calls = hello.sandbox.calls.entries().slice(before);
  expect(calls.length).toBeGreaterThan(15);
  for (const { operation } of calls) {
    expect(operation).toMatch(/^(?:Describe|Get|BatchGet|Query|Simulate)/);
  }
});

test('a problem ends it with 4, and a script finds it in the JSON', async () => {
  const config = exampleConfig();
  config.Apps.hello.Environments.dev.Subnets = ['subnet-0'];
  await hello.writeConfig(config);
  try {
    const { code, stdout } = await verify('-output', 'json');

    const { schemaVersion, verdict, counts, checks } = JSON.parse(stdout);
    const network = checks.find(({ name }: { name: string }) => name === 'network');
    expect({ code, schemaVersion, verdict, problems: counts.problem }).toEqual({
      code: 4,
      schemaVersion: 1,
      verdict: 'problem',
      problems: 1,
    });
    expect(network.findings[0]).toEqual({
      verdict: 'problem',
      subject: 'subnet subnet-0',
      message: 'does not exist',
      hint: expect.any(String),
    });
  } finally {
    await hello.writeConfig(exampleConfig());
  }
});

test('what may not be looked at ends it with 0, and with 4 for who is strict', async () => {
  const [rule] = hello.sandbox.faults.add([
    { operation: 'iam.*', do: { kind: 'reject', code: 'AccessDenied', status: 403 } },
  ]);
  try {
    const lenient = await verify();
    const strict = await verify('--strict');

    expect({ lenient: lenient.code, strict: strict.code }).toEqual({ lenient: 0, strict: 4 });
    expect(lenient.stdout).toContain(
      'No problem was found, but not everything could be looked at.',
    );
    expect(lenient.stdout).toContain('allow iam:GetRole, iam:SimulatePrincipalPolicy.');
  } finally {
    hello.sandbox.faults.remove(rule!.number);
  }
});

test('what AWS did not answer ends it with 1, for who is strict as well', async () => {
  const [rule] = hello.sandbox.faults.add([
    { operation: 'logs.*', do: { kind: 'reject', code: 'ThrottlingException', status: 400 } },
  ]);
  try {
    const { code, stdout } = await verify('--strict');

    expect(code).toBe(1);
    expect(stdout).toMatch(
      /\n {2}AWS did not answer 1 of the questions: try again in a while\.\n$/,
    );
  } finally {
    hello.sandbox.faults.remove(rule!.number);
  }
});

test('without credentials that are good for anything it fails, and says what to do', async () => {
  const [rule] = hello.sandbox.faults.add([
    { operation: '*', do: { kind: 'reject', code: 'ExpiredTokenException', status: 400 } },
  ]);
  try {
    const { code, stdout, stderr } = await verify();

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/ExpiredToken.*\nLog in, /);
  } finally {
    hello.sandbox.faults.remove(rule!.number);
  }
});
