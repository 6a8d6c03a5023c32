import type { DeleteTaskSetRequest, DeleteTaskSetResponse } from '@aws-sdk/client-ecs';
import { operation } from '../../operation.ts';
import { drainTaskSet } from '../drain-task-set.ts';
import { invalidParameter } from '../errors.ts';
import { findTaskSet, findTaskSetService } from '../find.ts';
import { taskSetShape } from '../task-set-shape.ts';

/**
 * Makes a set DRAINING; it disappears when its tasks have stopped. Doing it again meanwhile changes
 * nothing. A PRIMARY set needs `force`, and in the strict setting one scaled above 0 does too.
 * @see DeleteTaskSet, Amazon ECS API Reference
 */
export const deleteTaskSet = operation<DeleteTaskSetRequest, DeleteTaskSetResponse>({
  name: 'DeleteTaskSet',
  accepts: ['cluster', 'service', 'taskSet', 'force'],
  handle(input, call) {
    const taskSet = findTaskSet(findTaskSetService(call.region, input), input.taskSet);
    if (!input.force) {
      if (taskSet.status === 'PRIMARY') {
        throw invalidParameter('Primary TaskSet cannot be deleted');
      }
      const { strictDelete } = call.world.settings;
      if (strictDelete && taskSet.status === 'ACTIVE' && taskSet.scalePercent > 0) {
        throw invalidParameter('The TaskSet cannot be deleted while it is scaled above 0.');
      }
    }
    drainTaskSet(call, taskSet);
    return { taskSet: taskSetShape(taskSet, true) };
  },
});
