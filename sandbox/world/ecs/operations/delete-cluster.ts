import type { DeleteClusterRequest, DeleteClusterResponse } from '@aws-sdk/client-ecs';
import { ApiError, operation } from '../../operation.ts';
import { clusterShape } from '../cluster-shape.ts';
import { invalidParameter } from '../errors.ts';
import { findCluster } from '../find.ts';

/**
 * Makes an empty cluster INACTIVE: it stays describable, and its name is free again.
 * @see DeleteCluster, Amazon ECS API Reference
 */
export const deleteCluster = operation<DeleteClusterRequest, DeleteClusterResponse>({
  name: 'DeleteCluster',
  accepts: ['cluster'],
  handle(input, { region }) {
    if (!input.cluster) throw invalidParameter('Cluster cannot be empty.');
    const cluster = findCluster(region, input.cluster);
    const services = Array.from(cluster.services.values());
    if (services.some(({ status }) => status !== 'INACTIVE')) {
      throw new ApiError(
        'ClusterContainsServicesException',
        'The Cluster cannot be deleted while Services are active.',
      );
    }
    cluster.status = 'INACTIVE';
    return { cluster: clusterShape(cluster, { tags: false, settings: false }) };
  },
});
