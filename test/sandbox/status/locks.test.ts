/**
 * Goal: who has the lock, and whether they are alive, is told right. Method: real leases, holds and
 * yields on the sandbox's DynamoDB, read together with everything else.
 */
import { beforeEach, expect, test } from '@jest/globals';
import { type Checkpoint, encodeCheckpoint } from '../../../src/deploy/checkpoint.ts';
import { holdDeploys } from '../../../src/deploy/lock-by-hand.ts';
import { acquire } from '../../../src/lock/acquire.ts';
import type { Lease } from '../../../src/lock/lease.ts';
import type { EnvironmentStatus } from '../../../src/status/environment-status.ts';
import { seededRandom } from '../../support/world.ts';
import { StatusScene } from './status-scene.ts';

const APPS = ['free', 'held', 'left', 'quit', 'stop'];
const DATA: Checkpoint = {
  artifact: { buildNumber: 1, value: 'web:v1', tags: { SHA: 'aaaa1111' } },
  configSha: 'cfg00001',
  newTaskSetId: 'ecs-svc/1',
  newActiveColor: 'green',
  done: false,
  step: 7,
  own: {
    deployId: 'd',
    attempt: 1,
    preCommandsDone: 0,
    postCommandsDone: 0,
    commandsSkipped: false,
    host: 'build-3',
    pid: 4711,
    startedAt: '2026-01-01T00:00:00.000Z',
  },
};

let scene: StatusScene;
beforeEach(async () => {
  scene = await StatusScene.create({ apps: APPS, environments: ['dev'] });
  for (const app of APPS) {
    await scene.artifacts.create(app, { value: 'web:v1' });
    scene.startTaskSet({ app, environment: 'dev' }, 'blue', { build: 1, isPrimary: true });
  }
  await scene.pass(120);
});

const random = seededRandom(3);
const randomBytes = (count: number) => Uint8Array.from({ length: count }, () => random() * 256);

async function take(app: string): Promise<Lease> {
  const taken = await scene.run(
    acquire({
      store: scene.lockStore,
      clock: scene.clock,
      random: randomBytes,
      key: `${app}-dev`,
      data: encodeCheckpoint(DATA),
    }),
  );
  if ('heldBy' in taken) throw new Error('Somebody has it.');
  return taken.lease;
}

/** As a process that was killed: its heartbeats stop, and nothing is written any more. */
async function takeAndDie(app: string): Promise<void> {
  const lease = await take(app);
  const { item } = await scene.run(scene.lockStore.read(`${app}-dev`).then((item) => ({ item })));
  await scene.run(lease.releaseLock(new Uint8Array()));
  await scene.putLock(item as never);
}

async function readAll(): Promise<Record<string, EnvironmentStatus>> {
  const { apps } = await scene.read();
  return Object.fromEntries(apps.map(({ app, environments }) => [app, environments[0]!]));
}

test('every state is told, and all that are held are listened to at the same time', async () => {
  const live = await take('held');
  await takeAndDie('left');
  const quitter = await take('quit');
  await scene.run(
    quitter.yieldLock(encodeCheckpoint({ ...DATA, own: { ...DATA.own!, yielded: 'Tasks stop.' } })),
  );
  await scene.run(
    holdDeploys({ app: { name: 'stop' }, environment: { name: 'dev' }, flags: [] }, 'Migration', {
      lockStore: scene.lockStore,
      clock: scene.clock,
      randomBytes,
      report: () => {},
      interrupt: new AbortController().signal,
      user: 'ann@laptop',
    }),
  );
  const startedMs = scene.clock.monotonicMs();

  const status = await readAll();

  // One wait for all of them; the leases' own timers may add to it.
  expect(scene.clock.monotonicMs() - startedMs).toBeLessThan(3_000);
  expect(status['free']!.lock).toStrictEqual({ lock: 'free-dev', state: 'free' });
  expect(status['held']!.lock).toMatchObject({
    state: 'live',
    deploy: { artifact: 'web:v1', step: 7, host: 'build-3', pid: 4711 },
  });
  expect(status['left']!.lock).toMatchObject({ state: 'silent', deploy: { step: 7 } });
  expect(status['quit']!.lock).toMatchObject({
    state: 'yielded',
    deploy: { yielded: 'Tasks stop.' },
  });
  expect(status['stop']!.lock).toMatchObject({
    state: 'hold',
    hold: { reason: 'Migration', by: 'ann@laptop' },
  });
  expect(APPS.map((app) => status[app]!.health)).toStrictEqual([
    'healthy',
    'healthy',
    'degraded',
    'degraded',
    'healthy',
  ]);
  expect(status['left']!.problems).toStrictEqual([
    {
      code: 'unfinished-deploy',
      message: 'The deploy of web:v1 was cut off at step 7, and waits for a decision.',
    },
  ]);
  expect(status['quit']!.problems[0]!.message).toBe(
    'The deploy of web:v1 stopped at step 7, and waits for a decision: Tasks stop.',
  );
  await scene.run(live.releaseLock(new Uint8Array()));
});

test('what a deploy at work does on its way is no drift, unless it is cut off there', async () => {
  const place = { app: 'held', environment: 'dev' };
  scene.startTaskSet(place, 'green', { build: 1 });
  await scene.pass(120);
  const lease = await take('held');
  scene.swap(place); // Step 9; PRIMARY follows with step 10.

  const during = (await readAll())['held']!;

  expect(during).toMatchObject({ health: 'healthy', activeColor: 'green' });
  expect(during.lock).toMatchObject({ state: 'live' });

  await scene.run(lease.yieldLock(encodeCheckpoint(DATA)));
  const after = (await readAll())['held']!;

  expect(after.problems.map(({ code }) => code)).toStrictEqual([
    'primary-not-serving',
    'unfinished-deploy',
  ]);
});

test('a lock that nobody understands hides nothing else', async () => {
  await scene.putLock({ key: { S: 'held-dev' }, leaseDuration: { S: 'soon' } });

  const status = (await readAll())['held']!;

  expect(status).toMatchObject({
    health: 'unknown',
    activeColor: 'blue',
    errors: [{ what: 'lock', hint: 'Something else wrote to the lock table.' }],
  });
  expect(status).not.toHaveProperty('lock');
  expect(status.taskSets).toHaveLength(1);
});
