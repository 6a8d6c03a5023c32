/** Goal: the calls on task sets answer as AWS's do, word for word where AWS's words are known. */
import { describe, expect, test } from '@jest/globals';
import { errorOf } from '../../support/world.ts';
import {
  addTargetGroup,
  createScene,
  createTargetGroup,
  NETWORK,
  type Scene,
  taskDefinitionInput,
  webContainer,
} from './ecs-scene.ts';

const IN_SERVICE = { cluster: 'c', service: 's' };
const RUNNING_AFTER = 40;

function makePrimary({ ecs }: Scene, primaryTaskSet: string | undefined) {
  return ecs('UpdateServicePrimaryTaskSet', { ...IN_SERVICE, primaryTaskSet });
}

describe('CreateTaskSet', () => {
  test('answers every field that AWS answers, and no other', () => {
    const scene = createScene();
    const { loadBalancers } = addTargetGroup(scene);
    const now = scene.world.now();

    const taskSet = scene.createTaskSet({
      loadBalancers,
      externalId: 'deploy-1',
      scale: { value: 50, unit: 'PERCENT' },
      tags: [{ key: 'sha', value: 'abcd' }],
    });

    const { id, ...rest } = taskSet;
    expect(id).toMatch(/^ecs-svc\/\d{19}$/);
    expect(JSON.parse(JSON.stringify(rest))).toEqual({
      taskSetArn: `arn:aws:ecs:us-west-2:111111111111:task-set/c/s/${id}`,
      serviceArn: 'arn:aws:ecs:us-west-2:111111111111:service/c/s',
      clusterArn: 'arn:aws:ecs:us-west-2:111111111111:cluster/c',
      externalId: 'deploy-1',
      status: 'ACTIVE',
      taskDefinition: 'arn:aws:ecs:us-west-2:111111111111:task-definition/web:1',
      computedDesiredCount: 1,
      pendingCount: 0,
      runningCount: 0,
      createdAt: now.toISOString(),
      updatedAt: now.toISOString(),
      launchType: 'FARGATE',
      platformVersion: '1.4.0',
      platformFamily: 'Linux',
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: ['subnet-1'],
          securityGroups: ['sg-1'],
          assignPublicIp: 'DISABLED',
        },
      },
      loadBalancers,
      serviceRegistries: [],
      scale: { value: 50, unit: 'PERCENT' },
      stabilityStatus: 'STABILIZING',
      stabilityStatusAt: now.toISOString(),
      tags: [{ key: 'sha', value: 'abcd' }],
    });
  });

  test('without a scale means all of the desired count', () => {
    const scene = createScene();
    const taskDefinition = scene.register();

    const { taskSet } = scene.ecs('CreateTaskSet', {
      ...IN_SERVICE,
      taskDefinition,
      launchType: 'FARGATE',
      networkConfiguration: NETWORK,
    });

    expect(taskSet).toMatchObject({ scale: { value: 100 }, computedDesiredCount: 2 });
    expect(taskSet).toMatchObject({ externalId: undefined, tags: [] });
  });

  test('refuses a sixth set; one that is DRAINING counts', () => {
    const scene = createScene();
    const taskDefinition = scene.register();
    const sets = Array.from({ length: 5 }, () => scene.createTaskSet({ taskDefinition }));
    scene.pass(RUNNING_AFTER);
    scene.ecs('DeleteTaskSet', { ...IN_SERVICE, taskSet: sets[0]!.id, force: true });

    const sixth = errorOf(() => scene.createTaskSet({ taskDefinition }));
    scene.pass(30);
    const afterwards = scene.createTaskSet({ taskDefinition });

    expect(sixth).toBe(
      'InvalidParameterException: 5 deployments exist on the service. Unable to create new TaskSet since this exceeds the maximum limit.',
    );
    expect(afterwards.status).toBe('ACTIVE');
    expect(scene.service().taskSets).toHaveLength(5);
  });

  test('refuses what it cannot run, in AWS’s words', () => {
    const scene = createScene();
    const { loadBalancers, targetGroupArn } = addTargetGroup(scene);
    const instances = createTargetGroup(scene, 'instance');
    const inactive = scene.register();
    scene.ecs('DeregisterTaskDefinition', { taskDefinition: inactive });
    const bridged = scene.register([webContainer({ memory: 128 })], {
      networkMode: 'bridge',
      requiresCompatibilities: [],
    });
    const [loadBalancer] = loadBalancers;
    const create = (input: Parameters<Scene['createTaskSet']>[0]) =>
      errorOf(() => scene.createTaskSet(input));

    expect(create({ taskDefinition: 'nope:1' })).toBe('ClientException: TaskDefinition not found.');
    expect(create({ taskDefinition: inactive })).toBe(
      'ClientException: TaskDefinition is inactive',
    );
    expect(create({ taskDefinition: bridged })).toBe(
      'InvalidParameterException: Task definition does not support launch_type FARGATE.',
    );
    expect(create({ networkConfiguration: undefined })).toBe(
      "InvalidParameterException: Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    );
    expect(create({ loadBalancers: [{ ...loadBalancer, containerName: 'x' }] })).toBe(
      'InvalidParameterException: The container x does not exist in the task definition.',
    );
    expect(create({ loadBalancers: [{ ...loadBalancer, containerPort: 1 }] })).toBe(
      'InvalidParameterException: The container web did not have a container port 1 defined.',
    );
    expect(create({ loadBalancers: [{ ...loadBalancer, targetGroupArn: 'arn:nope' }] })).toBe(
      'InvalidParameterException: The target group arn:nope does not exist.',
    );
    expect(create({ loadBalancers: [{ ...loadBalancer, targetGroupArn: instances }] })).toMatch(
      /has target type instance, which is incompatible with the awsvpc network mode/,
    );
    for (const rule of scene.region.elb.targetGroups.get(targetGroupArn)!.usedBy) {
      scene.region.elb.targetGroups.get(targetGroupArn)!.usedBy.delete(rule);
    }
    expect(create({ loadBalancers })).toBe(
      `InvalidParameterException: The target group with targetGroupArn ${targetGroupArn} does not have an associated load balancer.`,
    );
    expect(scene.service().taskSets).toEqual([]);
  });

  test('refuses by name what the sandbox has not', () => {
    const scene = createScene();
    const create = (input: Parameters<Scene['createTaskSet']>[0]) =>
      errorOf(() => scene.createTaskSet(input));
    const notImplemented = (what: string) =>
      `InvalidParameterException: ${what} is not implemented by the sandbox.`;

    expect(create({ launchType: 'EC2' })).toBe(notImplemented('launchType EC2'));
    expect(create({ launchType: undefined })).toBe(notImplemented('launchType EC2 (the default)'));
    expect(create({ platformVersion: '1.3.0' })).toBe(notImplemented('platformVersion 1.3.0'));
    expect(create({ serviceRegistries: [{ registryArn: 'arn:x' }] })).toBe(
      notImplemented('serviceRegistries'),
    );
    expect(create({ loadBalancers: [{ loadBalancerName: 'classic' }] })).toBe(
      notImplemented('loadBalancers[0].loadBalancerName'),
    );
  });

  test.each([
    { base: 1, weight: 1, onSpot: 4 },
    { base: 2, weight: 0, onSpot: 5 },
  ])('spreads 7 tasks over capacity providers: %j', ({ base, weight, onSpot }) => {
    const scene = createScene();
    scene.ecs('UpdateService', { ...IN_SERVICE, desiredCount: 7 });

    const { id } = scene.createTaskSet({
      launchType: undefined,
      capacityProviderStrategy: [
        { capacityProvider: 'FARGATE', base, weight },
        { capacityProvider: 'FARGATE_SPOT', weight: 2 },
      ],
    });
    scene.pass(10);

    const spot = scene.tasks(id).filter((t) => t.capacityProviderName === 'FARGATE_SPOT');
    expect(spot).toHaveLength(onSpot);
    expect(scene.taskSet(id)!.launchType).toBeUndefined();
  });
});

describe('a client token', () => {
  const token = { clientToken: 'deploy-1' };

  test('gives the same set again, also when the limit is reached', () => {
    const scene = createScene();
    const taskDefinition = scene.register();
    const first = scene.createTaskSet({ taskDefinition, ...token });
    for (let i = 0; i < 4; i++) scene.createTaskSet({ taskDefinition });

    const again = scene.createTaskSet({ taskDefinition, ...token });

    expect(again).toEqual(first);
    expect(again).not.toBe(first);
    expect(scene.service().taskSets).toHaveLength(5);
  });

  test('gives the original answer when the set is gone', () => {
    const scene = createScene();
    const taskDefinition = scene.register();
    const first = scene.createTaskSet({ taskDefinition, ...token });
    scene.ecs('DeleteTaskSet', { ...IN_SERVICE, taskSet: first.id, force: true });
    scene.pass(10);

    const again = scene.createTaskSet({ taskDefinition, ...token });

    expect(again.id).toBe(first.id);
    expect(scene.taskSet(first.id)).toBeUndefined();
  });

  test.each(['InvalidParameterException', 'ConflictException'] as const)(
    'with other parameters is refused with %s, as the setting says',
    (tokenConflict) => {
      const scene = createScene({ tokenConflict });
      const taskDefinition = scene.register();
      scene.createTaskSet({ taskDefinition, ...token });

      const error = errorOf(() =>
        scene.createTaskSet({ taskDefinition, ...token, scale: { value: 1, unit: 'PERCENT' } }),
      );

      expect(error).toMatch(new RegExp(`^${tokenConflict}: `));
      expect(scene.service().taskSets).toHaveLength(1);
    },
  );

  test('counts for a day, and not at all when its call failed', () => {
    const scene = createScene();
    expect(errorOf(() => scene.createTaskSet({ taskDefinition: 'nope', ...token }))).toMatch(
      /not found/,
    );
    const taskDefinition = scene.register();
    const first = scene.createTaskSet({ taskDefinition, ...token });

    scene.pass(24 * 3600);
    const next = scene.createTaskSet({ taskDefinition, ...token });

    expect(next.id).not.toBe(first.id);
  });

  test('is at most 36 visible ASCII characters long', () => {
    const scene = createScene();

    for (const clientToken of ['', 'with space', 'x'.repeat(37)]) {
      expect(errorOf(() => scene.createTaskSet({ clientToken }))).toMatch(
        /^InvalidParameterException: clientToken/,
      );
    }
  });
});

describe('DescribeTaskSets', () => {
  function describeSets({ ecs }: Scene, input: object) {
    return ecs('DescribeTaskSets', { ...IN_SERVICE, ...input });
  }

  test('takes ids and ARNs, and shows tags only when asked for them', () => {
    const scene = createScene();
    const { id, taskSetArn } = scene.createTaskSet({ tags: [{ key: 'a', value: '1' }] });

    const plain = describeSets(scene, { taskSets: [id, taskSetArn] }).taskSets!;
    const tagged = describeSets(scene, { taskSets: [id], include: ['TAGS'] }).taskSets!;

    expect(plain.map((set) => [set.id, set.tags])).toEqual([
      [id, []],
      [id, []],
    ]);
    expect(tagged[0]!.tags).toEqual([{ key: 'a', value: '1' }]);
  });

  test('neither lists nor guesses', () => {
    const scene = createScene();
    const describe_ = (input: object) => errorOf(() => describeSets(scene, input));

    expect(describe_({})).toBe('InvalidParameterException: TaskSets cannot be empty.');
    expect(describe_({ taskSets: [] })).toBe(
      'InvalidParameterException: TaskSets cannot be empty.',
    );
    for (const wrong of ['web', 'arn:aws:ecs:us-west-2:111111111111:task/c/0123']) {
      expect(describe_({ taskSets: [wrong] })).toBe(
        'InvalidParameterException: Task Set Identifier is invalid',
      );
    }
    expect(describe_({ taskSets: ['ecs-svc/1'], cluster: undefined })).toMatch(/Cluster/);
    expect(describe_({ taskSets: ['ecs-svc/1'], cluster: 'x' })).toBe(
      'ClusterNotFoundException: Cluster not found.',
    );
    expect(describe_({ taskSets: ['ecs-svc/1'], service: 'x' })).toBe(
      'ServiceNotFoundException: Service not found.',
    );
  });

  test('answers for a set that is gone as the setting says', () => {
    const gone = { taskSets: ['ecs-svc/0000000000000000001'] };
    const arn = 'arn:aws:ecs:us-west-2:111111111111:task-set/c/s/ecs-svc/0000000000000000001';

    expect(describeSets(createScene(), gone)).toEqual({
      taskSets: [],
      failures: [{ arn, reason: 'MISSING' }],
    });
    expect(describeSets(createScene({ describeGone: 'empty' }), gone)).toEqual({
      taskSets: [],
      failures: [],
    });
    expect(errorOf(() => describeSets(createScene({ describeGone: 'exception' }), gone))).toBe(
      'TaskSetNotFoundException: The specified task set does not exist.',
    );
  });

  test('lags behind by as much as the setting says, as DescribeServices does', () => {
    const scene = createScene({ staleReadSeconds: 3 });
    const { id } = scene.createTaskSet();
    const seen = () => [
      scene.taskSet(id)?.scale?.value,
      scene.service().taskSets!.map((set) => set.scale!.value)[0],
    ];

    expect(seen()).toEqual([undefined, undefined]);
    scene.pass(3);
    expect(seen()).toEqual([100, 100]);

    const scaleTo = (value: number) =>
      scene.ecs('UpdateTaskSet', {
        ...IN_SERVICE,
        taskSet: id,
        scale: { value, unit: 'PERCENT' },
      });
    scaleTo(50);
    scene.pass(2);
    scaleTo(10);
    expect(seen()).toEqual([100, 100]);
    scene.pass(1);
    expect(seen()).toEqual([50, 50]);
    scene.pass(2);
    expect(seen()).toEqual([10, 10]);
  });
});

describe('the PRIMARY set', () => {
  test('is one at most, and the service shows its fields', () => {
    const scene = createScene();
    const { loadBalancers } = addTargetGroup(scene);
    const blue = scene.createTaskSet();
    const green = scene.createTaskSet({ loadBalancers });
    const before = scene.service();

    makePrimary(scene, blue.id);
    const withBlue = scene.service();
    makePrimary(scene, green.taskSetArn);
    const withGreen = scene.service();

    expect(before).toMatchObject({ launchType: 'EC2', loadBalancers: [], deployments: [] });
    expect(before.taskDefinition).toBeUndefined();
    expect(withBlue).toMatchObject({
      taskDefinition: blue.taskDefinition,
      launchType: 'FARGATE',
      loadBalancers: [],
      taskSets: [{ status: 'PRIMARY' }, { status: 'ACTIVE' }],
    });
    expect(withGreen).toMatchObject({
      taskDefinition: green.taskDefinition,
      platformVersion: '1.4.0',
      networkConfiguration: green.networkConfiguration,
      loadBalancers,
      taskSets: [{ status: 'ACTIVE' }, { status: 'PRIMARY' }],
    });
  });

  test('needs force to be deleted', () => {
    const scene = createScene();
    const { id } = scene.createTaskSet();
    makePrimary(scene, id);
    const remove = (force?: boolean) =>
      scene.ecs('DeleteTaskSet', { ...IN_SERVICE, taskSet: id, force });

    expect(errorOf(() => remove())).toBe(
      'InvalidParameterException: Primary TaskSet cannot be deleted',
    );
    expect(remove(true).taskSet).toMatchObject({ status: 'DRAINING' });
  });

  test('cannot be a set that is DRAINING or gone', () => {
    const scene = createScene();
    const { id } = scene.createTaskSet();
    scene.ecs('DeleteTaskSet', { ...IN_SERVICE, taskSet: id, force: true });
    const notFound = 'TaskSetNotFoundException: The specified task set does not exist.';

    expect(errorOf(() => makePrimary(scene, id))).toBe(notFound);
    scene.pass(10);
    expect(errorOf(() => makePrimary(scene, id))).toBe(notFound);
  });
});

describe('DeleteTaskSet', () => {
  test('needs force for a set scaled above 0 in the strict setting only', () => {
    const scaleToZero = (scene: Scene, taskSet: string | undefined) =>
      scene.ecs('UpdateTaskSet', {
        ...IN_SERVICE,
        taskSet,
        scale: { value: 0, unit: 'PERCENT' },
      });
    const remove = (scene: Scene, taskSet: string | undefined) =>
      scene.ecs('DeleteTaskSet', { ...IN_SERVICE, taskSet });
    const strict = createScene({ strictDelete: true });
    const lenient = createScene({ strictDelete: false });
    const inStrict = strict.createTaskSet().id;
    const inLenient = lenient.createTaskSet().id;

    expect(errorOf(() => remove(strict, inStrict))).toMatch(/^InvalidParameterException: /);
    scaleToZero(strict, inStrict);
    expect(remove(strict, inStrict).taskSet).toMatchObject({ status: 'DRAINING' });
    expect(remove(lenient, inLenient).taskSet).toMatchObject({ status: 'DRAINING' });
  });

  test('changes nothing the second time, and does not find the set the third time', () => {
    const scene = createScene();
    const { id } = scene.createTaskSet();
    const remove = () => scene.ecs('DeleteTaskSet', { ...IN_SERVICE, taskSet: id, force: true });

    remove();
    expect(remove().taskSet).toMatchObject({ id, status: 'DRAINING' });
    scene.pass(10);
    expect(errorOf(remove)).toBe(
      'TaskSetNotFoundException: The specified task set does not exist.',
    );
  });
});

test('UpdateTaskSet wants a percentage', () => {
  const scene = createScene();
  const { id } = scene.createTaskSet();
  const update = (scale: unknown) => () =>
    scene.ecs('UpdateTaskSet', { ...IN_SERVICE, taskSet: id, scale });

  for (const scale of [undefined, {}, { value: 101 }, { value: -1 }, { value: 1, unit: 'COUNT' }]) {
    expect(errorOf(update(scale))).toMatch(/^InvalidParameterException: Scale /);
  }
  expect(scene.taskSet(id)).toMatchObject({ scale: { value: 100 } });
});

test('a caller who changes an answer or its own input changes nothing else', () => {
  const scene = createScene();
  const { loadBalancers } = addTargetGroup(scene);
  const subnets = ['subnet-1'];
  const container = webContainer();
  scene.ecs('RegisterTaskDefinition', taskDefinitionInput([container]));
  const created = scene.createTaskSet({
    taskDefinition: 'web',
    loadBalancers,
    networkConfiguration: { awsvpcConfiguration: { subnets } },
  });
  const before = structuredClone(scene.taskSet(created.id));

  subnets.push('subnet-2');
  container.image = 'other';
  loadBalancers[0]!.containerPort = 1;
  created.loadBalancers!.pop();
  created.networkConfiguration!.awsvpcConfiguration!.subnets!.pop();
  created.scale!.value = 0;

  expect(scene.taskSet(created.id)).toEqual(before);
  const { taskDefinition } = scene.ecs('DescribeTaskDefinition', { taskDefinition: 'web' });
  expect(taskDefinition!.containerDefinitions![0]!.image).toBe(webContainer().image);
});
