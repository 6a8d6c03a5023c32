import type { UpdateServiceRequest, UpdateServiceResponse } from '@aws-sdk/client-ecs';
import { operation } from '../../operation.ts';
import { invalidParameter } from '../errors.ts';
import { findActiveService, findCluster } from '../find.ts';
import { isEmpty, wholeNumber } from '../parameters.ts';
import { rescale } from '../scaling.ts';
import { serviceShape } from '../service-shape.ts';
import { keepStaleView } from '../task-set-shape.ts';
import { COUNT_RANGE, GRACE_PERIOD_RANGE } from './create-service.ts';

/** What UpdateService changes for other controllers only, and AWS's word for it in the refusal. */
const NOT_FOR_EXTERNAL = [
  ['taskDefinition', 'task definition'],
  ['networkConfiguration', 'network parameters'],
  ['platformVersion', 'platform version'],
  ['loadBalancers', 'load balancers'],
  ['serviceRegistries', 'service registries'],
  ['capacityProviderStrategy', 'capacity provider strategy'],
  ['forceNewDeployment', 'deployment'],
] as const satisfies readonly [keyof UpdateServiceRequest, string][];

/**
 * Changes a service's desired count, and with it every set's computed count, or its grace period
 * and tag settings. All else belongs to the task sets.
 * @see UpdateService, Amazon ECS API Reference
 */
export const updateService = operation<UpdateServiceRequest, UpdateServiceResponse>({
  name: 'UpdateService',
  accepts: [
    'cluster',
    'service',
    'desiredCount',
    'healthCheckGracePeriodSeconds',
    'enableECSManagedTags',
    'propagateTags',
    ...NOT_FOR_EXTERNAL.map(([member]) => member),
  ],
  handle(input, call) {
    const service = findActiveService(findCluster(call.region, input.cluster), input.service);
    for (const [member, what] of NOT_FOR_EXTERNAL) {
      if (isEmpty(input[member])) continue;
      throw invalidParameter(
        `Unable to update ${what} on services with a EXTERNAL deployment controller.`,
      );
    }
    const desiredCount = wholeNumber('desiredCount', input.desiredCount, COUNT_RANGE);
    const grace = input.healthCheckGracePeriodSeconds;
    const graceSeconds = wholeNumber('healthCheckGracePeriodSeconds', grace, GRACE_PERIOD_RANGE);

    service.healthCheckGracePeriodSeconds = graceSeconds ?? service.healthCheckGracePeriodSeconds;
    service.enableECSManagedTags = input.enableECSManagedTags ?? service.enableECSManagedTags;
    service.propagateTags = input.propagateTags ?? service.propagateTags;
    if (desiredCount !== undefined && desiredCount !== service.desiredCount) {
      for (const taskSet of service.taskSets.values()) keepStaleView(call, taskSet);
      service.desiredCount = desiredCount;
      for (const taskSet of service.taskSets.values()) rescale(call, taskSet);
    }
    return { service: serviceShape(call, service, true) };
  },
});
