import type {
  RegisterTargetsInput,
  RegisterTargetsOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ApiError } from '../../operation.ts';
import type { Operation } from '../../operation.ts';
import { targetGroupBy } from '../errors.ts';
import { isIpv4Block } from '../match.ts';
import { toTargets } from '../target-shapes.ts';
import { registerTarget } from '../targets.ts';

/**
 * Registers addresses by hand. ECS registers those of its tasks itself. There are no instances in
 * this world, so that none can be registered.
 * @see RegisterTargets, Elastic Load Balancing API Reference (2015-12-01)
 */
export const registerTargets: Operation<RegisterTargetsInput, RegisterTargetsOutput> = {
  name: 'RegisterTargets',
  accepts: ['TargetGroupArn', 'Targets'],
  handle(input, { world, region }) {
    const group = targetGroupBy(region, input.TargetGroupArn);
    const targets = toTargets(group, input.Targets);
    for (const { address } of targets) {
      if (group.targetType === 'ip' && isIpv4Block(`${address}/32`)) continue;
      throw new ApiError(
        'InvalidTarget',
        group.targetType === 'ip'
          ? `The IP address '${address}' is not a valid IPv4 address`
          : `Instance ID '${address}' is not valid`,
      );
    }
    for (const target of targets) {
      registerTarget(world, region, group.targetGroupArn, {
        ...target,
        taskArn: '',
        taskSetId: '',
      });
    }
    return {};
  },
};
