import { withHold } from '../../../src/deploy/hold.ts';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { ArtifactDb } from '../../../src/artifactdb/artifact-db.ts';
import type { AppConfig, EnvironmentConfig } from '../../../src/config/config.ts';
import { type Checkpoint, encodeCheckpoint } from '../../../src/deploy/checkpoint.ts';
import type { ListenerRule, TaskSet } from '../../../src/deploy/model.ts';
import type { RawItem } from '../../../src/lock/item.ts';
import type { LockStore } from '../../../src/lock/store.ts';
import { appStatusLines } from '../../../src/report/app-status-text.ts';
import { CallFailedError } from '../../../src/deploy/ports.ts';
import { type EnvironmentVersions, readAppStatus } from '../../../src/status/app-status.ts';
import { MemoryArtifactStore } from '../../support/memory-artifact-store.ts';

const DEV = {
  name: 'dev',
  listenerArn: 'listener',
  targetGroupArns: { blue: 'tg-blue', green: 'tg-green' },
} as EnvironmentConfig;

function app(...environments: EnvironmentConfig[]): AppConfig {
  return {
    name: 'hello',
    artifactDbProjectName: 'hello-builds',
    containerDefinitionTemplates: [],
    preDeployCommandTemplates: [],
    postDeployCommandTemplates: [],
    environments: new Map(environments.map((each) => [each.name, each])),
  };
}

let artifactStore: MemoryArtifactStore;
let taskSets: TaskSet[];
let rules: ListenerRule[];
let lock: RawItem | undefined;
let locksRead: string[];
beforeEach(() => {
  artifactStore = new MemoryArtifactStore();
  artifactStore.put({ projectName: 'hello-builds', buildNumber: 7, value: 'hello:abcd1234' });
  taskSets = [];
  rules = [rule('blue', 11), rule('green', 12)];
  lock = undefined;
  locksRead = [];
});

function rule(color: 'blue' | 'green', priority: number): ListenerRule {
  const forwards = [{ targetGroupArn: `tg-${color}`, weight: 1 }];
  return { ruleArn: `rule-${color}`, priority, conditions: '*', forwards };
}

function taskSet(color: 'blue' | 'green', changes: Partial<TaskSet> = {}): TaskSet {
  return {
    id: `ecs-svc/${color}`,
    arn: `arn:task-set/${color}`,
    status: 'PRIMARY',
    taskDefinitionArn: 'arn:aws:ecs:us-east-1:123456789012:task-definition/hello-dev:17',
    targetGroupArns: [`tg-${color}`],
    scalePercent: 100,
    computedDesiredCount: 2,
    runningCount: 2,
    pendingCount: 0,
    isSteady: true,
    tags: { 'config-sha': '1a2b3c4d', 'artifact-build-number': '7' },
    ...changes,
  };
}

const CHECKPOINT: Checkpoint = {
  artifact: { buildNumber: 8, value: 'hello:next', tags: null },
  configSha: '5e6f',
  newTaskSetId: '',
  newActiveColor: '',
  done: false,
  step: 7,
};

function locked(data: Uint8Array, isReleased = false): RawItem {
  return {
    key: { S: 'hello-dev' },
    ownerName: { S: 'somebody' },
    leaseDuration: { S: '10s' },
    recordVersionNumber: { S: 'v1' },
    data: { B: data },
    ...(isReleased ? { isReleased: { S: '1' } } : {}),
  };
}

const readApp = (...environments: EnvironmentConfig[]) =>
  readAppStatus(app(...environments), {
    readsFor: async ({ name }) => ({
      rules: async () => rules,
      service: async () => {
        if (name === 'broken') throw failure;
        // As ECS does: tags are only told when a task set is asked for by itself.
        return {
          arn: 'service',
          status: 'ACTIVE',
          controller: 'EXTERNAL',
          desiredCount: 2,
          taskSets: taskSets.map(({ tags: _tags, ...set }) => set),
        };
      },
      taskSetTags: async (_, ids) =>
        new Map(
          taskSets.filter(({ id }) => ids.includes(id)).map(({ id, tags = {} }) => [id, tags]),
        ),
    }),
    home: async () => ({
      artifacts: new ArtifactDb(artifactStore),
      lockStore: {
        read: async (key) => {
          locksRead.push(key);
          return lock;
        },
        update: refuse,
      } satisfies LockStore,
    }),
  });

const refuse = (): never => {
  throw new Error('A status changes nothing.');
};

let failure: unknown = new CallFailedError({
  operation: 'ecs:DescribeServices',
  code: 'AccessDeniedException',
  message: 'not you',
  isTransient: false,
  isOutcomeUnknown: false,
});

/** The one environment's versions. */
async function read(): Promise<EnvironmentVersions> {
  const [environment] = (await readApp(DEV)).environments;
  if (!environment || 'error' in environment) throw new Error('It could not be read.');
  return environment;
}

describe('who serves', () => {
  test('is the task set on the colour whose rule has the lower number', async () => {
    rules = [rule('blue', 12), rule('green', 11)];
    taskSets = [taskSet('blue', { status: 'ACTIVE', runningCount: 1 }), taskSet('green')];

    const { serving, idle } = await read();

    expect(serving).toStrictEqual({
      color: 'green',
      artifact: 'hello:abcd1234',
      configSha: '1a2b3c4d',
      taskDefinition: 'hello-dev:17',
      taskSetId: 'ecs-svc/green',
      status: 'PRIMARY',
      runningCount: 2,
    });
    expect(idle).toMatchObject([{ color: 'blue', status: 'ACTIVE', runningCount: 1 }]);
  });

  test('is the primary of several task sets on that colour', async () => {
    taskSets = [taskSet('blue', { id: 'ecs-svc/stale', status: 'ACTIVE' }), taskSet('blue')];

    expect((await read()).serving).toMatchObject({ taskSetId: 'ecs-svc/blue', status: 'PRIMARY' });
  });

  test('is nobody when only a draining task set is left', async () => {
    taskSets = [taskSet('blue', { status: 'DRAINING' })];

    expect(await read()).toStrictEqual({ environment: 'dev', idle: [] });
  });

  test('is named as far as the tags and ArtifactDB know it', async () => {
    const unknownBuild = { 'config-sha': 'c', 'artifact-build-number': '999' };
    taskSets = [taskSet('blue', { tags: unknownBuild }), taskSet('green', { tags: {} })];

    const { serving, idle } = await read();

    expect(serving).toMatchObject({ configSha: 'c', taskDefinition: 'hello-dev:17' });
    expect(serving).not.toHaveProperty('artifact');
    expect(idle[0]).not.toHaveProperty('configSha');
  });
});

describe('what is being deployed', () => {
  test('is nothing while nobody has ever held the lock', async () => {
    expect(await read()).not.toHaveProperty('deploying');
    expect(locksRead).toStrictEqual(['hello-dev']);
  });

  test.each([
    ['done', { ...CHECKPOINT, done: true }, false],
    ['released', CHECKPOINT, true],
  ])('is nothing once the deploy is %s', async (_, checkpoint, isReleased) => {
    lock = locked(encodeCheckpoint(checkpoint), isReleased);

    expect(await read()).not.toHaveProperty('deploying');
  });

  test('is in the checkpoint of a deploy that is not done', async () => {
    lock = locked(encodeCheckpoint(CHECKPOINT));

    expect((await read()).deploying).toStrictEqual({
      artifact: 'hello:next',
      configSha: '5e6f',
      step: 7,
    });
  });

  test('says why a deploy gave up and waits for a decision', async () => {
    const own = {
      deployId: 'd',
      attempt: 1,
      preCommandsDone: 0,
      postCommandsDone: 0,
      commandsSkipped: false,
      host: 'h',
      pid: 1,
      startedAt: '2026-01-01T00:00:00Z',
      yielded: 'Tasks stop as soon as they start.',
    };
    lock = locked(encodeCheckpoint({ ...CHECKPOINT, own }));

    expect((await read()).deploying).toMatchObject({ step: 7, yielded: own.yielded });
  });

  test('is told apart from a hold, which may stand over it', async () => {
    const hold = { reason: 'Migration', by: 'ann', since: '2026-01-01T00:00:00Z', wasFree: false };
    lock = locked(withHold(new Uint8Array(), hold));
    expect(await read()).toMatchObject({ hold });
    expect(await read()).not.toHaveProperty('deploying');

    lock = locked(withHold(encodeCheckpoint(CHECKPOINT), hold));

    expect(await read()).toMatchObject({ hold, deploying: { artifact: 'hello:next' } });
  });

  test('is not known while the lock has no checkpoint yet', async () => {
    lock = locked(new Uint8Array());

    expect((await read()).deploying).toStrictEqual({});
  });
});

test('the text is that of the original, and an error stands in its place', async () => {
  rules = [rule('blue', 12), rule('green', 11)];
  taskSets = [taskSet('blue', { status: 'ACTIVE' }), taskSet('green')];
  const [quiet] = (await readApp(DEV)).environments;
  lock = locked(encodeCheckpoint(CHECKPOINT));
  taskSets = [];
  artifactStore.put({
    projectName: 'hello-builds',
    buildNumber: 9,
    value: 'hello:\u001B[31mabcd1234',
    tags: { ForAutomatedDeploy: 'true' },
  });
  const broken = { ...DEV, name: 'broken' };
  const prod = { ...DEV, name: 'prod' };

  // Sorted by name, whatever the configuration's order.
  const { environments, ...status } = await readApp(prod, broken);

  const lines = appStatusLines({ ...status, environments: [...environments, quiet!] });
  expect(lines.join('\n')).toMatchInlineSnapshot(`
"hello:
  Latest: hello:abcd1234
  broken:
    Error:     ecs:DescribeServices: not you (AccessDeniedException)
  prod:
    Serving:   none
    Deploying: hello:next/5e6f (step 7)
  dev:
    Serving:   hello:abcd1234/1a2b3c4d (taskdef=hello-dev:17, status=PRIMARY, 2 tasks running)
    No deploy in progress
    Swapped:   hello:abcd1234/1a2b3c4d (taskdef=hello-dev:17, status=ACTIVE, 2 tasks running)"
`);
});

test('a bug of ours is never taken for an error of an environment', async () => {
  failure = new TypeError('undefined is not a function');

  await expect(readApp(DEV, { ...DEV, name: 'broken' })).rejects.toBe(failure);
});
