import type { UntagResourceRequest, UntagResourceResponse } from '@aws-sdk/client-ecs';
import { operation } from '../../operation.ts';
import { findTags } from '../resource-tags.ts';

/** Removes tags; keys that are not there do no harm. @see UntagResource, Amazon ECS API Reference */
export const untagResource = operation<UntagResourceRequest, UntagResourceResponse>({
  name: 'UntagResource',
  accepts: ['resourceArn', 'tagKeys'],
  handle(input, { region }) {
    const tags = findTags(region, input.resourceArn);
    for (const key of input.tagKeys ?? []) tags.delete(key);
    return {};
  },
});
