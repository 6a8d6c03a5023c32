import type {
  ModifyTargetGroupAttributesInput,
  ModifyTargetGroupAttributesOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../../operation.ts';
import { changeAttributes, toAttributeShapes } from '../attributes.ts';
import { targetGroupBy } from '../errors.ts';

/**
 * Changes the deregistration delay, for targets deregistered from now on. Other attributes are
 * refused by name unless they are to stay as they are.
 * @see ModifyTargetGroupAttributes, Elastic Load Balancing API Reference (2015-12-01)
 */
export const modifyTargetGroupAttributes: Operation<
  ModifyTargetGroupAttributesInput,
  ModifyTargetGroupAttributesOutput
> = {
  name: 'ModifyTargetGroupAttributes',
  accepts: ['TargetGroupArn', 'Attributes'],
  handle(input, { region }) {
    const group = targetGroupBy(region, input.TargetGroupArn);
    changeAttributes(group, input.Attributes);
    return { Attributes: toAttributeShapes(group) };
  },
};
