import type { RemoveTagsInput, RemoveTagsOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../../operation.ts';
import { required } from '../errors.ts';
import { taggedResources } from '../tagged-resources.ts';

/** @see RemoveTags, Elastic Load Balancing API Reference (2015-12-01) */
export const removeTags: Operation<RemoveTagsInput, RemoveTagsOutput> = {
  name: 'RemoveTags',
  accepts: ['ResourceArns', 'TagKeys'],
  handle(input, { region }) {
    const keys = required(input.TagKeys, 'TagKeys');
    for (const { tags } of taggedResources(region, input.ResourceArns)) {
      for (const key of keys) tags.delete(key);
    }
    return {};
  },
};
