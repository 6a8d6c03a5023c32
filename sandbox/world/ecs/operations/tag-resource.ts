import type { TagResourceRequest, TagResourceResponse } from '@aws-sdk/client-ecs';
import { operation } from '../../operation.ts';
import { invalidParameter } from '../errors.ts';
import { checkTagCount, tagsOf } from '../parameters.ts';
import { findTags } from '../resource-tags.ts';

/** Adds tags to a resource, or gives them other values. @see TagResource, Amazon ECS API Reference */
export const tagResource = operation<TagResourceRequest, TagResourceResponse>({
  name: 'TagResource',
  accepts: ['resourceArn', 'tags'],
  handle(input, { region }) {
    const tags = findTags(region, input.resourceArn);
    if (!input.tags) throw invalidParameter('Tags cannot be null.');
    const added = tagsOf(input.tags);
    checkTagCount(new Map([...tags, ...added]));
    for (const [key, value] of added) tags.set(key, value);
    return {};
  },
});
