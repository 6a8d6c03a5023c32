/**
 * Goal: whatever a user gets wrong is told in one clear error with the place and the remedy, the
 * right exit code, and without a single change in AWS.
 * Method: the built executable against a sandbox whose call log is read afterwards.
 */
import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ModifyRuleCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { WorldFile } from '../../sandbox/world-file/world-file.ts';
import { type Finished, run } from '../support/executable.ts';
import { sdkClients } from '../support/sdk.ts';
import { exampleConfig, exampleWorld, Hello, type Json } from './hello.ts';

type Listener = NonNullable<NonNullable<WorldFile['loadBalancers']>[number]['listeners']>[number];
type Rule = NonNullable<Listener['rules']>[number];

/** Environments beside dev that nothing can be deployed to, each for a reason of its own. */
const BAD_ENVIRONMENTS: Record<
  string,
  { rules?: (blue: Rule, green: Rule) => Rule[]; desiredCount?: number }
> = {
  norule: { rules: (blue) => [blue] },
  tworules: { rules: (blue, green) => [blue, green, { ...blue, priority: 20, paths: ['/more'] }] },
  conditions: { rules: (blue, green) => [{ ...blue, paths: ['/only/*'] }, green] },
  weighted: {},
  zero: { desiredCount: 0 },
};

let hello: Hello;
let callsBefore = 0;

beforeAll(async () => {
  hello = await Hello.start({ world: badWorld(), config: badConfig() });
  await weighBlueRule();
});

afterAll(async () => {
  await hello.close();
});

beforeEach(async () => {
  await hello.writeConfig(badConfig());
  callsBefore = hello.sandbox.calls.count;
});

afterEach(() => {
  const changes = hello.sandbox.calls
    .entries()
    .filter(({ number }) => number > callsBefore)
    .filter(
      ({ operation, outcome }) => outcome === 'ok' && !/^(Describe|Get|List|Query)/.test(operation),
    );
  expect(changes).toEqual([]);
});

/** Copies dev's part of the example for each bad environment. */
function badWorld(): WorldFile {
  const world = exampleWorld();
  const named = <T>(part: readonly T[] | undefined, name: string): T[] =>
    JSON.parse(
      JSON.stringify(
        (part ?? []).filter((each) => JSON.stringify(each).includes('hello-dev')),
      ).replaceAll('hello-dev', `hello-${name}`),
    ) as T[];
  const more = Object.entries(BAD_ENVIRONMENTS).map(([name, { desiredCount = 2, rules }]) => ({
    clusters: named(world.clusters, name),
    targetGroups: named(world.targetGroups, name),
    services: named(world.services, name).map((service) => ({ ...service, desiredCount })),
    loadBalancers: named(world.loadBalancers, name).map((balancer) => ({
      ...balancer,
      listeners: (balancer.listeners ?? []).map((listener) => {
        const [blue, green] = listener.rules ?? [];
        return {
          ...listener,
          rules: rules && blue && green ? rules(blue, green) : [blue!, green!],
        };
      }),
    })),
  }));
  return {
    ...world,
    roles: [{ arn: 'arn:aws:iam::222222222222:role/deployer' }],
    clusters: [...(world.clusters ?? []), ...more.flatMap(({ clusters }) => clusters)],
    targetGroups: [
      ...(world.targetGroups ?? []),
      ...more.flatMap(({ targetGroups }) => targetGroups),
    ],
    services: [...(world.services ?? []), ...more.flatMap(({ services }) => services)],
    loadBalancers: [
      ...(world.loadBalancers ?? []),
      ...more.flatMap(({ loadBalancers }) => loadBalancers),
    ],
  };
}

function badConfig(): Json {
  const config = exampleConfig();
  const environments = config.Apps.hello.Environments;
  for (const name of Object.keys(BAD_ENVIRONMENTS)) {
    environments[name] = JSON.parse(
      JSON.stringify(environments.dev).replaceAll('hello-dev', `hello-${name}`),
    );
  }
  return config;
}

async function weighBlueRule(): Promise<void> {
  const { destroy, elb } = sdkClients(hello.sandbox.url, { accessKeyId: 'AKIASANDBOX' });
  const region = hello.sandbox.world.region('111111111111', 'us-east-1');
  const blue = [...region.elb.rules.values()].find((rule) =>
    JSON.stringify(rule.action).includes('hello-weighted-blue'),
  );
  const { blue: blueArn, green } = badConfig().Apps.hello.Environments.weighted.TargetGroupARNs;
  const TargetGroups = [
    { TargetGroupArn: blueArn, Weight: 90 },
    { TargetGroupArn: green, Weight: 10 },
  ];
  await elb.send(
    new ModifyRuleCommand({
      RuleArn: blue?.ruleArn,
      Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }],
    }),
  );
  destroy();
}

/** One error, told once, without a stack; nothing but it on standard error. */
function expectRefusal({ code, stderr, stdout }: Finished, exitCode: number, what: RegExp): void {
  const text = `${stdout}${stderr}`;
  expect({ code, text }).toEqual({ code: exitCode, text: expect.stringMatching(what) });
  expect(text).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  expect(text).not.toMatch(/Warning/);
}

const DEV = ['-app', 'hello', '-env', 'dev', '-sha', 'aaaa1111'];

test.each<[string, string[], number, RegExp]>([
  ['no -sha', ['-app', 'hello', '-env', 'dev'], 2, /-sha is missing/],
  ['an empty -sha', ['-app', 'hello', '-env', 'dev', '-sha', ''], 2, /-?sha.*empty/i],
  ['an unknown flag', [...DEV, '-resum'], 2, /resum.*\n?.*resume/],
  ['-resume with -start-over', [...DEV, '-resume', '-start-over'], 2, /exclude each other/],
  [
    'an unknown app',
    ['-app', 'helo', '-env', 'dev', '-sha', 'aaaa1111'],
    2,
    /"helo".*\n?.*-app hello/,
  ],
  [
    'an unknown environment',
    ['-app', 'hello', '-env', 'porod', '-sha', 'aaaa1111'],
    2,
    /"porod".*\n?.*-env prod/,
  ],
  ['a config that is not there', [...DEV, '-config', 'nope.json'], 2, /nope\.json/],
  ['a folder that is no git repository', DEV, 2, /git.*\n?.*-config-sha/is],
  [
    'a log file in no folder',
    [...DEV, '-config-sha', 'c', '-log-file', 'no/such/folder/x.log'],
    2,
    /log file/,
  ],
])('%s is a usage error', async (_what, args, exitCode, message) => {
  expectRefusal(await hello.run('ecs-deploy', ...args), exitCode, message);
});

test('a config that is no JSON is told with line and column', async () => {
  await hello.writeFile('deploy-config.json', '{\n  "ConfigRegion": "us-east-1",,\n}');

  expectRefusal(await hello.deploy('aaaa1111'), 2, /deploy-config\.json:2:\d+: not JSON/);
});

test('every error of a config is told at once, with paths and a suggestion', async () => {
  const config = badConfig();
  config.ConfigAccountID = '123';
  config.Apps.hello.Environments.dev.ListnerARN = config.Apps.hello.Environments.dev.ListenerARN;
  delete config.Apps.hello.Environments.dev.ListenerARN;
  await hello.writeConfig(config);

  const finished = await hello.deploy('aaaa1111');

  expectRefusal(finished, 2, /ConfigAccountID: found "123"/);
  expectRefusal(finished, 2, /Environments\.dev\.ListnerARN.*did you mean.*ListenerARN/i);
});

test('a template that names what there is not is told with its path', async () => {
  const config = badConfig();
  config.Apps.hello.ContainerDefinitionTemplates[0].Environment[0].Value = '{{.Enviroment}}';
  await hello.writeConfig(config);

  expectRefusal(
    await hello.deploy('aaaa1111'),
    2,
    /ContainerDefinitionTemplates\[0\]\.environment\[0\]\.value.*\{\{\.Enviroment\}\}[\s\S]*\{\{\.Environment\}\}/,
  );
});

test('an artifact that there is not is told with those that come close', async () => {
  expectRefusal(
    await hello.deploy('aaaa1112'),
    4,
    /SHA=aaaa1112.*hello:v1 \(SHA aaaa1111, build 1\)/,
  );
});

test.each<[string, RegExp]>([
  ['norule', /No rule .* green target group/],
  ['tworules', /2 rules forward to the blue target group/],
  ['conditions', /different conditions.*only/],
  ['weighted', /splits traffic by weight/],
  ['zero', /desired count of 0/],
])('environment %s is refused by what AWS has', async (environment, message) => {
  const args = ['-app', 'hello', '-env', environment, '-sha', 'aaaa1111', '-config-sha', 'c'];

  expectRefusal(await hello.run('ecs-deploy', ...args), 4, message);
});

test('credentials of another account are refused with both accounts', async () => {
  const config = badConfig();
  config.Credentials = {
    Provider: 'assume-role',
    RoleArn: 'arn:aws:iam::222222222222:role/deployer',
  };
  await hello.writeConfig(config);
  callsBefore = hello.sandbox.calls.count;

  const finished = await hello.deploy('aaaa1111');

  expectRefusal(finished, 4, /222222222222.*deployer.*AccountID.* is 111111111111/);
  // Assuming a role makes a session, which is no change of anything.
  callsBefore = hello.sandbox.calls.count;
});

test('missing credentials are told with how to get some', async () => {
  const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _key, ...env } = hello.sandbox.env;
  const args = [...DEV, '-config-sha', 'c'];
  const nowhere = { HOME: hello.folder, AWS_EC2_METADATA_DISABLED: 'true' };

  const finished = await run('ecs-deploy', args, {
    env: { ...env, ...nowhere },
    cwd: hello.folder,
  });

  expectRefusal(finished, 1, /credentials.* Nothing was changed[\s\S]*Log in, or set AWS_PROFILE/);
});

test('a role that may not be assumed is refused with its name', async () => {
  const config = badConfig();
  config.Credentials = { Provider: 'assume-role', RoleArn: 'arn:aws:iam::{{Account}}:role/nobody' };
  await hello.writeConfig(config);

  expectRefusal(
    await hello.deploy('aaaa1111'),
    1,
    /not authorized to perform: sts:AssumeRole.*role\/nobody/,
  );
});

type Git = (...args: string[]) => void;

test.each<[string, RegExp, (git: Git) => Promise<void> | void]>([
  ['untracked', /is not tracked by git/, () => {}],
  ['staged', /was added but not committed/, (git) => git('add', '.')],
  [
    'modified',
    /not as in commit .*modified/,
    async (git) => {
      git('add', '.');
      git('commit', '-qm', 'config');
      await hello.writeFile('deploy-config.json', JSON.stringify(badConfig()));
    },
  ],
])('a config that is %s in git is refused', async (_state, message, prepare) => {
  const user = ['-c', 'user.name=t', '-c', 'user.email=t@example.org'];
  const git: Git = (...args) => {
    execFileSync('git', [...user, ...args], { cwd: hello.folder });
  };
  git('init', '-q');
  git('commit', '-q', '--allow-empty', '-m', 'start');
  await prepare(git);

  const finished = await hello.run('ecs-deploy', ...DEV);

  await rm(join(hello.folder, '.git'), { recursive: true });
  expectRefusal(finished, 2, message);
});
