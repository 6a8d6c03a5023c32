import type {
  DeleteTargetGroupInput,
  DeleteTargetGroupOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../../operation.ts';
import { required } from '../errors.ts';
import { removeTargetGroup } from '../target-groups.ts';

/**
 * Deletes a target group that no rule names. One that is gone already is no error: ResourceInUse
 * is the only one that the operation declares.
 * @see DeleteTargetGroup, Elastic Load Balancing API Reference (2015-12-01)
 */
export const deleteTargetGroup: Operation<DeleteTargetGroupInput, DeleteTargetGroupOutput> = {
  name: 'DeleteTargetGroup',
  accepts: ['TargetGroupArn'],
  handle(input, { world, region }) {
    const arn = required(input.TargetGroupArn, 'TargetGroupArn');
    const group = region.elb.targetGroups.get(arn);
    if (group) removeTargetGroup(world, region, group);
    return {};
  },
};
