import { familyAndRevision, type Service, type Target, type Task, type TaskSet } from './model.ts';
import type { DeployContext } from './step.ts';
import { newColorOf, newTaskSetIdOf } from './recorded.ts';

/** Whether the new task set may get users' traffic now. */
export type Readiness =
  | { readonly isReady: true; readonly tasks: number }
  | { readonly isReady: false; readonly why: string; readonly isGone: boolean };

/** The IAM actions behind `readReadiness`. */
export const READINESS_READS = [
  'ecs:DescribeServices',
  'ecs:DescribeTaskSets',
  'ecs:ListTasks',
  'ecs:DescribeTasks',
  'elasticloadbalancing:DescribeTargetHealth',
] as const;

/**
 * Reads everything that the answer depends on, at once. STEADY_STATE alone proves nothing: it may be
 * left over from before the last change, and a service of no tasks is steady as well.
 * @see TaskSet.stabilityStatus, Amazon ECS API Reference
 */
export async function readReadiness(context: DeployContext): Promise<Readiness> {
  const { aws, plan } = context;
  const id = newTaskSetIdOf(context);
  const targetGroupArn = plan.targetGroupArns[newColorOf(context)];
  const [service, seen, targets, tasks] = await Promise.all([
    aws.service.describe(),
    aws.service.taskSet(id),
    aws.targets.describe(targetGroupArn),
    aws.tasks.running(id),
  ]);
  // Either list may lag behind the other.
  const taskSet = seen ?? service?.taskSets.find((set) => set.id === id);
  if (!service || !taskSet || taskSet.status === 'DRAINING') {
    return { isReady: false, isGone: true, why: `task set ${id} to be there` };
  }
  const why =
    whyNotSteady(service, taskSet, targets) ??
    whyNotHealthy(taskSet, tasks, targets) ??
    whyNotServing(taskSet, targetGroupArn);
  return why === undefined
    ? { isReady: true, tasks: taskSet.runningCount }
    : { isReady: false, isGone: false, why };
}

/** AWS rounds up; the small number takes away what floating point adds (100 × 0.07 is above 7). */
export function expectedCount(desiredCount: number, scalePercent: number): number {
  return Math.max(0, Math.ceil((desiredCount * scalePercent) / 100 - 1e-9));
}

function whyNotSteady(
  service: Service,
  taskSet: TaskSet,
  targets: readonly Target[],
): string | undefined {
  const expected = expectedCount(service.desiredCount, taskSet.scalePercent);
  if (expected < 1) return 'the service to want at least one task (its desired count is 0)';
  const { computedDesiredCount, isSteady, pendingCount, runningCount } = taskSet;
  if (computedDesiredCount !== expected) {
    return `ECS to want ${expected} tasks (it still computes ${computedDesiredCount})`;
  }
  const counts = describeCounts(taskSet, targets);
  if (runningCount !== expected || pendingCount !== 0) return `${counts}; ${pendingCount} pending`;
  return isSteady ? undefined : `${counts}; ECS does not call it steady yet`;
}

/** Health is asked of exactly this task set's tasks; a neighbour's healthy target proves nothing. */
function whyNotHealthy(
  taskSet: TaskSet,
  tasks: readonly Task[],
  targets: readonly Target[],
): string | undefined {
  const addresses = new Set(tasks.flatMap((task) => task.address ?? []));
  const registered = targets.filter(isRegistered);
  const stranger = registered.find((target) => !addresses.has(target.address));
  if (stranger) {
    return `${describeTarget(stranger)} to leave the target group: it is no running task of the new task set`;
  }
  const areAllHealthy =
    registered.length === tasks.length && registered.every((target) => target.state === 'healthy');
  return areAllHealthy ? undefined : describeCounts(taskSet, targets);
}

/** `2 of 2 tasks running, 1 of 2 targets healthy; 10.0.0.2:8080 is unhealthy: Request timed out` */
function describeCounts(taskSet: TaskSet, targets: readonly Target[]): string {
  const { computedDesiredCount, runningCount } = taskSet;
  const registered = targets.filter(isRegistered);
  const healthy = registered.filter((target) => target.state === 'healthy').length;
  const sick = registered.find((target) => target.state === 'unhealthy');
  return [
    `${runningCount} of ${computedDesiredCount} tasks running, ${healthy} of ${computedDesiredCount} targets healthy`,
    ...(sick ? [describeTarget(sick)] : []),
  ].join('; ');
}

/** Draining targets belong to the past. */
function isRegistered(target: Target): boolean {
  return target.state !== 'draining';
}

function whyNotServing(taskSet: TaskSet, targetGroupArn: string): string | undefined {
  return taskSet.targetGroupArns.includes(targetGroupArn)
    ? undefined
    : `task set ${taskSet.id} (${familyAndRevision(taskSet.taskDefinitionArn)}) to be attached to ${targetGroupArn}`;
}

function describeTarget(target: Target): string {
  return `${target.address}:${target.port} is ${target.state}${target.description ? `: ${target.description}` : ''}`;
}
