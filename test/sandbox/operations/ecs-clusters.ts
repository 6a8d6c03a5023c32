/** Proofs of ECS's operations on clusters, and on the tags of any resource. */
import { expect } from '@jest/globals';
import {
  CreateClusterCommand,
  DeleteClusterCommand,
  DescribeClustersCommand,
  ListClustersCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecs';
import { deleteService, invalid, NO_CLUSTER } from './ecs-words.ts';
import type { Proofs } from './proofs.ts';
import { ARNS, ECS, type Scene } from './scene.ts';

const BAD_CLUSTER_NAME = [
  'InvalidParameterException',
  String.raw`Cluster must match ^[a-zA-Z0-9\-_]{1,255}$, but was a b`,
] as const;
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

export const CLUSTER_PROOFS: Proofs = { ...CLUSTERS, ...RESOURCE_TAGS };
