import type { AddTagsInput, AddTagsOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../../operation.ts';
import { checkTagCount, toTags } from '../tags.ts';
import { taggedResources } from '../tagged-resources.ts';

/**
 * Adds tags to load balancers, listeners, rules and target groups, or overwrites them.
 * @see AddTags, Elastic Load Balancing API Reference (2015-12-01)
 */
export const addTags: Operation<AddTagsInput, AddTagsOutput> = {
  name: 'AddTags',
  accepts: ['ResourceArns', 'Tags'],
  handle(input, { region }) {
    const added = toTags(input.Tags);
    const resources = taggedResources(region, input.ResourceArns);
    for (const { tags } of resources) checkTagCount(new Map([...tags, ...added]));
    for (const { tags } of resources) {
      for (const [key, value] of added) tags.set(key, value);
    }
    return {};
  },
};
