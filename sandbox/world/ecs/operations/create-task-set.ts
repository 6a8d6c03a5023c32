import type { CreateTaskSetRequest, CreateTaskSetResponse } from '@aws-sdk/client-ecs';
import { type Call, operation } from '../../operation.ts';
import { oncePerToken } from '../client-tokens.ts';
import { clientError, invalidParameter, notImplemented } from '../errors.ts';
import { findTaskSetService, taskDefinitionOrNone } from '../find.ts';
import { isEmpty, tagsOf } from '../parameters.ts';
import { randomTaskSetId } from '../random-ids.ts';
import { scalePercentOf } from '../scale-parameter.ts';
import { rescale } from '../scaling.ts';
import { emitTaskSet } from '../stability.ts';
import type { Service, TaskDefinition, TaskSet } from '../state.ts';
import { launchOf, loadBalancersOf, networkOf } from '../task-set-parameters.ts';
import { keepStaleView, taskSetShape } from '../task-set-shape.ts';

const MAX_TASK_SETS = 5;

/**
 * Creates a task set; the scheduler starts its tasks on its next tick. DRAINING sets count for the
 * limit of 5 as well.
 * @see CreateTaskSet, Amazon ECS API Reference
 */
export const createTaskSet = operation<CreateTaskSetRequest, CreateTaskSetResponse>({
  name: 'CreateTaskSet',
  accepts: [
    'service',
    'cluster',
    'externalId',
    'taskDefinition',
    'networkConfiguration',
    'loadBalancers',
    'serviceRegistries',
    'launchType',
    'capacityProviderStrategy',
    'platformVersion',
    'scale',
    'clientToken',
    'tags',
  ],
  handle(input, call) {
    const service = findTaskSetService(call.region, input);
    const scope = `CreateTaskSet ${service.cluster.name}`;
    return oncePerToken(call, scope, input, () => {
      const taskSet = newTaskSet(input, service, call);
      if (service.taskSets.size >= MAX_TASK_SETS) {
        throw invalidParameter(
          `${MAX_TASK_SETS} deployments exist on the service. Unable to create new TaskSet since this exceeds the maximum limit.`,
        );
      }
      service.taskSets.set(taskSet.id, taskSet);
      keepStaleView(call, taskSet, true);
      rescale(call, taskSet);
      emitTaskSet(call, taskSet);
      return { taskSet: taskSetShape(taskSet, true) };
    });
  },
});

function newTaskSet(input: CreateTaskSetRequest, service: Service, call: Call): TaskSet {
  const taskDefinition = findUsable(input.taskDefinition, call);
  if (!isEmpty(input.serviceRegistries)) {
    throw notImplemented('serviceRegistries');
  }
  const parameters = {
    ...launchOf(input, taskDefinition),
    network: networkOf(input, taskDefinition),
    loadBalancers: loadBalancersOf(input, taskDefinition, call.region),
    scalePercent: scalePercentOf(input.scale ?? { value: 100 }),
    tags: tagsOf(input.tags),
  };
  const id = randomTaskSetId(call.world);
  const now = call.world.now();
  return {
    id,
    arn: call.region.arn('ecs', `task-set/${service.cluster.name}/${service.name}/${id}`),
    service,
    externalId: input.externalId,
    taskDefinition,
    ...parameters,
    createdAt: now,
    status: 'ACTIVE',
    computedDesiredCount: 0,
    updatedAt: now,
    stabilityStatus: 'STABILIZING',
    stabilityStatusAt: now,
    staleSteadyUntilMs: 0,
    tasks: new Set(),
    crashedTasks: [],
    failedStarts: 0,
    nextStartMs: 0,
    staleViews: [],
  };
}

function findUsable(identifier: string | undefined, { region }: Call): TaskDefinition {
  if (!identifier) throw invalidParameter('TaskDefinition cannot be empty.');
  const taskDefinition = taskDefinitionOrNone(region, identifier);
  if (!taskDefinition) throw clientError('TaskDefinition not found.');
  if (taskDefinition.status !== 'ACTIVE') throw clientError('TaskDefinition is inactive');
  return taskDefinition;
}
