import type { ListTagsForResourceRequest, ListTagsForResourceResponse } from '@aws-sdk/client-ecs';
import { operation } from '../../operation.ts';
import { tagShapes } from '../parameters.ts';
import { findTags } from '../resource-tags.ts';

/** @see ListTagsForResource, Amazon ECS API Reference */
export const listTagsForResource = operation<
  ListTagsForResourceRequest,
  ListTagsForResourceResponse
>({
  name: 'ListTagsForResource',
  accepts: ['resourceArn'],
  handle: (input, { region }) => ({ tags: tagShapes(findTags(region, input.resourceArn)) }),
});
