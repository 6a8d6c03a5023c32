import type { CreateClusterRequest, CreateClusterResponse } from '@aws-sdk/client-ecs';
import { operation } from '../../operation.ts';
import { clusterShape } from '../cluster-shape.ts';
import { notImplemented } from '../errors.ts';
import { checkClusterName } from '../find.ts';
import { tagsOf } from '../parameters.ts';
import type { Cluster } from '../state.ts';

const CAPACITY_PROVIDERS = ['FARGATE', 'FARGATE_SPOT'];

/**
 * Creates a cluster, named `default` when it is not named. One that is ACTIVE already is returned
 * as it is.
 * @see CreateCluster, Amazon ECS API Reference
 */
export const createCluster = operation<CreateClusterRequest, CreateClusterResponse>({
  name: 'CreateCluster',
  accepts: ['clusterName', 'tags', 'settings', 'capacityProviders'],
  handle(input, { region }) {
    const { clusterName: name = 'default', capacityProviders = [], settings = [] } = input;
    checkClusterName(name);
    const tags = tagsOf(input.tags);
    const unknown = capacityProviders.find((provider) => !CAPACITY_PROVIDERS.includes(provider));
    if (unknown !== undefined) throw notImplemented(`capacityProviders ${unknown}`);
    const { clusters } = region.ecs;
    const known = clusters.get(name);
    if (known?.status === 'ACTIVE') {
      return { cluster: clusterShape(known, { tags: true, settings: true }) };
    }
    const cluster: Cluster = {
      name,
      arn: region.arn('ecs', `cluster/${name}`),
      status: 'ACTIVE',
      tags,
      settings: settings.map((setting) => ({ ...setting })),
      capacityProviders: [...capacityProviders],
      services: new Map(),
      tasks: new Map(),
    };
    clusters.set(name, cluster);
    return { cluster: clusterShape(cluster, { tags: true, settings: true }) };
  },
});
