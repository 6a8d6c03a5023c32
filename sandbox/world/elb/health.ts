import type { Region } from '../region.ts';
import type { World } from '../world.ts';
import { targetKey } from './state.ts';
import type { HealthCheck, NodeHealth } from './state.ts';
import { announceHealth, forgetEligible } from './targets.ts';

/** A target that both nodes are to check, and how. */
export interface TargetToProbe {
  readonly targetGroupArn: string;
  readonly address: string;
  readonly port: number;
  readonly healthCheck: {
    readonly protocol: 'HTTP';
    readonly path: string;
    /** The port to check: the target's own for `traffic-port`. */
    readonly port: number;
    /** On the clock: shortened by the world's time scale, as is the timeout. */
    readonly intervalMs: number;
    readonly timeoutMs: number;
    readonly matcher: string;
  };
}

/** What a check saw. */
export type ProbeResult =
  | { readonly statusCode: number }
  | { readonly failure: 'timeout' | 'refused' };

/** The targets to check now: registered, not draining, in a group that some rule uses. */
export function* targetsToProbe(world: World, region: Region): Iterable<TargetToProbe> {
  for (const group of region.elb.targetGroups.values()) {
    if (group.usedBy.size === 0) continue;
    const { path, port, matcher, intervalSeconds, timeoutSeconds } = group.healthCheck;
    const intervalMs = world.scaledMs(intervalSeconds);
    const timeoutMs = world.scaledMs(timeoutSeconds);
    for (const target of group.targets.values()) {
      if (target.cancelRemoval) continue;
      yield {
        targetGroupArn: group.targetGroupArn,
        address: target.address,
        port: target.port,
        healthCheck: {
          protocol: 'HTTP',
          path,
          port: port === 'traffic-port' ? target.port : port,
          intervalMs,
          timeoutMs,
          matcher,
        },
      };
    }
  }
}

/**
 * Takes in one node's check of one target. A result for a target that has meanwhile gone or is no
 * longer used is dropped; one for a target that drains changes nothing that shows. Emits `target.healthChanged` when the API's view changes.
 * @param node 0 or 1.
 * @see Health checks for Application Load Balancer target groups, User Guide
 */
export function reportProbe(
  world: World,
  region: Region,
  targetGroupArn: string,
  target: { address: string; port: number },
  node: number,
  result: ProbeResult,
): void {
  const group = region.elb.targetGroups.get(targetGroupArn);
  const known = group?.targets.get(targetKey(target));
  const health = known?.nodes[node];
  if (!group || !known || !health || group.usedBy.size === 0) return;
  const before = health.state;
  const passed = 'statusCode' in result && group.healthCheck.passes(result.statusCode);
  if (passed) pass(health, group.healthCheck);
  else fail(health, group.healthCheck, result);
  if (health.state !== before) forgetEligible(group);
  announceHealth(world, group, known);
}

function pass(health: NodeHealth, check: HealthCheck): void {
  health.checked = true;
  health.failuresInARow = 0;
  health.passesInARow += 1;
  // A new target needs a single passed check; the threshold is for the way back to health.
  if (health.state === 'initial' || health.passesInARow >= check.healthyThreshold) {
    health.state = 'healthy';
  }
}

function fail(health: NodeHealth, check: HealthCheck, result: ProbeResult): void {
  health.checked = true;
  health.passesInARow = 0;
  health.failuresInARow += 1;
  Object.assign(health, explain(result));
  if (health.failuresInARow >= check.unhealthyThreshold) health.state = 'unhealthy';
}

/** @see TargetHealth, Elastic Load Balancing API Reference (2015-12-01) */
function explain(result: ProbeResult): { reason: string; description: string } {
  if ('statusCode' in result) {
    return {
      reason: 'Target.ResponseCodeMismatch',
      description: `Health checks failed with these codes: [${result.statusCode}]`,
    };
  }
  return result.failure === 'timeout'
    ? { reason: 'Target.Timeout', description: 'Request timed out' }
    : { reason: 'Target.FailedHealthChecks', description: 'Health checks failed' };
}
