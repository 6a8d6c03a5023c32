import { targetGroupOf } from '../elb/targets.ts';
import type { At } from './at.ts';
import { addEvent, addEventOnce, inSet, resolveEvent } from './service-events.ts';
import type { Task, TaskSet } from './state.ts';
import { startTask } from './task-start.ts';
import { goOnIfDrained, stopTask } from './task-stop.ts';
import { deregisterTargets, targetHealth, type TargetHealth } from './targets.ts';

/**
 * One look of the scheduler at a task set: cleans up after tasks that ended by themselves, starts
 * what is missing, stops what is sick or too much. A sick task's replacement comes first.
 */
export function reconcile(at: At, taskSet: TaskSet): void {
  leaveCrashedTargets(at, taskSet);
  for (const task of taskSet.tasks) goOnIfDrained(at, task);
  const { good, sick, settled } = assess(at, taskSet);
  const wanted = taskSet.computedDesiredCount;
  stopSurplus(at, taskSet, good, good.length - wanted);
  // As many sick tasks may stay as replacements are still on their way.
  stopSick(at, taskSet, sick, sick.length - Math.max(0, wanted - settled));
  startMissing(at, taskSet, wanted - good.length);
}

/** A task that failed its load balancer's health checks, and how. */
interface SickTask {
  readonly task: Task;
  readonly health: TargetHealth;
}

/**
 * Sorts the tasks that are not to be stopped: `good` ones serve or may still come to serve, `sick`
 * ones fail health checks; `settled` counts the good ones that serve.
 */
function assess(at: At, taskSet: TaskSet): { good: Task[]; sick: SickTask[]; settled: number } {
  const good: Task[] = [];
  const sick: SickTask[] = [];
  let settled = 0;
  for (const task of taskSet.tasks) {
    if (task.desiredStatus === 'STOPPED') continue;
    if (task.lastStatus !== 'RUNNING') {
      good.push(task);
      continue;
    }
    noteRunning(task);
    const health = targetHealth(at, task);
    if (health.state === 'unhealthy' && !isInGracePeriod(at, task)) {
      sick.push({ task, health });
      continue;
    }
    good.push(task);
    if (health.state === 'healthy') settled++;
    if (health.state === 'unknown') tellLostTargetGroup(at, task, health);
  }
  return { good, sick, settled };
}

/** A start that worked ends the throttling of starts. */
function noteRunning(task: Task): void {
  if (task.seenRunning) return;
  task.seenRunning = true;
  task.taskSet.failedStarts = 0;
  resolveEvent(task.taskSet.service, startsFailMessage(task.taskSet));
}

function isInGracePeriod({ world }: At, task: Task): boolean {
  const graceMs = world.scaledMs(task.taskSet.service.healthCheckGracePeriodSeconds);
  return world.clock.monotonicMs() - task.startedMs < graceMs;
}

/** The target of a crashed task is the scheduler's to remove: until now it got its share. */
function leaveCrashedTargets(at: At, taskSet: TaskSet): void {
  const tasks = taskSet.crashedTasks.splice(0);
  if (tasks.length === 0) return;
  for (const task of tasks) deregisterTargets(at, task);
  tellDeregistered(at, taskSet, tasks.length);
}

/** Scales in: first what does not run yet, then the newest. */
function stopSurplus(at: At, taskSet: TaskSet, good: readonly Task[], surplus: number): void {
  if (surplus <= 0) return;
  const isRunning = (task: Task) => (task.lastStatus === 'RUNNING' ? 1 : 0);
  const order = good.toReversed().sort((a, b) => isRunning(a) - isRunning(b));
  const tasks = order.slice(0, surplus);
  const reason = `Scaling activity initiated by (deployment ${taskSet.id})`;
  stopTasks(at, taskSet, tasks, () => reason);
}

function stopSick(at: At, taskSet: TaskSet, sick: readonly SickTask[], count: number): void {
  for (const { task, health } of sick) tellSick(at, task, health);
  if (count <= 0) return;
  const targetGroups = new Map(
    sick.map(({ task, health }) => [task, health.loadBalancer?.targetGroupArn]),
  );
  const tasks = sick.slice(0, count).map(({ task }) => task);
  stopTasks(
    at,
    taskSet,
    tasks,
    (task) => `Task failed ELB health checks in (target-group ${targetGroups.get(task)})`,
  );
}

function stopTasks(
  at: At,
  taskSet: TaskSet,
  tasks: readonly Task[],
  reasonOf: (task: Task) => string,
): void {
  const { service, loadBalancers } = taskSet;
  const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING');
  for (const task of tasks) {
    stopTask(at, task, { code: 'ServiceSchedulerInitiated', reason: reasonOf(task) });
  }
  if (running.length === 0) return;
  addEvent(
    at,
    service,
    `(service ${service.name}) has stopped ${running.length} running tasks: ${listOf(running)}.`,
  );
  if (loadBalancers.length === 0) return;
  tellDeregistered(at, taskSet, running.length);
  addEvent(
    at,
    service,
    `${inSet(taskSet)} has begun draining connections on ${running.length} tasks.`,
  );
}

function startMissing(at: At, taskSet: TaskSet, missing: number): void {
  if (missing <= 0) return;
  if (at.world.clock.monotonicMs() < taskSet.nextStartMs) {
    if (taskSet.failedStarts > 1) addEventOnce(at, taskSet.service, startsFailMessage(taskSet));
    return;
  }
  const tasks = Array.from({ length: missing }, () => startTask(at, taskSet));
  const message = `${inSet(taskSet)} has started ${missing} tasks: ${listOf(tasks)}.`;
  addEvent(at, taskSet.service, message);
  taskSet.updatedAt = at.world.now();
}

function startsFailMessage({ service }: TaskSet): string {
  return `(service ${service.name}) is unable to consistently start tasks successfully.`;
}

function tellSick(at: At, task: Task, { loadBalancer, description }: TargetHealth): void {
  const group = loadBalancer?.targetGroupArn.split('/')[1] ?? '';
  addEventOnce(
    at,
    task.taskSet.service,
    `${inSet(task.taskSet)} (task ${task.id}) (port ${loadBalancer?.containerPort}) is unhealthy in ` +
      `(target-group ${group}) due to (reason ${description ?? 'unknown'})`,
  );
}

function tellLostTargetGroup(at: At, task: Task, { loadBalancer }: TargetHealth): void {
  const arn = loadBalancer?.targetGroupArn ?? '';
  if (targetGroupOf(at.region, arn)) return;
  const { id, service } = task.taskSet;
  addEventOnce(
    at,
    service,
    `service ${service.name} task set (${id}) (task ${task.id}) is not healthy in ` +
      `target-group (${arn}) due to TARGET GROUP IS NOT FOUND`,
  );
}

function tellDeregistered(at: At, { service, loadBalancers }: TaskSet, count: number): void {
  for (const { targetGroupArn } of loadBalancers) {
    const message = `deregistered ${count} targets in (target-group ${targetGroupArn})`;
    addEvent(at, service, `(service ${service.name}) ${message}`);
  }
}

function listOf(tasks: readonly Task[]): string {
  return tasks.map(({ id }) => `(task ${id})`).join(' ');
}
