import type {
  DescribeTaskSetsRequest,
  DescribeTaskSetsResponse,
  Failure,
  TaskSet,
} from '@aws-sdk/client-ecs';
import { type Call, operation } from '../../operation.ts';
import { invalidParameter, taskSetNotFound } from '../errors.ts';
import { missing } from '../failures.ts';
import { findTaskSetService, taskSetOrNone } from '../find.ts';
import { includesTags } from '../parameters.ts';
import { describedTaskSet } from '../task-set-shape.ts';

/**
 * Describes the task sets named, DRAINING ones too; it does not list. What AWS answers for one that
 * is gone is unknown, and so a setting.
 * @see DescribeTaskSets, Amazon ECS API Reference
 */
export const describeTaskSets = operation<DescribeTaskSetsRequest, DescribeTaskSetsResponse>({
  name: 'DescribeTaskSets',
  accepts: ['cluster', 'service', 'taskSets', 'include'],
  handle(input, call) {
    const service = findTaskSetService(call.region, input);
    const identifiers = input.taskSets ?? [];
    if (identifiers.length === 0) throw invalidParameter('TaskSets cannot be empty.');
    const withTags = includesTags(input.include);
    const taskSets: TaskSet[] = [];
    const failures: Failure[] = [];
    for (const identifier of identifiers) {
      const taskSet = taskSetOrNone(service, identifier);
      const shape = taskSet && describedTaskSet(call, taskSet, withTags);
      if (shape) taskSets.push(shape);
      else failures.push(...gone(call, `${service.cluster.name}/${service.name}`, identifier));
    }
    return { taskSets, failures };
  },
});

function gone({ world, region }: Call, owner: string, identifier: string): Failure[] {
  const { describeGone } = world.settings;
  if (describeGone === 'exception') throw taskSetNotFound();
  return describeGone === 'empty' ? [] : [missing(region, `task-set/${owner}`, identifier)];
}
