import type { Service as ServiceShape } from '@aws-sdk/client-ecs';
import type { At } from './at.ts';
import { countAll } from './counts.ts';
import { tagShapes } from './parameters.ts';
import type { Service, TaskSet } from './state.ts';
import { describedTaskSet, loadBalancerShapes, networkShape } from './task-set-shape.ts';

/**
 * A service as the API shows it. Deployments are for the ECS controller only; what the PRIMARY set
 * has, the service shows too.
 * @see Service, Amazon ECS API Reference
 */
export function serviceShape(at: At, service: Service, withTags: boolean): ServiceShape {
  const sets = Array.from(service.taskSets.values());
  const { running, pending } = countAll(sets);
  const { maximumPercent, minimumHealthyPercent, propagateTags } = service;
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.arn,
    serviceRegistries: [],
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: running,
    pendingCount: pending,
    ...fieldsOfPrimary(service.lastPrimary),
    deploymentConfiguration: { maximumPercent, minimumHealthyPercent },
    taskSets: sets.flatMap((taskSet) => describedTaskSet(at, taskSet, false) ?? []),
    deployments: [],
    events: service.events.toReversed(),
    createdAt: service.createdAt,
    createdBy: service.createdBy,
    placementConstraints: [],
    placementStrategy: [],
    healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
    schedulingStrategy: 'REPLICA',
    deploymentController: { type: 'EXTERNAL' },
    ...(withTags && { tags: tagShapes(service.tags) }),
    enableECSManagedTags: service.enableECSManagedTags,
    propagateTags,
    enableExecuteCommand: false,
  };
}

/** Until there is a first PRIMARY set, the launch type shows EC2 and the rest nothing. */
function fieldsOfPrimary(primary: TaskSet | undefined): Partial<ServiceShape> {
  if (!primary) return { loadBalancers: [], launchType: 'EC2' };
  const { capacityProviderStrategy, network } = primary;
  return {
    taskDefinition: primary.taskDefinition.arn,
    loadBalancers: loadBalancerShapes(primary.loadBalancers),
    launchType: primary.launchType,
    ...(capacityProviderStrategy.length > 0 && {
      capacityProviderStrategy: capacityProviderStrategy.map((item) => ({ ...item })),
    }),
    platformVersion: primary.platformVersion,
    platformFamily: 'Linux',
    ...(network && { networkConfiguration: { awsvpcConfiguration: networkShape(network) } }),
  };
}
