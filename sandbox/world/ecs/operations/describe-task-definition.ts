import type {
  DescribeTaskDefinitionRequest,
  DescribeTaskDefinitionResponse,
} from '@aws-sdk/client-ecs';
import { operation } from '../../operation.ts';
import { clientError } from '../errors.ts';
import { taskDefinitionOrNone } from '../find.ts';
import { includesTags, tagShapes } from '../parameters.ts';
import { taskDefinitionShape } from '../task-definition-shape.ts';

/**
 * Describes a revision, INACTIVE ones too; a family alone means its latest ACTIVE one.
 * @see DescribeTaskDefinition, Amazon ECS API Reference
 */
export const describeTaskDefinition = operation<
  DescribeTaskDefinitionRequest,
  DescribeTaskDefinitionResponse
>({
  name: 'DescribeTaskDefinition',
  accepts: ['taskDefinition', 'include'],
  handle({ taskDefinition: identifier, include }, { region }) {
    const withTags = includesTags(include);
    const taskDefinition = taskDefinitionOrNone(region, identifier ?? '');
    if (!taskDefinition) throw clientError('Unable to describe task definition.');
    return {
      taskDefinition: taskDefinitionShape(taskDefinition),
      ...(withTags && { tags: tagShapes(taskDefinition.tags) }),
    };
  },
});
