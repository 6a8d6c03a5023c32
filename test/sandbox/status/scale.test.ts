/**
 * Goal: a status of many environments asks for nothing twice, is never throttled when it is alone, and
 * copes when it is not. Method: the sandbox enforces AWS's rates, and the calls it saw are counted.
 * How long 600 environments take is measured by bench/status.ts.
 */
import { expect, test } from '@jest/globals';
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { inProcessHandler } from '../../../sandbox/wire/in-process.ts';
import type { Overview } from '../../../src/status/overview.ts';
import { sdkClients } from '../../support/sdk.ts';
import { type SceneOptions, StatusScene } from './status-scene.ts';

const namesOf = (count: number) => Array.from({ length: count }, (_, at) => `app${at + 1}`);

async function deployed(options: SceneOptions): Promise<StatusScene> {
  const scene = await StatusScene.create(options);
  for (const app of options.apps) {
    await scene.artifacts.create(app, { value: `${app}:v1` });
    for (const environment of options.environments) {
      scene.startTaskSet({ app, environment }, 'blue', { build: 1, isPrimary: true });
    }
  }
  await scene.pass(120);
  return scene;
}

/** The calls of a look by operation, and the outcomes that were not `ok`. */
async function callsOf(scene: StatusScene, look: () => Promise<Overview>) {
  const before = scene.front.calls.count;
  const overview = await look();
  const calls = scene.front.calls.entries().slice(before - scene.front.calls.count);
  const counts: Record<string, number> = {};
  for (const { operation } of calls) counts[operation] = (counts[operation] ?? 0) + 1;
  const failed = calls.filter(({ outcome }) => outcome !== 'ok').map(({ outcome }) => outcome);
  return { overview, counts, failed };
}

test('services of one cluster are asked for together, and an artifact once for all environments', async () => {
  const scene = await deployed({
    apps: namesOf(12),
    environments: ['dev', 'prod'],
    sharedClusters: true,
  });

  const { counts, overview } = await callsOf(scene, () => scene.read());

  expect(overview.health).toBe('healthy');
  expect(counts).toStrictEqual({
    DescribeServices: 4, // Ten and two, in each account.
    DescribeTaskSets: 24,
    DescribeRules: 24,
    DescribeTargetHealth: 24,
    GetItem: 24 + 12, // Locks and artifacts.
  });
});

test('more environments than a burst of AWS lets through are not throttled', async () => {
  const scene = await deployed({
    apps: namesOf(60),
    environments: ['dev'],
    settings: { throttle: true },
  });
  scene.latencyMs = () => [20, 30];

  const { failed, overview } = await callsOf(scene, () => scene.read());

  // 120 calls to the load balancer: three times what it lets through at once.
  expect(overview.health).toBe('healthy');
  expect(failed).toStrictEqual([]);
});

test('when somebody else has used up what AWS lets through, it takes longer and fails nowhere', async () => {
  const scene = await deployed({
    apps: namesOf(20),
    environments: ['dev'],
    settings: { throttle: true },
  });
  const other = sdkClients(inProcessHandler(scene.front), { maxAttempts: 1 });
  for (let call = 0; call < 100; call++) {
    await other.ecs.send(new DescribeServicesCommand({ cluster: 'app1-dev', services: ['s'] }));
  }

  const { failed, overview } = await callsOf(scene, () => scene.read());

  expect(failed.length).toBeGreaterThan(0);
  expect(new Set(failed)).toStrictEqual(new Set(['ThrottlingException']));
  expect(overview.health).toBe('healthy');
});

test('one name that AWS refuses does not hide those that were asked for with it', async () => {
  const scene = await deployed({
    apps: ['good', 'bad', 'fine'],
    environments: ['dev'],
    sharedClusters: true,
  });
  const bad = scene.config.apps.get('bad')!.environments.get('dev')!;
  Object.assign(bad, { service: 'not a name' });
  scene.refuseServices('not a name');

  const { apps } = await scene.read();

  const healths = apps.map(({ app, environments }) => [app, environments[0]!.health]);
  expect(healths).toStrictEqual([
    ['good', 'healthy'],
    ['bad', 'unknown'],
    ['fine', 'healthy'],
  ]);
  expect(apps[1]!.environments[0]!.errors).toMatchObject([
    { what: 'task sets', message: expect.stringContaining('AccessDenied') },
  ]);
});

test('an account that answers nothing hides no other', async () => {
  const scene = await deployed({ apps: ['web'], environments: ['dev', 'int', 'prod'] });
  scene.refuseAccount('222222222222');

  const { apps, health } = await scene.read();

  const { environments } = apps[0]!;
  expect(health).toBe('unknown');
  expect(environments.map((each) => each.health)).toStrictEqual(['healthy', 'unknown', 'healthy']);
  expect(environments[1]).toMatchObject({ lock: { state: 'free' } });
  expect(environments[1]!.errors).toMatchObject([{ what: 'task sets' }]);
});

test('without ArtifactDB versions have no names, and everything else is told', async () => {
  const scene = await deployed({ apps: ['web'], environments: ['dev'] });
  scene.refuseTable('ArtifactDB');

  const { apps } = await scene.read();

  const [environment] = apps[0]!.environments;
  expect(environment).toMatchObject({
    health: 'unknown',
    errors: [{ what: 'artifacts' }],
    lock: { state: 'free' },
    taskSets: [{ role: 'serving', buildNumber: 1, configSha: 'cfg00001', running: 1 }],
  });
  expect(environment!.taskSets![0]).not.toHaveProperty('artifact');
});
