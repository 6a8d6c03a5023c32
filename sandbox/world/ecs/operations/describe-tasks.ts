import type {
  DescribeTasksRequest,
  DescribeTasksResponse,
  Failure,
  Task,
} from '@aws-sdk/client-ecs';
import { operation } from '../../operation.ts';
import { invalidParameter } from '../errors.ts';
import { missing } from '../failures.ts';
import { findCluster, taskOrNone } from '../find.ts';
import { includesTags } from '../parameters.ts';
import { taskShape } from '../task-shape.ts';
import { forgetStoppedTasks } from '../task-stop.ts';

/** Describes 1 to 100 tasks; STOPPED ones for an hour. @see DescribeTasks, Amazon ECS API Reference */
export const describeTasks = operation<DescribeTasksRequest, DescribeTasksResponse>({
  name: 'DescribeTasks',
  accepts: ['cluster', 'tasks', 'include'],
  handle(input, call) {
    const cluster = findCluster(call.region, input.cluster);
    const identifiers = input.tasks ?? [];
    if (identifiers.length === 0) throw invalidParameter('Tasks cannot be empty.');
    if (identifiers.length > 100) throw invalidParameter('Tasks cannot have more than 100 items.');
    const withTags = includesTags(input.include);
    forgetStoppedTasks(call);
    const tasks: Task[] = [];
    const failures: Failure[] = [];
    for (const identifier of identifiers) {
      const task = taskOrNone(cluster, identifier);
      if (task) tasks.push(taskShape(task, call.region.name, withTags));
      else failures.push(missing(call.region, `task/${cluster.name}`, identifier));
    }
    return { tasks, failures };
  },
});
