import type {
  DescribeTargetGroupAttributesInput,
  DescribeTargetGroupAttributesOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../../operation.ts';
import { toAttributeShapes } from '../attributes.ts';
import { targetGroupBy } from '../errors.ts';

/** @see DescribeTargetGroupAttributes, Elastic Load Balancing API Reference (2015-12-01) */
export const describeTargetGroupAttributes: Operation<
  DescribeTargetGroupAttributesInput,
  DescribeTargetGroupAttributesOutput
> = {
  name: 'DescribeTargetGroupAttributes',
  accepts: ['TargetGroupArn'],
  handle(input, { region }) {
    return { Attributes: toAttributeShapes(targetGroupBy(region, input.TargetGroupArn)) };
  },
};
