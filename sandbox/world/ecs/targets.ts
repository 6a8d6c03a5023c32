import { deregisterTarget, describeTarget, registerTarget } from '../elb/targets.ts';
import type { At } from './at.ts';
import type { Task, TaskSetLoadBalancer } from './state.ts';

/** What the load balancers say of one task. */
export interface TargetHealth {
  readonly state: 'healthy' | 'unhealthy' | 'unknown';
  /** Whose target is not healthy, and why. */
  readonly loadBalancer?: TaskSetLoadBalancer;
  readonly description?: string;
}

const HEALTHY: TargetHealth = { state: 'healthy' };

/** A task without a load balancer is healthy as soon as it runs. */
export function targetHealth(at: At, task: Task): TargetHealth {
  for (const loadBalancer of task.taskSet.loadBalancers) {
    const { targetGroupArn } = loadBalancer;
    const target = targetOf(task, loadBalancer);
    const { state, description } = describeTarget(at.world, at.region, targetGroupArn, target);
    if (state === 'healthy') continue;
    return {
      state: state === 'unhealthy' ? 'unhealthy' : 'unknown',
      loadBalancer,
      ...(description !== undefined && { description }),
    };
  }
  return HEALTHY;
}

export function registerTargets(at: At, task: Task): void {
  const { arn: taskArn, taskSet } = task;
  for (const loadBalancer of taskSet.loadBalancers) {
    registerTarget(at.world, at.region, loadBalancer.targetGroupArn, {
      ...targetOf(task, loadBalancer),
      taskArn,
      taskSetId: taskSet.id,
    });
  }
}

export function deregisterTargets(at: At, task: Task): void {
  for (const loadBalancer of task.taskSet.loadBalancers) {
    const target = targetOf(task, loadBalancer);
    deregisterTarget(at.world, at.region, loadBalancer.targetGroupArn, target);
  }
}

/** Whether draining is over: no load balancer sends anything to the task any more. */
export function targetsAreGone(at: At, task: Task): boolean {
  return task.taskSet.loadBalancers.every((loadBalancer) => {
    const { targetGroupArn } = loadBalancer;
    const target = targetOf(task, loadBalancer);
    return describeTarget(at.world, at.region, targetGroupArn, target).state === 'unused';
  });
}

/** The keys of a task's targets in `tasksByDrainingTarget`. */
export function targetKeys(task: Task): string[] {
  return task.taskSet.loadBalancers.map(({ targetGroupArn, containerPort }) =>
    targetKey(targetGroupArn, task.address, containerPort),
  );
}

export function targetKey(targetGroupArn: string, address: string, port: number): string {
  return `${targetGroupArn} ${address}:${port}`;
}

function targetOf(task: Task, loadBalancer: TaskSetLoadBalancer) {
  return { address: task.address, port: loadBalancer.containerPort };
}
