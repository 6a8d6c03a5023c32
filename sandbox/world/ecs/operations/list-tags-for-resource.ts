import type { ListTagsForResourceRequest, ListTagsForResourceResponse } from '@aws-sdk/client-ecs';
import { operation } from '../../operation.ts';
import { tagShapes } from '../parameters.ts';
import { findTags } from '../resource-tags.ts';

/**
 * Lists a resource's tags. Unlike its siblings it does not declare ResourceNotFoundException.
 * @see ListTagsForResource, Amazon ECS API Reference
 */
export const listTagsForResource = operation<
  ListTagsForResourceRequest,
  ListTagsForResourceResponse
>({
  name: 'ListTagsForResource',
  accepts: ['resourceArn'],
  handle: (input, { region }) => ({
    tags: tagShapes(findTags(region, input.resourceArn, 'InvalidParameterException')),
  }),
});
