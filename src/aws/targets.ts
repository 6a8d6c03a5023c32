import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TargetsPort } from '../deploy/ports.ts';
import { call, required } from './errors.ts';

const DESCRIBE = 'elasticloadbalancing:DescribeTargetHealth';

/** Target health over ELBv2. */
export function targetsPort(client: ElasticLoadBalancingV2Client): TargetsPort {
  return {
    async describe(targetGroupArn) {
      const answer = await call(DESCRIBE, () =>
        client.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn })),
      );
      return required(DESCRIBE, 'TargetHealthDescriptions', answer.TargetHealthDescriptions).map(
        ({ Target, TargetHealth }) => ({
          address: required(DESCRIBE, 'Target.Id', Target?.Id),
          port: Target?.Port ?? 0,
          state: required(DESCRIBE, 'TargetHealth.State', TargetHealth?.State),
          ...(TargetHealth?.Description ? { description: TargetHealth.Description } : {}),
        }),
      );
    },
  };
}
