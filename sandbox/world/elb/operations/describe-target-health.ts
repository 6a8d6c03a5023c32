import type {
  DescribeTargetHealthInput,
  DescribeTargetHealthOutput,
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../../operation.ts';
import { targetGroupBy } from '../errors.ts';
import type { TargetGroup } from '../state.ts';
import { toTargets } from '../target-shapes.ts';
import { describeTarget } from '../targets.ts';
import type { TargetHealth } from '../targets.ts';

/**
 * Shows the health of the given targets, or of all that are registered or drain. There is no
 * paging. A target that is not registered is `unused`, not an error.
 * @see DescribeTargetHealth, Elastic Load Balancing API Reference (2015-12-01)
 */
export const describeTargetHealth: Operation<
  DescribeTargetHealthInput,
  DescribeTargetHealthOutput
> = {
  name: 'DescribeTargetHealth',
  accepts: ['TargetGroupArn', 'Targets'],
  handle(input, { world, region }) {
    const group = targetGroupBy(region, input.TargetGroupArn);
    const targets = input.Targets?.length
      ? toTargets(group, input.Targets)
      : [...group.targets.values()];
    const TargetHealthDescriptions = targets.map((target) =>
      toShape(group, target, describeTarget(world, region, group.targetGroupArn, target)),
    );
    return { TargetHealthDescriptions };
  },
};

function toShape(
  group: TargetGroup,
  { address, port }: { address: string; port: number },
  { state, reason, description }: TargetHealth,
): TargetHealthDescription {
  const checked = group.healthCheck.port;
  return {
    Target: { Id: address, Port: port },
    HealthCheckPort: String(checked === 'traffic-port' ? port : checked),
    TargetHealth: {
      State: state,
      Reason: reason as TargetHealthReason,
      Description: description,
    },
  };
}

type TargetHealthReason = NonNullable<TargetHealthDescription['TargetHealth']>['Reason'];
