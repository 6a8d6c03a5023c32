import type {
  DescribeTagsInput,
  DescribeTagsOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../../operation.ts';
import { taggedResources } from '../tagged-resources.ts';
import { toTagShapes } from '../tags.ts';

/** @see DescribeTags, Elastic Load Balancing API Reference (2015-12-01) */
export const describeTags: Operation<DescribeTagsInput, DescribeTagsOutput> = {
  name: 'DescribeTags',
  accepts: ['ResourceArns'],
  handle(input, { region }) {
    const TagDescriptions = taggedResources(region, input.ResourceArns).map(({ arn, tags }) => ({
      ResourceArn: arn,
      Tags: toTagShapes(tags),
    }));
    return { TagDescriptions };
  },
};
