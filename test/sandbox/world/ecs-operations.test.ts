/** Goal: clusters, services, task definitions, tasks and tags answer as those of AWS do. */
import { describe, expect, test } from '@jest/globals';
import { ECS_OPERATIONS } from '../../../sandbox/world/ecs/index.ts';
import { call, errorOf } from '../../support/world.ts';
import { createScene, NETWORK, taskDefinitionInput, webContainer } from './ecs-scene.ts';

const IN_SERVICE = { cluster: 'c', service: 's' };
const PREFIX = 'arn:aws:ecs:us-west-2:111111111111';
const EXTERNAL = { deploymentController: { type: 'EXTERNAL' }, desiredCount: 1 };

describe('a cluster', () => {
  test('is created once, and refused a name that AWS would refuse', () => {
    const { ecs } = createScene();

    const again = ecs('CreateCluster', { clusterName: 'c', tags: [{ key: 'a', value: '1' }] });

    expect(again).toMatchObject({
      cluster: { clusterArn: `${PREFIX}:cluster/c`, status: 'ACTIVE', activeServicesCount: 1 },
    });
    expect(ecs('CreateCluster', {})).toMatchObject({ cluster: { clusterName: 'default' } });
    expect(ecs('ListClusters', {})).toEqual({
      clusterArns: [`${PREFIX}:cluster/c`, `${PREFIX}:cluster/default`],
    });
    expect(errorOf(() => ecs('CreateCluster', { clusterName: 'a b' }))).toBe(
      'InvalidParameterException: Cluster must match ^[a-zA-Z0-9\\-_]{1,255}$, but was a b',
    );
  });

  test('is found by name or ARN, and else is a failure', () => {
    const { ecs } = createScene();

    const answer = ecs('DescribeClusters', { clusters: ['c', `${PREFIX}:cluster/c`, 'x'] });

    expect(answer).toMatchObject({
      clusters: [{ clusterName: 'c' }, { clusterName: 'c' }],
      failures: [{ arn: `${PREFIX}:cluster/x`, reason: 'MISSING' }],
    });
  });

  test('is deleted only when it is empty', () => {
    const scene = createScene();
    const { ecs } = scene;

    expect(errorOf(() => ecs('DeleteCluster', { cluster: 'c' }))).toMatch(
      /^ClusterContainsServicesException: /,
    );
    ecs('DeleteService', { ...IN_SERVICE, force: true });
    scene.pass(10);
    ecs('DeleteCluster', { cluster: 'c' });

    expect(ecs('DescribeClusters', { clusters: ['c'] })).toMatchObject({
      clusters: [{ status: 'INACTIVE' }],
    });
    expect(errorOf(() => ecs('ListServices', { cluster: 'c' }))).toBe(
      'ClusterNotFoundException: Cluster not found.',
    );
  });

  test('of one account and Region is not seen from another', () => {
    const scene = createScene();

    const elsewhere = scene.world.region('222222222222', 'us-west-2');

    expect(elsewhere.ecs.clusters.size).toBe(0);
    expect(
      errorOf(() =>
        scene.ecs('ListServices', { cluster: 'arn:aws:ecs:eu-west-1:111111111111:cluster/c' }),
      ),
    ).toBe('ClusterNotFoundException: Cluster not found.');
  });
});

describe('a service', () => {
  test('starts without deployments, task sets or tasks', () => {
    const { service } = createScene();

    const { createdAt, ...rest } = service();

    expect(createdAt).toBeInstanceOf(Date);
    expect(rest).toEqual({
      serviceArn: `${PREFIX}:service/c/s`,
      serviceName: 's',
      clusterArn: `${PREFIX}:cluster/c`,
      loadBalancers: [],
      serviceRegistries: [],
      status: 'ACTIVE',
      desiredCount: 2,
      runningCount: 0,
      pendingCount: 0,
      launchType: 'EC2',
      deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 },
      taskSets: [],
      deployments: [],
      events: [],
      createdBy: 'arn:aws:iam::111111111111:user/sandbox',
      placementConstraints: [],
      placementStrategy: [],
      healthCheckGracePeriodSeconds: 0,
      schedulingStrategy: 'REPLICA',
      deploymentController: { type: 'EXTERNAL' },
      enableECSManagedTags: false,
      propagateTags: 'NONE',
      enableExecuteCommand: false,
    });
  });

  test.each([
    [{ loadBalancers: [{ targetGroupArn: 'arn' }] }, 'LoadBalancers must be empty or null.'],
    [{ networkConfiguration: NETWORK }, 'NetworkConfiguration must be null.'],
    [{ taskDefinition: '' }, 'Family should not be null or empty.'],
    [{ launchType: 'FARGATE' }, 'LaunchType must be null.'],
    [{ serviceName: 's' }, 'Creation of service was not idempotent.'],
    [
      { deploymentController: { type: 'CODE_DEPLOY' } },
      'deploymentController.type CODE_DEPLOY is not implemented by the sandbox.',
    ],
    [
      { deploymentController: undefined },
      'deploymentController.type ECS is not implemented by the sandbox.',
    ],
    [
      { deploymentConfiguration: { bakeTimeInMinutes: 5 } },
      'deploymentConfiguration.bakeTimeInMinutes is not implemented by the sandbox.',
    ],
  ])('is refused %j', (input, message) => {
    const { ecs } = createScene();
    const create = () =>
      ecs('CreateService', { cluster: 'c', serviceName: 'new', ...EXTERNAL, ...input });

    expect(errorOf(create)).toBe(`InvalidParameterException: ${message}`);
    expect(ecs('ListServices', { cluster: 'c' })).toMatchObject({
      serviceArns: [`${PREFIX}:service/c/s`],
    });
  });

  test('takes what says nothing as if it were absent', () => {
    const { ecs } = createScene();

    const answer = ecs('CreateService', {
      cluster: 'c',
      serviceName: 'new',
      ...EXTERNAL,
      loadBalancers: [],
      serviceRegistries: [],
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: false, rollback: false } },
    });

    expect(answer).toMatchObject({ service: { serviceName: 'new' } });
  });

  test('is found by name and by both forms of its ARN', () => {
    const { ecs } = createScene();

    const answer = ecs('DescribeServices', {
      cluster: `${PREFIX}:cluster/c`,
      services: ['s', `${PREFIX}:service/c/s`, `${PREFIX}:service/s`, 'x'],
      include: ['TAGS'],
    });

    expect(answer.services!.map(({ serviceName, tags }) => [serviceName, tags])).toEqual([
      ['s', []],
      ['s', []],
      ['s', []],
    ]);
    expect(answer.failures).toEqual([{ arn: `${PREFIX}:service/c/x`, reason: 'MISSING' }]);
    expect(errorOf(() => ecs('DescribeServices', { cluster: 'c', services: [] }))).toBe(
      'InvalidParameterException: Services cannot be empty.',
    );
    expect(errorOf(() => ecs('DescribeServices', { cluster: 'x', services: ['s'] }))).toBe(
      'ClusterNotFoundException: Cluster not found.',
    );
  });

  test('changes its count, and with it that of every set', () => {
    const scene = createScene();
    const { id } = scene.createTaskSet({ scale: { value: 50, unit: 'PERCENT' } });

    scene.ecs('UpdateService', { ...IN_SERVICE, desiredCount: 5 });

    expect(scene.service()).toMatchObject({ desiredCount: 5 });
    expect(scene.taskSet(id)).toMatchObject({ computedDesiredCount: 3 });
  });

  test('leaves to task sets what is theirs', () => {
    const { ecs } = createScene();
    const update = (input: object) =>
      errorOf(() => ecs('UpdateService', { ...IN_SERVICE, ...input }));

    expect(update({ taskDefinition: 'web' })).toBe(
      'InvalidParameterException: Unable to update task definition on services with a EXTERNAL deployment controller.',
    );
    expect(update({ forceNewDeployment: true })).toMatch(/^InvalidParameterException: /);
    expect(update({ desiredCount: -1 })).toMatch(/^InvalidParameterException: desiredCount/);
    expect(update({ service: 'x' })).toBe('ServiceNotFoundException: Service not found.');
  });

  test('is deleted when it wants nothing and has nothing, or by force', () => {
    const scene = createScene();
    const { ecs } = scene;
    scene.createTaskSet();
    const remove = (force?: boolean) => ecs('DeleteService', { ...IN_SERVICE, force });

    expect(errorOf(() => remove())).toBe(
      'InvalidParameterException: The service cannot be stopped while it is scaled above 0.',
    );
    ecs('UpdateService', { ...IN_SERVICE, desiredCount: 0 });
    expect(errorOf(() => remove())).toMatch(/while task sets are active/);
    expect(remove(true)).toMatchObject({ service: { status: 'DRAINING' } });
    expect(
      errorOf(() => ecs('CreateService', { cluster: 'c', serviceName: 's', ...EXTERNAL })),
    ).toBe('InvalidParameterException: Unable to Start a service that is still Draining.');
    scene.pass(10);

    expect(scene.service()).toMatchObject({ status: 'INACTIVE' });
    expect(errorOf(() => ecs('UpdateService', IN_SERVICE))).toBe(
      'ServiceNotActiveException: Service was not ACTIVE.',
    );
    ecs('CreateService', { cluster: 'c', serviceName: 's', ...EXTERNAL });
    expect(scene.service()).toMatchObject({ status: 'ACTIVE', desiredCount: 1 });
  });

  test('is created once per client token', () => {
    const { ecs } = createScene();
    const create = () =>
      ecs('CreateService', { cluster: 'c', serviceName: 'n', clientToken: 't', ...EXTERNAL });

    expect(create()).toEqual(create());
  });

  test('is listed ten to a page, each of them once', () => {
    const { ecs } = createScene();
    for (let i = 0; i < 24; i++) {
      ecs('CreateService', { cluster: 'c', serviceName: `s${i}`, ...EXTERNAL });
    }
    const sizes: number[] = [];
    const seen = new Set<string>();
    let nextToken: string | undefined;

    do {
      const page = ecs('ListServices', { cluster: 'c', nextToken });
      sizes.push(page.serviceArns!.length);
      page.serviceArns!.forEach((arn) => seen.add(arn));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);

    expect(sizes).toEqual([10, 10, 5]);
    expect(seen.size).toBe(25);
    expect(errorOf(() => ecs('ListServices', { cluster: 'c', nextToken: 'x' }))).toBe(
      'InvalidParameterException: Invalid token.',
    );
  });
});

describe('a task definition', () => {
  test('gets AWS’s defaults', () => {
    const scene = createScene();

    const { taskDefinition, tags } = scene.ecs('RegisterTaskDefinition', {
      ...taskDefinitionInput([webContainer()]),
      tags: [{ key: 'a', value: '1' }],
    });

    expect(tags).toEqual([{ key: 'a', value: '1' }]);
    expect(taskDefinition).toEqual({
      taskDefinitionArn: `${PREFIX}:task-definition/web:1`,
      family: 'web',
      revision: 1,
      status: 'ACTIVE',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      compatibilities: ['EC2', 'FARGATE'],
      cpu: '256',
      memory: '512',
      volumes: [],
      placementConstraints: [],
      registeredAt: scene.world.now(),
      registeredBy: 'arn:aws:iam::111111111111:user/sandbox',
      containerDefinitions: [
        {
          name: 'web',
          image: webContainer().image,
          cpu: 0,
          essential: true,
          environment: [],
          mountPoints: [],
          volumesFrom: [],
          systemControls: [],
          portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: 'tcp' }],
        },
      ],
    });
  });

  test('never reuses a revision; a family means its latest ACTIVE one', () => {
    const { ecs, register } = createScene();
    const arns = [register(), register(), register()];
    ecs('DeregisterTaskDefinition', { taskDefinition: 'web:3' });
    const revisionOf = (taskDefinition: string) =>
      ecs('DescribeTaskDefinition', { taskDefinition }).taskDefinition!.revision;

    expect(revisionOf('web')).toBe(2);
    expect(revisionOf('web:3')).toBe(3);
    expect(revisionOf(arns[0]!)).toBe(1);
    expect(register()).toBe(`${PREFIX}:task-definition/web:4`);
    for (const unknown of ['nope', 'web:9', 'web:x', `${PREFIX}9:task-definition/web:1`]) {
      expect(errorOf(() => revisionOf(unknown))).toBe(
        'ClientException: Unable to describe task definition.',
      );
    }
  });

  test('is listed by family, status and order', () => {
    const { ecs, register } = createScene();
    for (let i = 0; i < 3; i++) register();
    register(undefined, { family: 'api' });
    ecs('DeregisterTaskDefinition', { taskDefinition: 'web:2' });
    const list = (input: object) =>
      ecs('ListTaskDefinitions', input).taskDefinitionArns!.map((arn) => arn.split('/')[1]);

    expect(list({})).toEqual(['api:1', 'web:1', 'web:3']);
    expect(list({ familyPrefix: 'web', sort: 'DESC', maxResults: 1 })).toEqual(['web:3']);
    expect(list({ familyPrefix: 'we' })).toEqual([]);
    expect(list({ status: 'INACTIVE' })).toEqual(['web:2']);
  });

  test.each([
    [{ family: '' }, 'ClientException: Family should not be null or empty.'],
    [{ containerDefinitions: [] }, 'ClientException: Container list cannot be empty.'],
    [
      { containerDefinitions: [{ name: 'web' }] },
      'ClientException: Container.image should not be null or empty.',
    ],
    [
      { memory: undefined, requiresCompatibilities: ['EC2'] },
      "ClientException: Invalid setting for container 'web'. At least one of 'memory' or 'memoryReservation' must be specified.",
    ],
    [
      { cpu: '256', memory: '4096' },
      'ClientException: No Fargate configuration exists for given values: 256 CPU, 4096 memory.',
    ],
    [{ networkMode: 'bridge' }, 'ClientException: Fargate only supports network mode ‘awsvpc’.'],
    [
      { containerDefinitions: [webContainer({ healthCheck: { command: ['CMD', 'true'] } })] },
      'InvalidParameterException: containerDefinitions[0].healthCheck is not implemented by the sandbox.',
    ],
    [
      { volumes: [{ name: 'v', efsVolumeConfiguration: { fileSystemId: 'fs' } }] },
      'InvalidParameterException: volumes[0].efsVolumeConfiguration is not implemented by the sandbox.',
    ],
  ])('is refused %j', (input, error) => {
    const { ecs } = createScene();
    const register = () =>
      ecs('RegisterTaskDefinition', { ...taskDefinitionInput([webContainer()]), ...input });

    expect(errorOf(register)).toBe(error);
    expect(ecs('ListTaskDefinitions', {})).toEqual({ taskDefinitionArns: [] });
  });

  test('may give its size in vCPU and GB', () => {
    const { ecs } = createScene();

    const answer = ecs('RegisterTaskDefinition', {
      ...taskDefinitionInput([webContainer()]),
      cpu: '.5 vCPU',
      memory: '1GB',
    });

    expect(answer).toMatchObject({ taskDefinition: { cpu: '512', memory: '1024' } });
  });
});

describe('tasks', () => {
  test('are listed by set, by service and by desired status', () => {
    const scene = createScene();
    const blue = scene.createTaskSet();
    scene.createTaskSet();
    scene.pass(40);
    scene.ecs('StopTask', { cluster: 'c', task: scene.tasks(blue.id)[0]!.taskArn });
    const count = (input: object) =>
      scene.ecs('ListTasks', { cluster: 'c', ...input }).taskArns!.length;

    expect(count({})).toBe(3);
    expect(count({ serviceName: 's' })).toBe(3);
    expect(count({ startedBy: blue.id })).toBe(1);
    expect(count({ startedBy: blue.id, desiredStatus: 'STOPPED' })).toBe(1);
    expect(count({ desiredStatus: 'PENDING' })).toBe(0);
    expect(count({ family: 'nope' })).toBe(0);
    expect(errorOf(() => count({ startedBy: blue.id, serviceName: 's' }))).toMatch(
      /startedBy must be the only filter/,
    );
    expect(errorOf(() => count({ serviceName: 'x' }))).toBe(
      'ServiceNotFoundException: Service not found.',
    );
  });

  test('say where they run and whose they are', () => {
    const scene = createScene();
    const { id, taskDefinition } = scene.createTaskSet();
    scene.pass(10);
    const provisioning = scene.tasks(id)[0]!;
    scene.pass(30);
    const running = scene.tasks(id)[0]!;

    expect(provisioning.attachments).toMatchObject([{ status: 'PRECREATED' }]);
    expect(provisioning.containers![0]!.networkInterfaces).toEqual([]);
    expect(running.taskArn).toMatch(new RegExp(`^${PREFIX}:task/c/[0-9a-f]{32}$`));
    expect(running).toMatchObject({
      startedBy: id,
      group: 'service:s',
      taskDefinitionArn: taskDefinition,
      lastStatus: 'RUNNING',
      desiredStatus: 'RUNNING',
      launchType: 'FARGATE',
      cpu: '256',
      containers: [
        {
          name: 'web',
          lastStatus: 'RUNNING',
          imageDigest: expect.stringMatching(/^sha256:/),
          networkInterfaces: [{ privateIpv4Address: '127.16.0.1' }],
        },
      ],
      attachments: [
        {
          type: 'ElasticNetworkInterface',
          status: 'ATTACHED',
          details: expect.arrayContaining([
            { name: 'subnetId', value: 'subnet-1' },
            { name: 'privateIPv4Address', value: '127.16.0.1' },
          ]),
        },
      ],
    });
    const seconds = (date: Date | undefined) =>
      (date!.getTime() - running.createdAt!.getTime()) / 1000;
    expect([running.pullStartedAt, running.pullStoppedAt, running.startedAt].map(seconds)).toEqual([
      18, 25, 25,
    ]);
  });

  test('are found by id or ARN in their cluster only', () => {
    const scene = createScene();
    scene.createTaskSet();
    scene.pass(10);
    const arn = scene.ecs('ListTasks', { cluster: 'c' }).taskArns![0]!;
    scene.ecs('CreateCluster', {});
    const describeIn = (cluster: string | undefined, tasks: string[]) =>
      scene.ecs('DescribeTasks', { cluster, tasks });

    expect(describeIn('c', [arn, arn.split('/')[2]!]).tasks).toHaveLength(2);
    expect(describeIn(undefined, [arn])).toEqual({
      tasks: [],
      failures: [{ arn, reason: 'MISSING' }],
    });
    expect(errorOf(() => describeIn('c', []))).toBe(
      'InvalidParameterException: Tasks cannot be empty.',
    );
    expect(errorOf(() => scene.ecs('StopTask', { cluster: 'c', task: 'x' }))).toBe(
      'InvalidParameterException: The referenced task was not found.',
    );
  });

  test('have addresses that no task of another Region of the same world has', () => {
    const scene = createScene();
    const elsewhere = (name: string, input: object) =>
      call(scene.world, ECS_OPERATIONS, name, input, { region: 'eu-west-1' });
    const taskSet = { launchType: 'FARGATE', networkConfiguration: NETWORK, taskDefinition: 'web' };
    elsewhere('CreateCluster', { clusterName: 'c' });
    elsewhere('CreateService', { cluster: 'c', serviceName: 's', ...EXTERNAL });
    elsewhere('RegisterTaskDefinition', taskDefinitionInput([webContainer()]));
    elsewhere('CreateTaskSet', { ...IN_SERVICE, ...taskSet });
    scene.createTaskSet();

    scene.pass(40);

    const addresses = scene.runtime.running().map(({ address }) => address);
    expect(addresses.toSorted()).toEqual(['127.16.0.1', '127.16.0.2', '127.16.0.3']);
  });
});

describe('tags', () => {
  test('can be on everything that has an ARN', () => {
    const scene = createScene();
    const { id, taskSetArn, taskDefinition } = scene.createTaskSet();
    scene.pass(10);
    const { taskArn } = scene.tasks(id)[0]!;
    const tagsOf = (resourceArn: string | undefined) =>
      scene.ecs('ListTagsForResource', { resourceArn }).tags;

    for (const resourceArn of [
      `${PREFIX}:cluster/c`,
      `${PREFIX}:service/c/s`,
      taskSetArn,
      taskDefinition,
      taskArn,
    ]) {
      scene.ecs('TagResource', { resourceArn, tags: [{ key: 'a', value: '1' }] });
      scene.ecs('TagResource', {
        resourceArn,
        tags: [
          { key: 'a', value: '2' },
          { key: 'b', value: '' },
        ],
      });
      expect(tagsOf(resourceArn)).toEqual([
        { key: 'a', value: '2' },
        { key: 'b', value: '' },
      ]);
      scene.ecs('UntagResource', { resourceArn, tagKeys: ['a', 'nope'] });
      expect(tagsOf(resourceArn)).toEqual([{ key: 'b', value: '' }]);
    }
  });

  test('are refused where nothing is, and when they are too many', () => {
    const { ecs } = createScene();
    const tag = (resourceArn: string, count: number) =>
      errorOf(() =>
        ecs('TagResource', {
          resourceArn,
          tags: Array.from({ length: count }, (_, i) => ({ key: `k${i}`, value: '' })),
        }),
      );

    expect(tag(`${PREFIX}:service/c/x`, 1)).toMatch(/^ResourceNotFoundException: /);
    expect(tag(`${PREFIX}:service/x/s`, 1)).toBe('ClusterNotFoundException: Cluster not found.');
    expect(tag(`${PREFIX}:cluster/c`, 51)).toMatch(/^ClientException: /);
    expect(tag('web', 1)).toMatch(/^InvalidParameterException: /);
  });
});
