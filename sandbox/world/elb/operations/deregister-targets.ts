import type {
  DeregisterTargetsInput,
  DeregisterTargetsOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../../operation.ts';
import { targetGroupBy } from '../errors.ts';
import { toTargets } from '../target-shapes.ts';
import { deregisterTarget } from '../targets.ts';

/**
 * Starts to drain targets. One that is not registered is no error.
 * @see DeregisterTargets, Elastic Load Balancing API Reference (2015-12-01)
 */
export const deregisterTargets: Operation<DeregisterTargetsInput, DeregisterTargetsOutput> = {
  name: 'DeregisterTargets',
  accepts: ['TargetGroupArn', 'Targets'],
  handle(input, { world, region }) {
    const group = targetGroupBy(region, input.TargetGroupArn);
    for (const target of toTargets(group, input.Targets)) {
      deregisterTarget(world, region, group.targetGroupArn, target);
    }
    return {};
  },
};
