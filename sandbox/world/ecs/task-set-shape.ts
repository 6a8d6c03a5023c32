import type {
  AwsVpcConfiguration,
  LoadBalancer,
  TaskSet as TaskSetShape,
} from '@aws-sdk/client-ecs';
import type { At } from './at.ts';
import { countTasks } from './counts.ts';
import { tagShapes } from './parameters.ts';
import type { TaskSet, TaskSetLoadBalancer } from './state.ts';

/**
 * A task set as the API shows it. `tags` is there in any case, and empty unless they were asked
 * for; `startedBy` never is for the EXTERNAL controller.
 * @see TaskSet, Amazon ECS API Reference
 */
export function taskSetShape(taskSet: TaskSet, withTags: boolean): TaskSetShape {
  const { service, capacityProviderStrategy, network } = taskSet;
  const { running, pending } = countTasks(taskSet.tasks);
  return {
    id: taskSet.id,
    taskSetArn: taskSet.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    externalId: taskSet.externalId,
    status: taskSet.status,
    taskDefinition: taskSet.taskDefinition.arn,
    computedDesiredCount: taskSet.computedDesiredCount,
    pendingCount: pending,
    runningCount: running,
    createdAt: taskSet.createdAt,
    updatedAt: taskSet.updatedAt,
    launchType: taskSet.launchType,
    ...(capacityProviderStrategy.length > 0 && {
      capacityProviderStrategy: capacityProviderStrategy.map((item) => ({ ...item })),
    }),
    platformVersion: taskSet.platformVersion,
    platformFamily: 'Linux',
    ...(network && { networkConfiguration: { awsvpcConfiguration: networkShape(network) } }),
    loadBalancers: loadBalancerShapes(taskSet.loadBalancers),
    serviceRegistries: [],
    scale: { value: taskSet.scalePercent, unit: 'PERCENT' },
    stabilityStatus: taskSet.stabilityStatus,
    stabilityStatusAt: taskSet.stabilityStatusAt,
    tags: withTags ? tagShapes(taskSet.tags) : [],
  };
}

export function networkShape(network: AwsVpcConfiguration): AwsVpcConfiguration {
  const { subnets = [], securityGroups = [], assignPublicIp } = network;
  return { subnets: [...subnets], securityGroups: [...securityGroups], assignPublicIp };
}

export function loadBalancerShapes(loadBalancers: readonly TaskSetLoadBalancer[]): LoadBalancer[] {
  return loadBalancers.map((loadBalancer) => ({ ...loadBalancer }));
}

/** Remembers what describe calls go on showing of a set that is about to change or to appear. */
export function keepStaleView({ world }: At, taskSet: TaskSet, isNew = false): void {
  const { staleReadSeconds } = world.settings;
  if (staleReadSeconds <= 0) return;
  taskSet.staleViews.push({
    untilMs: world.clock.monotonicMs() + world.scaledMs(staleReadSeconds),
    shape: isNew ? undefined : taskSetShape(taskSet, true),
  });
}

/** A set as describe calls show it at this moment; undefined while they do not show it yet. */
export function describedTaskSet(
  { world }: At,
  taskSet: TaskSet,
  withTags: boolean,
): TaskSetShape | undefined {
  const { staleViews } = taskSet;
  const nowMs = world.clock.monotonicMs();
  while (staleViews[0] && staleViews[0].untilMs <= nowMs) staleViews.shift();
  const stale = staleViews[0];
  if (!stale) return taskSetShape(taskSet, withTags);
  if (!stale.shape) return undefined;
  const shape = structuredClone(stale.shape);
  return withTags ? shape : { ...shape, tags: [] };
}
