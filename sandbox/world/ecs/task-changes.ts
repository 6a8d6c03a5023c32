import type { At } from './at.ts';
import type { Task, TaskStatus } from './state.ts';

/** Moves a task on in its life and tells the world. */
export function moveTo({ world }: At, task: Task, status: TaskStatus): void {
  task.lastStatus = status;
  task.version++;
  world.emit({
    type: 'task.statusChanged',
    taskArn: task.arn,
    lastStatus: status,
    desiredStatus: task.desiredStatus,
  });
}
