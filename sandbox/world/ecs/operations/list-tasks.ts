import type { ListTasksRequest, ListTasksResponse } from '@aws-sdk/client-ecs';
import { operation } from '../../operation.ts';
import { invalidParameter } from '../errors.ts';
import { findCluster, findService } from '../find.ts';
import { pageOf } from '../pages.ts';
import type { Task } from '../state.ts';
import { forgetStoppedTasks } from '../task-stop.ts';

/**
 * Lists tasks that are to run, or those that are not: the filter is on the desired status, which is
 * never PENDING. `startedBy` is a task set's id and goes with no other filter.
 * @see ListTasks, Amazon ECS API Reference
 */
export const listTasks = operation<ListTasksRequest, ListTasksResponse>({
  name: 'ListTasks',
  accepts: [
    'cluster',
    'family',
    'nextToken',
    'maxResults',
    'startedBy',
    'serviceName',
    'desiredStatus',
    'launchType',
  ],
  handle(input, call) {
    const { startedBy, serviceName, family, launchType, desiredStatus = 'RUNNING' } = input;
    const cluster = findCluster(call.region, input.cluster);
    if (startedBy !== undefined && [serviceName, family, launchType].some((f) => f !== undefined)) {
      throw invalidParameter('startedBy must be the only filter.');
    }
    const service = serviceName === undefined ? undefined : findService(cluster, serviceName);
    forgetStoppedTasks(call);
    const isListed = ({ desiredStatus: ofTask, taskSet }: Task) =>
      ofTask === desiredStatus &&
      (startedBy === undefined || taskSet.id === startedBy) &&
      (service === undefined || taskSet.service === service) &&
      (family === undefined || taskSet.taskDefinition.family === family) &&
      (launchType === undefined || launchType === 'FARGATE');
    const listed = Array.from(cluster.tasks.values()).filter(isListed);
    const { arns, nextToken } = pageOf(
      listed.map(({ arn }) => arn),
      input,
    );
    return { taskArns: arns, nextToken };
  },
});
