/**
 * Goal: a config can be written in YAML, name what is outside of it, and be checked and looked at
 * without a deploy.
 * Method: the built executable against a sandbox whose call log is read afterwards.
 */
import { execFileSync } from 'node:child_process';
import { DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { run } from '../support/executable.ts';
import { sdkClients } from '../support/sdk.ts';
import { exampleConfig, Hello, type Json, QUICK_TIME_SCALE, quickWorld } from './hello.ts';

/** The example with variables that come from elsewhere. */
function config(more: readonly Json[] = []): Json {
  const file = exampleConfig();
  file.Apps.hello.ContainerDefinitionTemplates[0].Environment = [
    { Name: 'STAGE', Value: '{{env "STAGE"}}-{{.Environment}}' },
    { Name: 'URL', Value: '{{ssm (printf "/hello/%s/url" .Environment)}}/x' },
    { Name: 'SECRET_NAME', Value: '{{secretArn "hello/key"}}' },
    ...more,
  ];
  return file;
}

let hello: Hello;
let callsBefore = 0;

beforeAll(async () => {
  hello = await Hello.start({
    config: config(),
    timeScale: QUICK_TIME_SCALE,
    world: {
      ...quickWorld({ tasks: 1 }),
      parameters: [
        { name: '/hello/dev/url', type: 'String', value: 'https://dev.example.org' },
        { name: '/hello/dev/key', type: 'SecureString', value: 'hunter2' },
      ],
      secrets: [{ name: 'hello/key', value: 'hunter2' }],
    },
  });
});

afterAll(() => hello.close());

beforeEach(async () => {
  hello.extraEnv = { STAGE: 'blue' };
  callsBefore = hello.sandbox.calls.count;
  await hello.writeConfig(config());
});

const calls = () =>
  hello.sandbox.calls
    .entries()
    .filter(({ number }) => number > callsBefore)
    .map(({ operation }) => operation);

test('what templates name outside of the config is in the task definition, from YAML too', async () => {
  await hello.writeFile('deploy.yaml', stringify(config()));

  const { code, stderr, stdout } = await hello.deploy('aaaa1111', '-config', 'deploy.yaml');

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/Serving now: green, hello:v1/);
  const { destroy, ecs } = sdkClients(hello.sandbox.url);
  const { taskDefinition } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: 'hello-dev' }),
  );
  destroy();
  expect(taskDefinition?.containerDefinitions?.[0]?.environment).toEqual([
    { name: 'STAGE', value: 'blue-dev' },
    { name: 'URL', value: 'https://dev.example.org/x' },
    {
      name: 'SECRET_NAME',
      value: expect.stringMatching(/^arn:aws:secretsmanager:.*:secret:hello\/key-\w{6}$/),
    },
  ]);
  const asked = calls().filter((operation) => /^(?:GetParameters|DescribeSecret)$/.test(operation));
  expect(asked.sort()).toEqual(['DescribeSecret', 'GetParameters']);
});

test('references without a value are all told at once, and nothing is changed', async () => {
  hello.extraEnv = {};
  await hello.writeConfig(
    config([
      { Name: 'A', Value: '{{ssm "/hello/nowhere"}}' },
      { Name: 'B', Value: '{{ssm "/hello/dev/key"}}' },
      { Name: 'C', Value: '{{secretArn "hello/nowhere"}}' },
    ]),
  );

  const { code, stdout, stderr } = await hello.deploy('aaaa1111');

  const text = stdout + stderr;
  expect({ code, text }).toEqual({
    code: 2,
    text: expect.stringContaining('4 references of the config have no value'),
  });
  expect(text).toMatch(/environment\[0\]\.value: \{\{env "STAGE"\}\} is not set/);
  expect(text).toMatch(/environment\[3\]\.value: \{\{ssm "\/hello\/nowhere"\}\} is not there/);
  expect(text).toMatch(
    /environment\[4\]\.value: \{\{ssm "\/hello\/dev\/key"\}\} is a SecureString/,
  );
  expect(text).toMatch(/environment\[5\]\.value: \{\{secretArn "hello\/nowhere"\}\} is not there/);
  expect(text).not.toContain('hunter2');
  expect(calls().filter((operation) => !/^(?:Describe|Get|List|Query)/.test(operation))).toEqual(
    [],
  );
});

test('validate lists what is wrong in every part, and asks AWS nothing', async () => {
  const wrong = config([{ Name: 'A', Value: '{{.Enviroment}}' }]);
  wrong.ConfigAccountID = '123';
  await hello.writeFile('wrong.yaml', stringify(wrong));

  const good = await hello.run('ecs-deploy', 'config', 'validate');
  const bad = await hello.run('ecs-deploy', 'config', 'validate', '-config', 'wrong.yaml');

  expect(good).toMatchObject({ code: 0, stderr: '' });
  expect(good.stdout).toMatch(/STAGE.* is not set here[^]*is valid: 1 app, 2 environments, 1 warn/);
  expect(bad).toMatchObject({ code: 2, stderr: '' });
  expect(bad.stdout).toMatch(/wrong\.yaml:1:18: ConfigAccountID: found "123"/);
  expect(bad.stdout).toMatch(/wrong\.yaml:\d+:\d+: Apps\.hello\..*value: template, line 1, col/);
  expect(calls()).toEqual([]);
});

test.each([
  ['no JSON', 'deploy-config.json', '{"Apps": }', /deploy-config\.json:1:10: not JSON/],
  ['a trap of YAML', 'c.yaml', 'ConfigAccountID: 012345678901', /c\.yaml:1:18: ConfigAccountID: /],
  ['no mapping', 'c.yaml', '- a', /c\.yaml:1:1: the config: found a list, expected an object/],
  ['braces without end', 'c.yaml', '{'.repeat(5_000), /c\.yaml:1:\d+: nested deeper/],
])(
  'a deploy with %s is refused with the place, and AWS is asked nothing',
  async (_, name, text, expected) => {
    await hello.writeFile(name, text);

    const { code, stderr, stdout } = await hello.deploy('aaaa1111', '-config', name);

    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(expected),
    });
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(calls()).toEqual([]);
  },
);

test('show renders the artifact that a deploy would find, and masks what parameters hold', async () => {
  const env = { ...hello.sandbox.env, STAGE: 'blue' };
  const args = ['config', 'show', '-app', 'hello', '-env', 'dev', '-sha', 'bbbb2222'];

  const { code, stderr, stdout } = await run('ecs-deploy', args, { env, cwd: hello.folder });

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const shown: Json = JSON.parse(stdout);
  expect(shown.artifact).toMatchObject({ value: 'hello:v2', buildNumber: 2, isPlaceholder: false });
  expect(shown.environments.dev.containerDefinitions[0].environment).toEqual([
    { name: 'STAGE', value: 'blue-dev' },
    { name: 'URL', value: '***/x' },
    expect.objectContaining({ name: 'SECRET_NAME' }),
  ]);
  expect(stdout).not.toContain('dev.example.org');
  expect(new Set(calls())).toEqual(new Set(['Query', 'GetParameters', 'DescribeSecret']));
});

test("identity names git's commit and what the config says", async () => {
  const git = (...args: string[]) => {
    const user = ['-c', 'user.name=t', '-c', 'user.email=t@example.org'];
    return execFileSync('git', [...user, ...args], { cwd: hello.folder, encoding: 'utf8' });
  };
  git('init', '-q');
  git('add', 'deploy-config.json');
  git('commit', '-qm', 'config');
  const sha = git('rev-parse', '--short=8', 'HEAD').trim();

  const { code, stderr, stdout } = await hello.run(
    'ecs-deploy',
    'config',
    'identity',
    '-app',
    'hello',
  );

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(
    new RegExp(`^sha {6}${sha}\ncontent  content\\.[0-9a-f]{16}\ngate {5}dev: no gate\n`),
  );
  expect(calls()).toEqual([]);
});
