import type {
  ElasticLoadBalancingV2Client,
  TargetGroup as ElbTargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TargetGroup, TargetGroupsPort } from '../verify/ports.ts';
import { call, isNamed, required } from './errors.ts';

const DESCRIBE = 'elasticloadbalancing:DescribeTargetGroups';
const DESCRIBE_ATTRIBUTES = 'elasticloadbalancing:DescribeTargetGroupAttributes';

/** Target groups over ELBv2. */
export function targetGroupsPort(
  client: () => Promise<ElasticLoadBalancingV2Client>,
): TargetGroupsPort {
  return {
    find: async (arn) => find(await client(), arn),

    async deregistrationDelaySeconds(arn) {
      const elb = await client();
      const { Attributes } = await call(DESCRIBE_ATTRIBUTES, () =>
        elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn })),
      );
      const key = 'deregistration_delay.timeout_seconds';
      const text = Attributes?.find(({ Key }) => Key === key)?.Value;
      return Number(required(DESCRIBE_ATTRIBUTES, key, text));
    },
  };
}

function find(client: ElasticLoadBalancingV2Client, arn: string): Promise<TargetGroup | undefined> {
  return call(DESCRIBE, async () => {
    try {
      const answer = await client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] }));
      const [found] = required(DESCRIBE, 'TargetGroups', answer.TargetGroups);
      return found && toTargetGroup(found);
    } catch (error) {
      if (isNamed(error, 'TargetGroupNotFound')) return undefined;
      throw error;
    }
  });
}

function toTargetGroup(found: ElbTargetGroup): TargetGroup {
  const member = <T>(name: string, value: T | undefined) => required(DESCRIBE, name, value);
  const port = found.HealthCheckPort ?? 'traffic-port';
  return {
    arn: member('TargetGroupArn', found.TargetGroupArn),
    name: member('TargetGroupName', found.TargetGroupName),
    targetType: member('TargetType', found.TargetType),
    protocol: member('Protocol', found.Protocol),
    port: member('Port', found.Port),
    vpcId: member('VpcId', found.VpcId),
    loadBalancerArns: found.LoadBalancerArns ?? [],
    healthCheck: {
      isEnabled: found.HealthCheckEnabled ?? true,
      protocol: member('HealthCheckProtocol', found.HealthCheckProtocol),
      port: port === 'traffic-port' ? undefined : Number(port),
      ...(found.HealthCheckPath === undefined ? {} : { path: found.HealthCheckPath }),
      ...(found.Matcher?.HttpCode === undefined ? {} : { matcher: found.Matcher.HttpCode }),
      intervalSeconds: member('HealthCheckIntervalSeconds', found.HealthCheckIntervalSeconds),
      timeoutSeconds: member('HealthCheckTimeoutSeconds', found.HealthCheckTimeoutSeconds),
      healthyThreshold: member('HealthyThresholdCount', found.HealthyThresholdCount),
      unhealthyThreshold: member('UnhealthyThresholdCount', found.UnhealthyThresholdCount),
    },
  };
}
