import type { UpdateTaskSetRequest, UpdateTaskSetResponse } from '@aws-sdk/client-ecs';
import { operation } from '../../operation.ts';
import { invalidParameter } from '../errors.ts';
import { findLiveTaskSet, findTaskSetService } from '../find.ts';
import { refuseOthers } from '../parameters.ts';
import { scalePercentOf } from '../scale-parameter.ts';
import { rescale } from '../scaling.ts';
import { emitTaskSet } from '../stability.ts';
import { keepStaleView, taskSetShape } from '../task-set-shape.ts';

/** Changes a set's scale, which is all that can be changed. @see UpdateTaskSet, Amazon ECS API Reference */
export const updateTaskSet = operation<UpdateTaskSetRequest, UpdateTaskSetResponse>({
  name: 'UpdateTaskSet',
  accepts: ['cluster', 'service', 'taskSet', 'scale'],
  handle(input, call) {
    const taskSet = findLiveTaskSet(findTaskSetService(call.region, input), input.taskSet);
    if (!input.scale) throw invalidParameter('Scale cannot be empty.');
    refuseOthers('scale', input.scale, ['value', 'unit']);
    const scalePercent = scalePercentOf(input.scale);
    keepStaleView(call, taskSet);
    taskSet.scalePercent = scalePercent;
    taskSet.updatedAt = call.world.now();
    rescale(call, taskSet);
    emitTaskSet(call, taskSet);
    return { taskSet: taskSetShape(taskSet, true) };
  },
});
