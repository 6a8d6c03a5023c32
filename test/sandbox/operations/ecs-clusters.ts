/** Proofs of ECS's operations on clusters, services and tags. */
import { expect } from '@jest/globals';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteClusterCommand,
  DeleteServiceCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  ListClustersCommand,
  ListServicesCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { Proofs } from './proofs.ts';
import { ACCOUNT, ARNS, ECS, type Scene, START } from './scene.ts';

const EXTERNAL = { type: 'EXTERNAL' as const };
const newService = (more: object = {}) => ({
  cluster: 'c',
  serviceName: 'new',
  desiredCount: 1,
  deploymentController: EXTERNAL,
  ...more,
});
export const NO_CLUSTER = ['ClusterNotFoundException', 'Cluster not found.'] as const;
export const NO_SERVICE = ['ServiceNotFoundException', 'Service not found.'] as const;
export const NOT_ACTIVE = ['ServiceNotActiveException', 'Service was not ACTIVE.'] as const;
const BAD_CLUSTER_NAME = [
  'InvalidParameterException',
  String.raw`Cluster must match ^[a-zA-Z0-9\-_]{1,255}$, but was a b`,
] as const;
const invalid = (message: string | RegExp) => ['InvalidParameterException', message] as const;

/** Deletes the scene's service, which has no task and so is INACTIVE at the next tick. */
export async function deleteService({ ecs, pass }: Scene): Promise<void> {
  await ecs.send(new DeleteServiceCommand({ cluster: 'c', service: 's', force: true }));
  pass(10);
}

const serviceOf = async ({ ecs }: Scene, include: 'TAGS'[] = []) => {
  const input = { cluster: 'c', services: ['s'], include };
  return (await ecs.send(new DescribeServicesCommand(input))).services![0]!;
};

const CLUSTERS: Proofs = {
  CreateCluster: {
    command: CreateClusterCommand,
    works: {
      'creates a cluster, and only returns the one that is there': async ({ ecs }) => {
        const input = { clusterName: 'new', tags: [{ key: 'team', value: 'a' }] };
        const { cluster } = await ecs.send(new CreateClusterCommand(input));
        const again = await ecs.send(new CreateClusterCommand({ clusterName: 'new' }));

        expect(cluster).toEqual({
          clusterArn: `${ECS}:cluster/new`,
          clusterName: 'new',
          status: 'ACTIVE',
          registeredContainerInstancesCount: 0,
          runningTasksCount: 0,
          pendingTasksCount: 0,
          activeServicesCount: 0,
          statistics: [],
          tags: [{ key: 'team', value: 'a' }],
          settings: [],
          capacityProviders: [],
          defaultCapacityProviderStrategy: [],
        });
        expect(again.cluster).toEqual(cluster);
      },
      'calls it default unless it is named': async ({ ecs }) => {
        const { cluster } = await ecs.send(new CreateClusterCommand());
        expect(cluster?.clusterName).toBe('default');
      },
    },
    refuses: {
      'for a name that no cluster may have': {
        input: { clusterName: 'a b' },
        error: BAD_CLUSTER_NAME,
      },
    },
  },
  DescribeClusters: {
    command: DescribeClustersCommand,
    works: {
      'describes clusters by name and ARN, and says which are missing': async ({ ecs }) => {
        const answer = await ecs.send(
          new DescribeClustersCommand({ clusters: ['c', ARNS.cluster, 'nowhere'] }),
        );

        expect(answer.clusters).toMatchObject([
          { clusterName: 'c', activeServicesCount: 1 },
          { clusterName: 'c' },
        ]);
        expect(answer.failures).toEqual([{ arn: `${ECS}:cluster/nowhere`, reason: 'MISSING' }]);
      },
    },
    refuses: {
      'for a name that no cluster may have': {
        input: { clusters: ['a b'] },
        error: BAD_CLUSTER_NAME,
      },
    },
  },
  ListClusters: {
    command: ListClustersCommand,
    works: {
      'lists them page by page': async ({ ecs }) => {
        await ecs.send(new CreateClusterCommand({ clusterName: 'd' }));
        const first = await ecs.send(new ListClustersCommand({ maxResults: 1 }));
        const { nextToken } = first;
        const second = await ecs.send(new ListClustersCommand({ maxResults: 1, nextToken }));

        expect(first.clusterArns).toEqual([ARNS.cluster]);
        expect(second.clusterArns).toEqual([`${ECS}:cluster/d`]);
        expect(second.nextToken).toBeUndefined();
      },
    },
    refuses: {
      'for a token that was never given out': {
        input: { nextToken: 'x' },
        error: invalid('Invalid token.'),
      },
    },
  },
  DeleteCluster: {
    command: DeleteClusterCommand,
    works: {
      'makes it INACTIVE, which can still be described': async ({ ecs }) => {
        await ecs.send(new CreateClusterCommand({ clusterName: 'd' }));
        const { cluster } = await ecs.send(new DeleteClusterCommand({ cluster: 'd' }));
        const { clusters } = await ecs.send(new DescribeClustersCommand({ clusters: ['d'] }));

        expect(cluster).toMatchObject({ clusterName: 'd', status: 'INACTIVE' });
        expect(clusters).toMatchObject([{ clusterName: 'd', status: 'INACTIVE' }]);
      },
    },
    refuses: {
      'while it has services': {
        input: { cluster: 'c' },
        error: [
          'ClusterContainsServicesException',
          'The Cluster cannot be deleted while Services are active.',
        ],
      },
      'when there is none': { input: { cluster: 'nowhere' }, error: NO_CLUSTER },
      'when none is named': { input: {}, error: invalid('Cluster cannot be empty.') },
    },
  },
};

const SERVICES: Proofs = {
  CreateService: {
    command: CreateServiceCommand,
    works: {
      'creates a service without deployments, task sets or tasks': async ({ ecs }) => {
        const input = newService({ cluster: ARNS.cluster, tags: [{ key: 'k', value: 'v' }] });
        const { service } = await ecs.send(new CreateServiceCommand(input));

        expect(service).toEqual({
          serviceArn: `${ECS}:service/c/new`,
          serviceName: 'new',
          clusterArn: ARNS.cluster,
          status: 'ACTIVE',
          desiredCount: 1,
          runningCount: 0,
          pendingCount: 0,
          launchType: 'EC2', // AWS shows it until there is a primary task set.
          loadBalancers: [],
          serviceRegistries: [],
          deployments: [],
          taskSets: [],
          events: [],
          deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 },
          deploymentController: EXTERNAL,
          schedulingStrategy: 'REPLICA',
          healthCheckGracePeriodSeconds: 0,
          placementConstraints: [],
          placementStrategy: [],
          enableECSManagedTags: false,
          enableExecuteCommand: false,
          propagateTags: 'NONE',
          createdAt: START,
          createdBy: `arn:aws:iam::${ACCOUNT}:user/sandbox`,
          tags: [{ key: 'k', value: 'v' }],
        });
      },
      'creates it once per client token': async ({ ecs }) => {
        const input = newService({ clientToken: 'token' });
        const first = await ecs.send(new CreateServiceCommand(input));
        const second = await ecs.send(new CreateServiceCommand(input));
        expect(second.service).toEqual(first.service);
      },
    },
    refuses: {
      'in a cluster that is not there': {
        input: newService({ cluster: 'nowhere' }),
        error: NO_CLUSTER,
      },
      'when the name is in use': {
        input: newService({ serviceName: 's' }),
        error: invalid('Creation of service was not idempotent.'),
      },
      'with load balancers, which task sets have': {
        input: newService({ loadBalancers: [{ targetGroupArn: ARNS.blue }] }),
        error: invalid('LoadBalancers must be empty or null.'),
      },
      'with a network, which task sets have': {
        input: newService({
          networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
        }),
        error: invalid('NetworkConfiguration must be null.'),
      },
      'with an empty task definition': {
        input: newService({ taskDefinition: '' }),
        error: invalid('Family should not be null or empty.'),
      },
      'with a launch type, which task sets have': {
        input: newService({ launchType: 'FARGATE' }),
        error: invalid('LaunchType must be null.'),
      },
      'for another deployment controller, which the sandbox has not': {
        input: newService({ deploymentController: { type: 'ECS' } }),
        error: invalid('deploymentController.type ECS is not implemented by the sandbox.'),
      },
    },
  },
  DescribeServices: {
    command: DescribeServicesCommand,
    works: {
      'shows the task sets and their tasks together, and what the primary one has': async (
        scene,
      ) => {
        const taskSet = await scene.createTaskSet();
        scene.pass(10);
        const service = await serviceOf(scene);

        expect(service).toMatchObject({ desiredCount: 2, runningCount: 0, pendingCount: 2 });
        expect(service.taskSets).toMatchObject([{ id: taskSet.id, pendingCount: 2, tags: [] }]);
        expect(service.deployments).toEqual([]);
        expect(service.taskDefinition).toBeUndefined();
        expect(service.tags).toBeUndefined();
        expect(service.events?.map(({ message }) => message)).toContain(
          `(service s) updated computedDesiredCount for taskSet ${taskSet.id} to 2.`,
        );
      },
      'says which are missing, and shows tags when asked to': async (scene) => {
        const answer = await scene.ecs.send(
          new DescribeServicesCommand({ cluster: 'c', services: ['nothing', ARNS.service] }),
        );

        expect(answer.services).toMatchObject([{ serviceName: 's' }]);
        expect(answer.failures).toEqual([{ arn: `${ECS}:service/c/nothing`, reason: 'MISSING' }]);
        expect((await serviceOf(scene, ['TAGS'])).tags).toEqual([]);
      },
    },
    refuses: {
      'in a cluster that is not there': {
        input: { cluster: 'nowhere', services: ['s'] },
        error: NO_CLUSTER,
      },
      'in the default cluster when there is none': {
        input: { services: ['s'] },
        error: NO_CLUSTER,
      },
      'when no service is named': {
        input: { cluster: 'c', services: [] },
        error: invalid('Services cannot be empty.'),
      },
      'for more than ten services': {
        input: { cluster: 'c', services: Array.from({ length: 11 }, (_, i) => `s${i}`) },
        error: invalid('Services cannot have more than 10 items.'),
      },
    },
  },
  ListServices: {
    command: ListServicesCommand,
    works: {
      'lists them page by page': async ({ ecs }) => {
        await ecs.send(new CreateServiceCommand(newService()));
        const first = await ecs.send(new ListServicesCommand({ cluster: 'c', maxResults: 1 }));
        const { nextToken } = first;
        const second = await ecs.send(new ListServicesCommand({ cluster: 'c', nextToken }));

        expect(first.serviceArns).toEqual([ARNS.service]);
        expect(second.serviceArns).toEqual([`${ECS}:service/c/new`]);
      },
    },
    refuses: {
      'in a cluster that is not there': { input: { cluster: 'nowhere' }, error: NO_CLUSTER },
      'for a page of no known size': {
        input: { cluster: 'c', maxResults: 101 },
        error: invalid('maxResults must be between 1 and 100.'),
      },
    },
  },
  UpdateService: {
    command: UpdateServiceCommand,
    works: {
      "changes the desired count, and each set's own with it": async (scene) => {
        const whole = await scene.createTaskSet();
        const half = await scene.createTaskSet({ scale: { value: 50, unit: 'PERCENT' } });
        const { service } = await scene.ecs.send(
          new UpdateServiceCommand({
            cluster: 'c',
            service: 's',
            desiredCount: 5,
            healthCheckGracePeriodSeconds: 30,
          }),
        );

        expect(service).toMatchObject({ desiredCount: 5, healthCheckGracePeriodSeconds: 30 });
        expect(await scene.taskSet(whole)).toMatchObject({ computedDesiredCount: 5 });
        expect(await scene.taskSet(half)).toMatchObject({ computedDesiredCount: 3 });
      },
    },
    refuses: {
      'in a cluster that is not there': {
        input: { cluster: 'nowhere', service: 's' },
        error: NO_CLUSTER,
      },
      'for a service that is not there': {
        input: { cluster: 'c', service: 'nothing' },
        error: NO_SERVICE,
      },
      'for a service that was deleted': {
        input: async (scene) => {
          await deleteService(scene);
          return { cluster: 'c', service: 's', desiredCount: 1 };
        },
        error: NOT_ACTIVE,
      },
      'for what belongs to task sets': {
        input: { cluster: 'c', service: 's', taskDefinition: 'web:1' },
        error: invalid(
          'Unable to update task definition on services with a EXTERNAL deployment controller.',
        ),
      },
    },
  },
  DeleteService: {
    command: DeleteServiceCommand,
    works: {
      'drains its sets and tasks, and leaves it INACTIVE': async (scene) => {
        await scene.createTaskSet({ loadBalancers: [] });
        scene.pass(60);
        const { service } = await scene.ecs.send(
          new DeleteServiceCommand({ cluster: 'c', service: 's', force: true }),
        );
        scene.pass(60);

        expect(service).toMatchObject({ status: 'DRAINING', desiredCount: 0, runningCount: 2 });
        expect(await serviceOf(scene)).toMatchObject({
          status: 'INACTIVE',
          taskSets: [],
          runningCount: 0,
        });
      },
      'returns one that was deleted already as it is': async (scene) => {
        await deleteService(scene);
        const { service } = await scene.ecs.send(
          new DeleteServiceCommand({ cluster: 'c', service: 's' }),
        );
        expect(service).toMatchObject({ serviceName: 's', status: 'INACTIVE' });
      },
    },
    refuses: {
      'in a cluster that is not there': {
        input: { cluster: 'nowhere', service: 's' },
        error: NO_CLUSTER,
      },
      'for a service that is not there': {
        input: { cluster: 'c', service: 'nothing' },
        error: NO_SERVICE,
      },
      'while it wants tasks': {
        input: { cluster: 'c', service: 's' },
        error: invalid('The service cannot be stopped while it is scaled above 0.'),
      },
    },
  },
};

const tagged = async ({ ecs }: Scene, resourceArn: string) =>
  (await ecs.send(new ListTagsForResourceCommand({ resourceArn }))).tags;
const NO_RESOURCE = [
  'ResourceNotFoundException',
  'The specified resource could not be found.',
] as const;
const NOWHERE = `${ECS}:service/nowhere/s`;
const NOTHING = `${ECS}:service/c/nothing`;
const TAGS = [{ key: 'k', value: 'v' }];

const RESOURCE_TAGS: Proofs = {
  TagResource: {
    command: TagResourceCommand,
    works: {
      'adds tags to all that has an ARN, task sets too': async (scene) => {
        const { taskSetArn, taskDefinition } = await scene.createTaskSet();

        for (const resourceArn of [ARNS.cluster, ARNS.service, taskSetArn!, taskDefinition!]) {
          await scene.ecs.send(new TagResourceCommand({ resourceArn, tags: TAGS }));
          expect(await tagged(scene, resourceArn)).toEqual(TAGS);
        }
      },
    },
    refuses: {
      'for a resource that is not there': {
        input: { resourceArn: NOTHING, tags: TAGS },
        error: NO_RESOURCE,
      },
      'in a cluster that is not there': {
        input: { resourceArn: NOWHERE, tags: TAGS },
        error: NO_CLUSTER,
      },
      "for AWS's own prefix": {
        input: { resourceArn: ARNS.service, tags: [{ key: 'aws:k' }] },
        error: invalid('Tag keys must not start with the reserved prefix aws:.'),
      },
    },
  },
  UntagResource: {
    command: UntagResourceCommand,
    works: {
      'removes tags, also those that are not there': async (scene) => {
        const resourceArn = ARNS.service;
        await scene.ecs.send(new TagResourceCommand({ resourceArn, tags: TAGS }));
        await scene.ecs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['k', 'l'] }));
        expect(await tagged(scene, resourceArn)).toEqual([]);
      },
    },
    refuses: {
      'for a resource that is not there': {
        input: { resourceArn: NOTHING, tagKeys: ['k'] },
        error: NO_RESOURCE,
      },
      'in a cluster that is not there': {
        input: { resourceArn: NOWHERE, tagKeys: ['k'] },
        error: NO_CLUSTER,
      },
    },
  },
  ListTagsForResource: {
    command: ListTagsForResourceCommand,
    works: {
      'lists none where there are none': async (scene) => {
        expect(await tagged(scene, ARNS.service)).toEqual([]);
      },
    },
    refuses: {
      'for a resource that is not there': {
        input: { resourceArn: NOTHING },
        error: invalid('The specified resource could not be found.'),
      },
      'in a cluster that was deleted': {
        input: async (scene) => {
          await deleteService(scene);
          await scene.ecs.send(new DeleteClusterCommand({ cluster: 'c' }));
          return { resourceArn: ARNS.cluster };
        },
        error: invalid(
          'The specified cluster is inactive. Specify an active cluster and try again.',
        ),
      },
      'in a cluster that is not there': { input: { resourceArn: NOWHERE }, error: NO_CLUSTER },
    },
  },
};

export const CLUSTER_PROOFS: Proofs = { ...CLUSTERS, ...SERVICES, ...RESOURCE_TAGS };
