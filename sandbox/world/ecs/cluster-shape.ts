import type { Cluster as ClusterShape } from '@aws-sdk/client-ecs';
import { countAll } from './counts.ts';
import { tagShapes } from './parameters.ts';
import type { Cluster } from './state.ts';

/** A cluster as the API shows it. @see Cluster, Amazon ECS API Reference */
export function clusterShape(
  cluster: Cluster,
  include: { tags: boolean; settings: boolean },
): ClusterShape {
  const services = Array.from(cluster.services.values());
  const { running, pending } = countAll(services.flatMap((s) => Array.from(s.taskSets.values())));
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: cluster.status,
    registeredContainerInstancesCount: 0,
    runningTasksCount: running,
    pendingTasksCount: pending,
    activeServicesCount: services.filter(({ status }) => status === 'ACTIVE').length,
    statistics: [],
    tags: include.tags ? tagShapes(cluster.tags) : [],
    settings: include.settings ? cluster.settings.map((setting) => ({ ...setting })) : [],
    capacityProviders: [...cluster.capacityProviders],
    defaultCapacityProviderStrategy: [],
  };
}
