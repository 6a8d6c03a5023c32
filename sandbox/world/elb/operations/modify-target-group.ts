import type {
  ModifyTargetGroupInput,
  ModifyTargetGroupOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../../operation.ts';
import { targetGroupBy } from '../errors.ts';
import { changeHealthCheck, HEALTH_CHECK_MEMBERS } from '../health-check.ts';
import { toTargetGroupShape } from '../target-groups.ts';

/**
 * Changes how a group's targets are checked, from the next check on.
 * @see ModifyTargetGroup, Elastic Load Balancing API Reference (2015-12-01)
 */
export const modifyTargetGroup: Operation<ModifyTargetGroupInput, ModifyTargetGroupOutput> = {
  name: 'ModifyTargetGroup',
  accepts: ['TargetGroupArn', ...HEALTH_CHECK_MEMBERS],
  handle(input, { region }) {
    const group = targetGroupBy(region, input.TargetGroupArn);
    group.healthCheck = changeHealthCheck(group.healthCheck, input);
    return { TargetGroups: [toTargetGroupShape(group)] };
  },
};
