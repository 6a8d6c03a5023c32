import type {
  UpdateServicePrimaryTaskSetRequest,
  UpdateServicePrimaryTaskSetResponse,
} from '@aws-sdk/client-ecs';
import { type Call, operation } from '../../operation.ts';
import { findLiveTaskSet, findTaskSetService } from '../find.ts';
import { emitTaskSet } from '../stability.ts';
import type { TaskSet } from '../state.ts';
import { keepStaleView, taskSetShape } from '../task-set-shape.ts';

/**
 * Makes a set PRIMARY and the former one ACTIVE. It is a label: the service shows the set's fields
 * from then on, and no traffic moves. The set need not be steady.
 * @see UpdateServicePrimaryTaskSet, Amazon ECS API Reference
 */
export const updateServicePrimaryTaskSet = operation<
  UpdateServicePrimaryTaskSetRequest,
  UpdateServicePrimaryTaskSetResponse
>({
  name: 'UpdateServicePrimaryTaskSet',
  accepts: ['cluster', 'service', 'primaryTaskSet'],
  handle(input, call) {
    const service = findTaskSetService(call.region, input);
    const taskSet = findLiveTaskSet(service, input.primaryTaskSet);
    for (const other of service.taskSets.values()) {
      if (other !== taskSet && other.status === 'PRIMARY') relabel(call, other, 'ACTIVE');
    }
    if (taskSet.status !== 'PRIMARY') relabel(call, taskSet, 'PRIMARY');
    service.lastPrimary = taskSet;
    return { taskSet: taskSetShape(taskSet, true) };
  },
});

function relabel(call: Call, taskSet: TaskSet, status: 'PRIMARY' | 'ACTIVE'): void {
  keepStaleView(call, taskSet);
  taskSet.status = status;
  taskSet.updatedAt = call.world.now();
  emitTaskSet(call, taskSet);
}
