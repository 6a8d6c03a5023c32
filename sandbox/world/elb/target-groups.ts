import type { TargetGroup as TargetGroupShape } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ApiError } from '../operation.ts';
import type { Region } from '../region.ts';
import type { World } from '../world.ts';
import { changeHealthCheck, DEFAULT_HEALTH_CHECK } from './health-check.ts';
import type { HealthCheckInput } from './health-check.ts';
import { NODES } from './state.ts';
import type { TargetGroup } from './state.ts';
import { loadBalancersOf, removeTarget } from './targets.ts';
import { resourceName, wholeNumber } from './validate.ts';

/** What a new target group is made of. It speaks HTTP/1.1. */
export interface TargetGroupSpec {
  readonly name: string;
  readonly port: number;
  readonly targetType: TargetGroup['targetType'];
  readonly vpcId?: string;
  readonly healthCheck?: HealthCheckInput;
  /** Made up when absent. */
  readonly arn?: string;
  readonly tags?: Map<string, string>;
}

const DEFAULT_VPC_ID = 'vpc-0123456789abcdef0';
const DEFAULT_DEREGISTRATION_DELAY_SECONDS = 300;

/**
 * Makes a target group. The same one again is that target group.
 * @throws {ApiError} DuplicateTargetGroupName when another one has the name, or ValidationError.
 */
export function createTargetGroup(
  world: World,
  region: Region,
  spec: TargetGroupSpec,
): TargetGroup {
  const name = resourceName(spec.name, 'target group');
  const group: TargetGroup = {
    sequence: region.elb.nextSequence(),
    targetGroupArn:
      spec.arn ??
      region.arn('elasticloadbalancing', `targetgroup/${name}/${world.randomString(16)}`),
    name,
    targetType: spec.targetType,
    port: wholeNumber(spec.port, 1, 65_535, 'Target group port'),
    vpcId: spec.vpcId ?? DEFAULT_VPC_ID,
    healthCheck: changeHealthCheck(DEFAULT_HEALTH_CHECK, spec.healthCheck ?? {}),
    deregistrationDelaySeconds: DEFAULT_DEREGISTRATION_DELAY_SECONDS,
    targets: new Map(),
    usedBy: new Set(),
    nodes: NODES.map(() => ({ eligible: undefined, cursor: 0 })),
    tags: spec.tags ?? new Map(),
  };
  const twin = [...region.elb.targetGroups.values()].find((other) => other.name === name);
  if (twin) {
    if (settingsOf(twin) === settingsOf(group)) return twin;
    throw new ApiError(
      'DuplicateTargetGroupName',
      `A target group with the same name '${name}' exists, but with different settings`,
    );
  }
  region.elb.targetGroups.set(group.targetGroupArn, group);
  return group;
}

/**
 * Ends a target group and its targets.
 * @throws {ApiError} ResourceInUse while a rule names it.
 */
export function removeTargetGroup(world: World, region: Region, group: TargetGroup): void {
  const { targetGroupArn } = group;
  if (group.usedBy.size > 0) {
    throw new ApiError(
      'ResourceInUse',
      `Target group '${targetGroupArn}' is currently in use by a listener or a rule`,
    );
  }
  region.elb.targetGroups.delete(targetGroupArn);
  for (const target of group.targets.values()) {
    removeTarget(group, target);
    const { address, port } = target;
    world.emit({ type: 'target.removed', targetGroupArn, address, port });
  }
}

/** A target group as the API answers it. */
export function toTargetGroupShape(group: TargetGroup): TargetGroupShape {
  const check = group.healthCheck;
  return {
    TargetGroupArn: group.targetGroupArn,
    TargetGroupName: group.name,
    Protocol: 'HTTP',
    ProtocolVersion: 'HTTP1',
    Port: group.port,
    VpcId: group.vpcId,
    HealthCheckProtocol: 'HTTP',
    HealthCheckPort: String(check.port),
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds: check.intervalSeconds,
    HealthCheckTimeoutSeconds: check.timeoutSeconds,
    HealthyThresholdCount: check.healthyThreshold,
    UnhealthyThresholdCount: check.unhealthyThreshold,
    HealthCheckPath: check.path,
    Matcher: { HttpCode: check.matcher },
    LoadBalancerArns: loadBalancersOf(group),
    TargetType: group.targetType,
    IpAddressType: 'ipv4',
  };
}

function settingsOf(group: TargetGroup): string {
  return JSON.stringify([group.targetType, group.port, group.vpcId, group.healthCheck]);
}
