import type { DeleteServiceRequest, DeleteServiceResponse } from '@aws-sdk/client-ecs';
import { operation } from '../../operation.ts';
import { invalidParameter } from '../errors.ts';
import { findCluster, findService } from '../find.ts';
import { serviceShape } from '../service-shape.ts';
import { drainTaskSet } from '../drain-task-set.ts';

/**
 * Deletes a service that wants no tasks and has no task set, or any with `force`. It is DRAINING
 * until the last task has stopped, then INACTIVE; doing it again changes nothing.
 * @see DeleteService, Amazon ECS API Reference
 */
export const deleteService = operation<DeleteServiceRequest, DeleteServiceResponse>({
  name: 'DeleteService',
  accepts: ['cluster', 'service', 'force'],
  handle(input, call) {
    const service = findService(findCluster(call.region, input.cluster), input.service);
    if (service.status !== 'ACTIVE') return { service: serviceShape(call, service, true) };
    const taskSets = Array.from(service.taskSets.values());
    if (!input.force) {
      if (service.desiredCount > 0) {
        throw invalidParameter('The service cannot be stopped while it is scaled above 0.');
      }
      if (taskSets.some(({ status }) => status !== 'DRAINING')) {
        throw invalidParameter('The service cannot be stopped while task sets are active.');
      }
    }
    service.desiredCount = 0;
    service.status = 'DRAINING';
    for (const taskSet of taskSets) drainTaskSet(call, taskSet);
    return { service: serviceShape(call, service, true) };
  },
});
