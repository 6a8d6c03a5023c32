/**
 * Goal: a build gets to prod in the order that the config asks for, and everybody can read who did it.
 * Method: the built executable against a sandbox with two accounts, whose roles it assumes. Prod's
 * registry has been given one of the builds only.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { EXIT } from '../../src/errors.ts';
import type { WorldFile } from '../../sandbox/world-file/world-file.ts';
import { type Finished, start } from '../support/executable.ts';
import { sdkClients } from '../support/sdk.ts';
import { exampleConfig, Hello, type Json, QUICK_TIME_SCALE, quickWorld } from './hello.ts';

const PROD_ACCOUNT = '222222222222';
const PROD_KEY = 'AKIAPROD';
const roleOf = (accountId: string) => `arn:aws:iam::${accountId}:role/deployer`;
const toProdAccount = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value).replaceAll('111111111111', PROD_ACCOUNT)) as T;

/** The example with prod in an account of its own. */
function twoAccounts(): WorldFile {
  const world = quickWorld({ tasks: 1 });
  const isProd = (what: { name: string }) => what.name.startsWith('hello-prod');
  const isDev = (what: { name: string }) => !isProd(what);
  const [hello] = world.repositories ?? [];
  const prod = {
    accountId: PROD_ACCOUNT,
    clusters: ['hello-prod'],
    vpcs: world.vpcs,
    services: world.services?.filter(isProd),
    targetGroups: world.targetGroups?.filter(isProd),
    loadBalancers: world.loadBalancers?.filter(isProd),
    repositories: [
      { name: 'hello', images: hello?.images?.filter(({ tags }) => tags.includes('v1')) },
    ],
  };
  return {
    ...world,
    roles: [...(world.roles ?? []), { arn: roleOf('111111111111') }, { arn: roleOf(PROD_ACCOUNT) }],
    credentials: [{ accessKeyId: PROD_KEY, accountId: PROD_ACCOUNT }],
    clusters: ['hello-dev'],
    services: world.services?.filter(isDev),
    targetGroups: world.targetGroups?.filter(isDev),
    loadBalancers: world.loadBalancers?.filter(isDev),
    elsewhere: [toProdAccount(prod)],
  };
}

function configOfTwoAccounts(): Json {
  const config = exampleConfig();
  config.Credentials = { Provider: 'assume-role', RoleArn: roleOf('{{.Account}}') };
  const { Environments } = config.Apps.hello;
  Environments.prod = toProdAccount(Environments.prod);
  return config;
}

let hello: Hello;
beforeAll(async () => {
  hello = await Hello.start({
    world: twoAccounts(),
    config: configOfTwoAccounts(),
    timeScale: QUICK_TIME_SCALE,
  });
});
afterAll(() => hello.close());

function ecsDeploy(...args: string[]): Promise<Finished> {
  const env = {
    ...hello.sandbox.env,
    CI_JOB_URL: 'https://ci.example/7',
    GITLAB_USER_LOGIN: 'ann',
  };
  return start('ecs-deploy', args, { env, cwd: hello.folder }).finished;
}
const deploy = (env: string, sha: string, ...args: string[]) =>
  ecsDeploy('-app', 'hello', '-env', env, '-sha', sha, '-config-sha', 'cfg00001', ...args);

test('prod refuses a build, takes it once dev has it, and refuses one that it has no image of', async () => {
  const tooEarly = await deploy('prod', 'aaaa1111');
  const toDev = await deploy('dev', 'aaaa1111');
  const toProd = await deploy('prod', 'aaaa1111');
  const reason = 'dev is down';
  const noImage = await deploy('prod', 'bbbb2222', '--override-gate', reason);
  const history = await ecsDeploy('history', '-app', 'hello');
  const newest = await ecsDeploy('history', '-app', 'hello', '-limit', '1');
  const inJson = await ecsDeploy('history', '-app', 'hello', '-env', 'prod', '-output', 'json');

  expect(tooEarly.stdout).toMatch(/prod takes only what has been deployed to dev: hello:v1/);
  expect(toDev).toMatchObject({ code: EXIT.ok, stderr: '' });
  expect(toProd).toMatchObject({ code: EXIT.ok, stderr: '' });
  expect(noImage.stdout).toMatch(/Overridden: dev is down/);
  expect(noImage.stdout).toMatch(/The image hello:v2 is not in ECR of account 222222222222/);
  expect([tooEarly.code, noImage.code]).toEqual([EXIT.refused, EXIT.refused]);
  expect(await imageInProd()).toMatch(/^222222222222\.dkr\.ecr\.us-east-1\.\S+\/hello@sha256:/);

  expect(history).toMatchObject({ code: EXIT.ok, stderr: '' });
  const lines = history.stdout.split('\n').filter((line) => /^\d/.test(line));
  expect(lines).toEqual([
    expect.stringMatching(/^\S+Z {2}prod {2}success {2}hello:v1 {2}config cfg00001 {2}.* ann@/),
    expect.stringMatching(/^\S+Z {2}dev {3}success {2}hello:v1 {2}config cfg00001 {2}.* ann@/),
  ]);
  expect(newest.stdout.split('\n')[0]).toBe(lines[0]);
  expect(newest.stdout).not.toContain(' dev ');
  expect(newest.stderr).toBe('There are older deploys: ask for more with --limit.\n');
  expect(JSON.parse(inJson.stdout)).toMatchObject({
    schemaVersion: 1,
    app: 'hello',
    isWhole: true,
    deploys: [{ environment: 'prod', outcome: 'success', by: { job: 'https://ci.example/7' } }],
  });
}, 120_000);

/** What runs there, as ECS of that account has it. */
async function imageInProd(): Promise<string | undefined> {
  const { destroy, ecs } = sdkClients(hello.sandbox.url, { accessKeyId: PROD_KEY });
  const { taskDefinition } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: 'hello-prod' }),
  );
  destroy();
  return taskDefinition?.containerDefinitions?.[0]?.image;
}
