import type { TaskStopCode } from '@aws-sdk/client-ecs';
import type { ContainerExit } from '../task-runtime.ts';
import type { At } from './at.ts';
import type { Container, Task } from './state.ts';
import { moveTo } from './task-changes.ts';
import { deregisterTargets, targetKey, targetKeys, targetsAreGone } from './targets.ts';

const DEFAULT_STOP_TIMEOUT_SECONDS = 30;
const REMEMBERED_SECONDS = 3600;

/** Why a task stops. */
export interface StopCause {
  readonly code: TaskStopCode;
  readonly reason: string;
}

/**
 * Stops a task in AWS's order: it leaves its load balancers (DEACTIVATING), its containers get
 * SIGTERM and after their stop timeout SIGKILL (STOPPING), its network interface is taken away
 * (DEPROVISIONING). One that stops already goes on as it did, for its first cause.
 * @see Amazon ECS task lifecycle, Amazon ECS Developer Guide
 */
export function stopTask(at: At, task: Task, cause: StopCause): void {
  if (task.desiredStatus === 'STOPPED') return;
  const wasRunning = task.lastStatus === 'RUNNING';
  noteCause(at, task, cause);
  task.cancelNextStep?.();
  if (!wasRunning) deprovision(at, task);
  else if (task.taskSet.loadBalancers.length > 0) deactivate(at, task);
  else stopContainers(at, task);
}

/**
 * Takes note of a container's exit. An essential one takes its task with it; that task's targets
 * stay registered until the scheduler looks at them, as on AWS.
 */
export function containerExited(at: At, task: Task, exit: ContainerExit): void {
  const container = task.containers.find(
    ({ definition }) => definition.name === exit.containerName,
  );
  if (!container || container.lastStatus === 'STOPPED') return;
  container.cancelKill?.();
  container.lastStatus = 'STOPPED';
  // A container that could not be started never ran: it has no exit code.
  const neverRan = exit.reason?.startsWith('CannotStartContainerError') ?? false;
  container.exitCode = neverRan ? undefined : exit.exitCode;
  container.reason = exit.reason;
  const { essential } = container.definition;
  if (task.desiredStatus === 'RUNNING') {
    if (!essential) return;
    noteCause(at, task, neverRan ? failedToStart(exit) : ESSENTIAL_CONTAINER_EXITED);
    task.taskSet.crashedTasks.push(task);
    stopContainers(at, task);
  } else if (task.lastStatus === 'DEACTIVATING') {
    // Its targets go on draining without it: there is nobody left to wait for.
    if (essential) stopContainers(at, task);
  } else if (task.lastStatus === 'STOPPING' && !hasRunningContainer(task)) {
    deprovision(at, task);
  }
}

/** Goes on with a DEACTIVATING task whose targets have drained. Called again and again. */
export function goOnIfDrained(at: At, task: Task): void {
  if (task.lastStatus === 'DEACTIVATING' && targetsAreGone(at, task)) stopContainers(at, task);
}

/** Hears of drained targets, so that a task need not wait for the next tick. */
export function watchTargets(at: At): void {
  const { ecs } = at.region;
  if (ecs.watchesTargets) return;
  ecs.watchesTargets = true;
  at.world.subscribe((event) => {
    if (event.type !== 'target.removed') return;
    const key = targetKey(event.targetGroupArn, event.address, event.port);
    const task = ecs.tasksByDrainingTarget.get(key);
    if (task) goOnIfDrained(at, task);
  });
}

/** Drops STOPPED tasks after an hour. */
export function forgetStoppedTasks({ world, region }: At): void {
  const { stoppedTasks } = region.ecs;
  const nowMs = world.clock.monotonicMs();
  for (let task = stoppedTasks[0]; task && task.forgetMs <= nowMs; task = stoppedTasks[0]) {
    stoppedTasks.shift();
    task.taskSet.service.cluster.tasks.delete(task.id);
  }
}

const ESSENTIAL_CONTAINER_EXITED: StopCause = {
  code: 'EssentialContainerExited',
  reason: 'Essential container in task exited',
};

function failedToStart(exit: ContainerExit): StopCause {
  return { code: 'TaskFailedToStart', reason: exit.reason ?? '' };
}

function noteCause(at: At, task: Task, { code, reason }: StopCause): void {
  task.desiredStatus = 'STOPPED';
  task.stopCode = code;
  task.stoppedReason = reason;
  task.stoppingAt = at.world.now();
  if (code === 'TaskFailedToStart') delayNextStart(at, task);
}

/**
 * Failed starts are retried ever more slowly; those of one round, before the delay is over, count
 * once. Tasks that reached RUNNING never slow anything down.
 * @see Amazon ECS service throttle logic, Amazon ECS Developer Guide
 */
function delayNextStart({ world }: At, { taskSet }: Task): void {
  const nowMs = world.clock.monotonicMs();
  if (nowMs < taskSet.nextStartMs) return;
  taskSet.failedStarts++;
  const seconds = world.settings.startThrottleSeconds * 2 ** (taskSet.failedStarts - 1);
  taskSet.nextStartMs = nowMs + world.scaledMs(Math.min(seconds, MAX_START_DELAY_SECONDS));
}

const MAX_START_DELAY_SECONDS = 27 * 60;

function deactivate(at: At, task: Task): void {
  for (const key of targetKeys(task)) at.region.ecs.tasksByDrainingTarget.set(key, task);
  moveTo(at, task, 'DEACTIVATING');
  deregisterTargets(at, task);
  // Nothing announces the end of draining for a target that was not registered any more.
  goOnIfDrained(at, task);
}

function stopContainers(at: At, task: Task): void {
  for (const key of targetKeys(task)) at.region.ecs.tasksByDrainingTarget.delete(key);
  if (!hasRunningContainer(task)) {
    deprovision(at, task);
    return;
  }
  moveTo(at, task, 'STOPPING');
  for (const container of task.containers) {
    if (container.lastStatus === 'RUNNING') terminate(at, task, container);
  }
}

function terminate({ world }: At, task: Task, container: Container): void {
  const { name, stopTimeout = DEFAULT_STOP_TIMEOUT_SECONDS } = container.definition;
  container.cancelKill = world.afterSeconds(stopTimeout, () =>
    world.runtime.signal(task.arn, name, 'SIGKILL'),
  );
  world.runtime.signal(task.arn, name, 'SIGTERM');
}

function deprovision(at: At, task: Task): void {
  for (const container of task.containers) container.lastStatus = 'STOPPED';
  task.executionStoppedAt = at.world.now();
  moveTo(at, task, 'DEPROVISIONING');
  at.world.afterSeconds(at.world.settings.taskDeprovisionSeconds, () => finish(at, task));
}

function finish(at: At, task: Task): void {
  const { world, region } = at;
  task.stoppedAt = world.now();
  task.forgetMs = world.clock.monotonicMs() + world.scaledMs(REMEMBERED_SECONDS);
  task.taskSet.tasks.delete(task);
  region.ecs.stoppedTasks.push(task);
  moveTo(at, task, 'STOPPED');
  world.emit({
    type: 'task.stopped',
    taskArn: task.arn,
    stopCode: task.stopCode ?? '',
    stoppedReason: task.stoppedReason ?? '',
  });
}

function hasRunningContainer(task: Task): boolean {
  return task.containers.some(({ lastStatus }) => lastStatus === 'RUNNING');
}
