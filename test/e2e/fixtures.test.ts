/**
 * Goal: teams that used the original tools go on with the files that they have: the config as it is,
 * their own programs in PATH, CloudTamer's credentials of two accounts, dev first and then prod.
 * Method: the built executables with the fixtures of two partitions, each in a sandbox with what its
 * config names, and the sandbox's list of calls.
 */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Finished, run } from '../support/executable.ts';
import { type Change, FixtureScene } from './fixture-scene.ts';

/** The apps of all fixtures, with the SHA of the build that is in both accounts' registries. */
const BUILDS = [
  { app: 'network-config', sha: '5f0c1e2d' },
  { app: 'credentials-api', sha: '7a6b5c4d' },
] as const;

/** The one of them with commands around its deploys. */
const [{ app, sha }] = BUILDS;

/** A build of it that is in dev's registry alone. */
const BRANCH_SHA = '9b8a7c6d';

const FIXTURES = [
  {
    name: 'commercial',
    home: '111122223333 us-east-1',
    dev: ['444455556666 us-east-1', '444455556666 us-west-2'],
    partition: 'aws',
  },
  {
    name: 'gov',
    home: '777788889999 us-gov-west-1',
    dev: ['222233334444 us-gov-east-1', '222233334444 us-gov-west-1'],
    partition: 'aws-us-gov',
  },
] as const;

describe.each(FIXTURES)('the $name fixture', ({ name, home, dev, partition }) => {
  let scene: FixtureScene;
  let identity = '';
  const [account, region] = home.split(' ');

  beforeAll(async () => {
    scene = await FixtureScene.start(name);
    identity = scene.configSha;
    await each((...build) => scene.register(...build));
  });
  afterAll(() => scene.close());

  const closedTo = (project: string, build: string) =>
    `prod takes only what has been deployed to dev: ${project}:${build} (${project}:1) with configuration ${identity} has not been deployed there.`;

  /** Of both apps at once. */
  const each = <T>(work: (app: string, sha: string) => Promise<T>) =>
    Promise.all(BUILDS.map((build) => work(build.app, build.sha)));

  test('is valid as it is', async () => {
    const { code, stderr, stdout } = await scene.run('ecs-deploy', 'config', 'validate');

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/is valid: 2 apps, 4 environments\.\n$/);
  });

  test('prod refuses what was not in dev, before anything is changed or run', async () => {
    const { result, changes } = await scene.watched(() =>
      Promise.all([
        scene.to('prod', app, sha, 'plan', '-output', 'json'),
        each((...build) => scene.to('prod', ...build)),
      ]),
    );

    const [plan, deploys] = result;
    expect(plan.code).toBe(4);
    expect(JSON.parse(plan.stdout)).toMatchObject({ outcome: 'refused' });
    expect(refusalsOf(plan)).toEqual([{ name: 'gate', message: closedTo(app, sha) }]);
    for (const [index, deploy] of deploys.entries()) {
      const build = BUILDS[index] ?? BUILDS[0];
      expect(deploy.code).toBe(4);
      expect(deploy.stdout).toContain(`  ${closedTo(build.app, build.sha)}\n`);
      expect(deploy.stdout).toContain('\nServing now: the same as before\n');
    }
    expect(changes).toEqual([]);
    expect(await scene.queueCalls()).toEqual([]);
  });

  test('dev takes it, with the commands of the team around it', async () => {
    const plan = () => scene.to('dev', app, sha, 'plan');
    const before = await scene.watched(plan);
    const deployed = await scene.watched(() => each((...build) => scene.to('dev', ...build)));
    const after = await scene.watched(plan);

    expect({ before: before.result.code, after: after.result.code }).toEqual({
      before: 10,
      after: 0,
    });
    expect(before.result.stdout).toContain('task-queue -env dev stop');
    expect([...before.changes, ...after.changes]).toEqual([]);
    expect(deployed.result.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      BUILDS.map(() => ({ code: 0, stderr: '' })),
    );
    expect(await scene.queueCalls()).toEqual([
      'key-of-the-queue, attempt 1: -env dev stop',
      'key-of-the-queue, attempt 1: -env dev -allow-only network-config-dev:1 start',
    ]);
    expect(placesOf(deployed.changes)).toEqual({
      dynamodb: new Set([home]),
      ecs: new Set(dev),
      elasticloadbalancing: new Set(dev),
    });
    await each((...build) => scene.serves('dev', ...build));
  }, 60_000);

  test('prod takes what was in dev', async () => {
    const verified = await scene.to('prod', app, sha, 'verify');
    const deployed = await scene.watched(() => each((...build) => scene.to('prod', ...build)));

    expect(verified).toMatchObject({ code: 0 });
    expect(verified.stdout).toMatch(
      /1 warning, \d+ ok\. Nothing stands in the way of a deploy\.\n$/,
    );
    expect(deployed.result.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      BUILDS.map(() => ({ code: 0, stderr: '' })),
    );
    expect(deployed.result[0]?.stdout).toContain('[task-queue] I have noted: -env prod stop\n');
    expect(await scene.queueCalls()).toEqual([
      'key-of-the-queue, attempt 1: -env prod stop',
      'key-of-the-queue, attempt 1: -env prod -allow-only network-config-prod:1 start',
    ]);
    expect(placesOf(deployed.changes)).toEqual({
      dynamodb: new Set([home]),
      ecs: new Set([home]),
      elasticloadbalancing: new Set([home]),
    });
    await each((...build) => scene.serves('prod', ...build));
  }, 60_000);

  test('what its templates say reached ECS, in whatever case its keys are', async () => {
    const network = await scene.taskDefinition('network-config-prod');
    const credentials = await scene.taskDefinition('credentials-api-prod');

    expect(network).toMatchObject({
      taskDefinitionArn: `arn:${partition}:ecs:${region}:${account}:task-definition/network-config-prod:1`,
      executionRoleArn: `arn:${partition}:iam::${account}:role/network-config-prod-execution`,
      taskRoleArn: `arn:${partition}:iam::${account}:role/network-config-prod-task`,
      cpu: '512',
      memory: '1024',
      containerDefinitions: [
        {
          name: 'network-config-prod',
          image: expect.stringMatching(
            `^${account}\\.dkr\\.ecr\\.${region}\\.amazonaws\\.com/network-config.*@sha256:`,
          ),
          memoryReservation: 300,
          stopTimeout: 120,
          portMappings: [{ hostPort: 2020, containerPort: 2020, protocol: 'tcp' }],
          environment: [
            { name: 'STAGE', value: 'prod' },
            { name: 'BUILD', value: '1' },
            { name: 'LOG_LEVEL', value: 'warn' },
          ],
          secrets: [{ name: 'DB_PASSWORD', valueFrom: 'network-config-prod-db-password' }],
          logConfiguration: {
            logDriver: 'awslogs',
            options: {
              'awslogs-group': '/aws/ecs/network-config-prod',
              'awslogs-region': region,
              'awslogs-stream-prefix': 'web',
            },
          },
        },
      ],
    });
    expect(credentials.containerDefinitions?.[0]?.logConfiguration?.options).toEqual({
      'awslogs-group': '/aws/ecs/credentials-api-prod',
      'awslogs-region': region,
      'awslogs-stream-prefix': '7a6b5c4d',
    });
  });

  test('prod refuses an image that is in the registry of dev alone, before it takes the lock', async () => {
    await scene.register(app, BRANCH_SHA, { isMain: false });
    await scene.recordSuccess(app, 2, 'dev');

    const { result, changes } = await scene.watched(() => scene.to('prod', app, BRANCH_SHA));

    expect(result.code).toBe(4);
    expect(result.stdout).toContain(
      `The image ${app}:${BRANCH_SHA} is not in ECR of account ${account}, ${region}.`,
    );
    expect(changes).toEqual([]);
    expect(await scene.queueCalls()).toEqual([]);
  });

  test('what was done is told by status, by ecs-app-status and by the history', async () => {
    const [status, appStatus, history] = await Promise.all([
      scene.run('ecs-deploy', 'status'),
      scene.run('ecs-app-status', '-config', 'deploy-config.json', '-app', app),
      scene.run('ecs-deploy', 'history', '-app', app, '-output', 'json'),
    ]);

    expect(status.code).toBe(0);
    expect(status.stdout).toMatch(/\n4 environments: 4 healthy\.\n$/);
    for (const build of BUILDS) {
      const { length } = status.stdout.match(new RegExp(`${build.app}:${build.sha} `, 'g')) ?? [];
      expect({ app: build.app, length }).toEqual({ app: build.app, length: 2 });
    }
    const serving = (environment: string) =>
      `    Serving:   ${app}:${sha}/${identity} (taskdef=${app}-${environment}:1, status=PRIMARY, 1 tasks running)`;
    expect(appStatus).toEqual({
      code: 0,
      stderr: '',
      stdout: `${app}:
  Latest: ${app}:${sha}
  dev:
${serving('dev')}
    No deploy in progress
  prod:
${serving('prod')}
    No deploy in progress
`,
    });
    const record = {
      artifact: { value: `${app}:${sha}` },
      configSha: identity,
      outcome: 'success',
    };
    expect(JSON.parse(history.stdout)).toMatchObject({
      deploys: [
        { environment: 'prod', ...record },
        { environment: 'dev', ...record },
      ],
    });
  });

  test('none of it has shown a secret of the credentials', () => {
    const { known, printed } = scene.secrets();

    // A login and two accounts' keys for nearly each of the commands above.
    expect(known).toBeGreaterThan(20);
    expect(printed).toEqual([]);
  });
});

test('an app has the same identity in JSON and in YAML', async () => {
  const [json, yaml] = await Promise.all(
    ['commercial.json', 'commercial.yaml'].map((name) => {
      const config = fileURLToPath(new URL(`../fixtures/configs/${name}`, import.meta.url));
      return run('ecs-deploy', ['config', 'identity', '-app', app, '-config', config, ...SOME_SHA]);
    }),
  );

  expect(json?.stdout).toMatch(/^sha +c\ncontent +content\.[0-9a-f]{16}\n/);
  expect(yaml).toEqual(json);
});

/** The fixtures themselves may be modified while somebody works on them. */
const SOME_SHA = ['-config-sha', 'c'];

/** What a plan in JSON says against the deploy. */
function refusalsOf({ stdout }: Finished): object[] {
  const { checks } = JSON.parse(stdout) as {
    checks: { name: string; verdict: string; message: string }[];
  };
  return checks
    .filter(({ verdict }) => verdict === 'refused')
    .map(({ message, name }) => ({ name, message }));
}

/** Where each service was changed: accounts and Regions. */
function placesOf(changes: readonly Change[]): Record<string, Set<string>> {
  const places: Record<string, Set<string>> = {};
  for (const { accountId, region, service } of changes) {
    (places[service] ??= new Set()).add(`${accountId} ${region}`);
  }
  return places;
}
