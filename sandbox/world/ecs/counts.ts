import type { Task, TaskSet } from './state.ts';

/** @see TaskSet runningCount and pendingCount, Amazon ECS API Reference */
export function countTasks(tasks: Iterable<Task>): { running: number; pending: number } {
  let running = 0;
  let pending = 0;
  for (const task of tasks) {
    if (task.lastStatus === 'RUNNING') running++;
    else if (isStarting(task)) pending++;
  }
  return { running, pending };
}

/** Whether a task is on its way to RUNNING. */
function isStarting({ lastStatus, desiredStatus }: Task): boolean {
  return (
    desiredStatus === 'RUNNING' &&
    (lastStatus === 'PROVISIONING' || lastStatus === 'PENDING' || lastStatus === 'ACTIVATING')
  );
}

/** The sums over several sets, as services and clusters show them. */
export function countAll(taskSets: Iterable<TaskSet>): { running: number; pending: number } {
  const sum = { running: 0, pending: 0 };
  for (const { tasks } of taskSets) {
    const { running, pending } = countTasks(tasks);
    sum.running += running;
    sum.pending += pending;
  }
  return sum;
}
