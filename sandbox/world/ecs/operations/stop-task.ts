import type { StopTaskRequest, StopTaskResponse } from '@aws-sdk/client-ecs';
import { operation } from '../../operation.ts';
import { invalidParameter } from '../errors.ts';
import { findCluster, taskOrNone } from '../find.ts';
import { taskShape } from '../task-shape.ts';
import { forgetStoppedTasks, stopTask as stop } from '../task-stop.ts';

/**
 * Stops one task, which the scheduler then replaces. A task that stops already is returned as it is.
 * @see StopTask, Amazon ECS API Reference
 */
export const stopTask = operation<StopTaskRequest, StopTaskResponse>({
  name: 'StopTask',
  accepts: ['cluster', 'task', 'reason'],
  handle(input, call) {
    const cluster = findCluster(call.region, input.cluster);
    forgetStoppedTasks(call);
    const task = taskOrNone(cluster, input.task ?? '');
    if (!task) throw invalidParameter('The referenced task was not found.');
    stop(call, task, {
      code: 'UserInitiated',
      reason: input.reason ?? 'Task stopped by user',
    });
    return { task: taskShape(task, call.region.name, false) };
  },
});
