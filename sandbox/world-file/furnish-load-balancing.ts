import type { Action, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import { createListener } from '../world/elb/listeners.ts';
import { createLoadBalancer } from '../world/elb/load-balancers.ts';
import { createRule } from '../world/elb/rules.ts';
import { createTargetGroup } from '../world/elb/target-groups.ts';
import { ApiError, type Call } from '../world/operation.ts';
import { at } from './at.ts';
import type {
  HealthCheckEntry,
  Holdings,
  ListenerEntry,
  LoadBalancerEntry,
  RuleEntry,
  TargetGroupEntry,
} from './world-file.ts';

/** Makes target groups, and then the load balancers that name them. */
export function furnishLoadBalancing(call: Call, holdings: Holdings, prefix: string): void {
  const groups = new Map<string, string>();
  for (const [index, entry] of (holdings.targetGroups ?? []).entries()) {
    at(`${prefix}targetGroups/${index}`, () => groups.set(entry.name, addTargetGroup(call, entry)));
  }
  for (const [index, entry] of (holdings.loadBalancers ?? []).entries()) {
    addLoadBalancer(call, entry, groups, `${prefix}loadBalancers/${index}`);
  }
}

/** The ARN of a new target group. */
function addTargetGroup({ world, region }: Call, entry: TargetGroupEntry): string {
  const group = createTargetGroup(world, region, {
    name: entry.name,
    port: entry.port,
    targetType: 'ip',
    healthCheck: healthCheckOf(entry.healthCheck ?? {}),
    ...(entry.arn === undefined ? {} : { arn: entry.arn }),
    ...(entry.vpc === undefined ? {} : { vpcId: entry.vpc }),
  });
  group.deregistrationDelaySeconds =
    entry.deregistrationDelaySeconds ?? group.deregistrationDelaySeconds;
  return group.targetGroupArn;
}

function healthCheckOf(entry: HealthCheckEntry) {
  return {
    HealthCheckPath: entry.path,
    HealthCheckIntervalSeconds: entry.intervalSeconds,
    HealthCheckTimeoutSeconds: entry.timeoutSeconds,
    HealthyThresholdCount: entry.healthyThreshold,
    UnhealthyThresholdCount: entry.unhealthyThreshold,
    Matcher: entry.matcher === undefined ? undefined : { HttpCode: entry.matcher },
  };
}

function addLoadBalancer(
  call: Call,
  entry: LoadBalancerEntry,
  groups: ReadonlyMap<string, string>,
  path: string,
): void {
  const { world, region } = call;
  const { loadBalancerArn } = at(path, () =>
    createLoadBalancer(world, region, {
      name: entry.name,
      ...(entry.arn === undefined ? {} : { arn: entry.arn }),
    }),
  );
  for (const [index, listener] of (entry.listeners ?? []).entries()) {
    addListener(call, loadBalancerArn, listener, groups, `${path}/listeners/${index}`);
  }
}

function addListener(
  { world, region }: Call,
  loadBalancerArn: string,
  entry: ListenerEntry,
  groups: ReadonlyMap<string, string>,
  path: string,
): void {
  const { listenerArn } = at(path, () =>
    createListener(world, region, {
      loadBalancerArn,
      port: entry.port,
      defaultActions: [
        entry.targetGroup === undefined ? NOT_FOUND : forwardTo(entry.targetGroup, groups),
      ],
      ...(entry.arn === undefined ? {} : { arn: entry.arn }),
    }),
  );
  for (const [index, rule] of (entry.rules ?? []).entries()) {
    at(`${path}/rules/${index}`, () =>
      createRule(world, region, {
        listenerArn,
        priority: rule.priority,
        conditions: conditionsOf(rule),
        actions: [forwardTo(rule.targetGroup, groups)],
        ...(rule.arn === undefined ? {} : { arn: rule.arn }),
      }),
    );
  }
}

const NOT_FOUND: Action = {
  Type: 'fixed-response',
  FixedResponseConfig: { StatusCode: '404', ContentType: 'text/plain', MessageBody: 'No rule' },
};

function forwardTo(name: string, groups: ReadonlyMap<string, string>): Action {
  const arn = groups.get(name);
  if (arn === undefined) {
    throw new ApiError('TargetGroupNotFound', `There is no target group named ${name} here`);
  }
  return { Type: 'forward', TargetGroupArn: arn };
}

function conditionsOf({ paths, hosts }: RuleEntry): RuleCondition[] {
  const byPath = { Field: 'path-pattern', Values: [...(paths ?? ['/*'])] };
  const byHost = { Field: 'host-header', Values: [...(hosts ?? [])] };
  if (!hosts) return [byPath];
  return paths ? [byPath, byHost] : [byHost];
}
