import type {
  DeregisterTaskDefinitionRequest,
  DeregisterTaskDefinitionResponse,
} from '@aws-sdk/client-ecs';
import { operation } from '../../operation.ts';
import { clientError, invalidParameter } from '../errors.ts';
import { taskDefinitionOrNone } from '../find.ts';
import { taskDefinitionShape } from '../task-definition-shape.ts';

const HAS_REVISION = /:\d+$/;

/**
 * Makes a revision INACTIVE: sets that use it go on, also with new tasks, but no new set may.
 * @see DeregisterTaskDefinition, Amazon ECS API Reference
 */
export const deregisterTaskDefinition = operation<
  DeregisterTaskDefinitionRequest,
  DeregisterTaskDefinitionResponse
>({
  name: 'DeregisterTaskDefinition',
  accepts: ['taskDefinition'],
  handle({ taskDefinition: identifier = '' }, { world, region }) {
    if (!HAS_REVISION.test(identifier)) {
      throw invalidParameter('The revision of the task definition must be specified.');
    }
    const taskDefinition = taskDefinitionOrNone(region, identifier);
    if (!taskDefinition) throw clientError('The specified task definition does not exist.');
    if (taskDefinition.status === 'INACTIVE') {
      throw clientError('The specified task definition is already inactive.');
    }
    taskDefinition.status = 'INACTIVE';
    taskDefinition.deregisteredAt = world.now();
    return { taskDefinition: taskDefinitionShape(taskDefinition) };
  },
});
