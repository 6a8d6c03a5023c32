import { familyAndRevision, type Service, type Target, type Task, type TaskSet } from './model.ts';
import { newColorOf, newTaskSetIdOf } from './recorded.ts';
import { type DeployContext, StepFailedError } from './step.ts';
import { waitUntil } from './waiting.ts';

/** Whether the new task set may get users' traffic now. */
export type Readiness =
  | { readonly isReady: true; readonly tasks: number }
  | {
      readonly isReady: false;
      readonly why: string;
      readonly isGone: boolean;
      /** Whether what is there is ill; else it may only be on its way: being scaled, for example. */
      readonly isSick: boolean;
      /** Its targets that are healthy, and how many the service wants. */
      readonly healthy: number;
      readonly wanted: number;
    };

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
    const why = `task set ${id} to be there`;
    return { isReady: false, isGone: true, isSick: true, healthy: 0, wanted: 1, why };
  }
  const why =
    whyNotAlone(service, taskSet, targetGroupArn) ??
    whyNotSteady(service, taskSet, targets) ??
    whyNotHealthy(taskSet, tasks, targets) ??
    whyNotServing(taskSet, targetGroupArn);
  return why === undefined
    ? { isReady: true, tasks: taskSet.runningCount }
    : {
        isReady: false,
        isGone: false,
        why,
        wanted: expectedCount(service.desiredCount, taskSet.scalePercent),
        ...healthOf(tasks, targets),
      };
}

/** ECS registers a task before it calls it RUNNING: one without a target was deregistered by others. */
function healthOf(tasks: readonly Task[], targets: readonly Target[]) {
  const registered = targets.filter(isRegistered);
  const has = (address: string | undefined) =>
    registered.some((target) => target.address === address);
  const addresses = new Set(tasks.flatMap((task) => task.address ?? []));
  const own = registered.filter((target) => addresses.has(target.address));
  return {
    isSick:
      own.some(({ state }) => state === 'unhealthy') ||
      tasks.some(({ address, lastStatus }) => lastStatus === 'RUNNING' && !has(address)),
    healthy: own.filter(({ state }) => state === 'healthy').length,
  };
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
  // One that is only being looked at for the first time needs no explanation.
  const sick = registered.find(({ state }) => state !== 'healthy' && state !== 'initial');
  return [
    `${runningCount} of ${computedDesiredCount} tasks running, ${healthy} of ${computedDesiredCount} targets healthy`,
    ...(sick ? [describeTarget(sick)] : []),
  ].join('; ');
}

/** Draining targets belong to the past. */
function isRegistered(target: Target): boolean {
  return target.state !== 'draining';
}

/** Another task set there may have no target yet; once it has, two versions serve. */
function whyNotAlone(
  { taskSets }: Service,
  { id }: TaskSet,
  targetGroupArn: string,
): string | undefined {
  const neighbour = taskSets.find(
    (set) =>
      set.id !== id && set.status !== 'DRAINING' && set.targetGroupArns.includes(targetGroupArn),
  );
  return (
    neighbour && `task set ${neighbour.id}, which is not of this deploy, to leave the target group`
  );
}

function whyNotServing(taskSet: TaskSet, targetGroupArn: string): string | undefined {
  return taskSet.targetGroupArns.includes(targetGroupArn)
    ? undefined
    : `task set ${taskSet.id} (${familyAndRevision(taskSet.taskDefinitionArn)}) to be attached to ${targetGroupArn}`;
}

function describeTarget(target: Target): string {
  return `${target.address}:${target.port} is ${target.state}${target.description ? `: ${target.description}` : ''}`;
}

/** How long a task set that was ready may take to be so again, while it is being scaled. */
const READY_AGAIN_WITHIN_MS = 60_000;

/**
 * Waits until a task set that was ready before is so still: at once as a rule, and else while it is
 * being scaled, but not while it is ill.
 * @param read What else is to be known at the very moment when it is ready.
 * @returns how many tasks are ready, and what was read.
 * @throws {StepFailedError} that begins with `complaint`.
 */
export async function stillReady<T>(
  context: DeployContext,
  complaint: string,
  read: () => Promise<T>,
): Promise<{ readonly tasks: number; readonly read: T }> {
  const untilMs = context.clock.monotonicMs() + READY_AGAIN_WITHIN_MS;
  return waitUntil(context, 2 * READY_AGAIN_WITHIN_MS, async () => {
    const [readiness, alongside] = await Promise.all([readReadiness(context), read()]);
    if (readiness.isReady) return { done: { tasks: readiness.tasks, read: alongside } };
    if (readiness.isSick || context.clock.monotonicMs() >= untilMs) {
      throw new StepFailedError(`${complaint}; needed: ${readiness.why}.`);
    }
    return { waitingFor: readiness.why };
  });
}
