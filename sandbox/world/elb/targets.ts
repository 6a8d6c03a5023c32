import type { Region } from '../region.ts';
import type { World } from '../world.ts';
import { NODES, targetKey } from './state.ts';
import type { NodeHealth, Target, TargetGroup, TargetState } from './state.ts';

/** A target's state as DescribeTargetHealth shows it. */
export interface TargetHealth {
  state: TargetState;
  /** e.g. `Target.Timeout`; absent when healthy. */
  reason?: string;
  description?: string;
}

const NOT_REGISTERED: TargetHealth = {
  state: 'unused',
  reason: 'Target.NotRegistered',
  description: 'Target is not registered to the target group',
};
const NOT_IN_USE: TargetHealth = {
  state: 'unused',
  reason: 'Target.NotInUse',
  description: 'Target group is not configured to receive traffic from the load balancer',
};
const DRAINING: TargetHealth = {
  state: 'draining',
  reason: 'Target.DeregistrationInProgress',
  description: 'Target deregistration is in progress',
};
const REGISTERING: TargetHealth = {
  state: 'initial',
  reason: 'Elb.RegistrationInProgress',
  description: 'Target registration is in progress',
};
const CHECKING: TargetHealth = {
  state: 'initial',
  reason: 'Elb.InitialHealthChecking',
  description: 'Initial health checks in progress',
};

/**
 * Registers a target. One that drains starts over as `initial`; one that is registered already
 * keeps its health and now belongs to the given task. An unknown target group is let pass: it may
 * have been deleted while a task was starting.
 * @see RegisterTargets, Elastic Load Balancing API Reference (2015-12-01)
 */
export function registerTarget(
  world: World,
  region: Region,
  targetGroupArn: string,
  target: { address: string; port: number; taskArn: string; taskSetId: string },
): void {
  const group = region.elb.targetGroups.get(targetGroupArn);
  if (!group) return;
  const { address, port } = target;
  const known = group.targets.get(targetKey(target));
  if (known && !known.cancelRemoval) {
    known.taskArn = target.taskArn;
    known.taskSetId = target.taskSetId;
    return;
  }
  if (known) removeTarget(group, known);
  group.targets.set(targetKey(target), {
    ...target,
    cancelRemoval: undefined,
    nodes: NODES.map(unchecked),
    shownState: group.usedBy.size > 0 ? 'initial' : 'unused',
  });
  forgetEligible(group);
  world.emit({ type: 'target.registered', targetGroupArn, address, port });
}

/**
 * Takes a target out: no new request goes to it from now on, those in flight go on. It is shown as
 * draining until the group's deregistration delay is over, even when nothing is in flight. Without
 * effect for an unknown target and for one that drains already.
 * @see Deregistration delay, User Guide for Application Load Balancers
 */
export function deregisterTarget(
  world: World,
  region: Region,
  targetGroupArn: string,
  target: { address: string; port: number },
): void {
  const group = region.elb.targetGroups.get(targetGroupArn);
  const known = group?.targets.get(targetKey(target));
  if (!group || !known || known.cancelRemoval) return;
  const { address, port } = known;
  // A group that no rule uses has nothing in flight, so that there is nothing to wait for.
  const delaySeconds = group.usedBy.size > 0 ? group.deregistrationDelaySeconds : 0;
  known.cancelRemoval = world.afterSeconds(delaySeconds, () => {
    removeTarget(group, known);
    world.emit({ type: 'target.removed', targetGroupArn, address, port });
  });
  known.shownState = 'draining';
  forgetEligible(group);
  world.emit({ type: 'target.deregistering', targetGroupArn, address, port });
}

/**
 * The state of one target as the API shows it: unhealthy when either node says so, healthy only
 * when both do. Never throws: what is unknown is `unused`.
 * @see Health checks for Application Load Balancer target groups, User Guide
 */
export function describeTarget(
  _world: World,
  region: Region,
  targetGroupArn: string,
  target: { address: string; port: number },
): TargetHealth {
  const group = region.elb.targetGroups.get(targetGroupArn);
  const known = group?.targets.get(targetKey(target));
  return group && known ? healthOf(group, known) : { ...NOT_REGISTERED };
}

/** The target group as ECS needs to know it; undefined when there is none. */
export function targetGroupOf(
  region: Region,
  targetGroupArn: string,
):
  | { targetGroupArn: string; loadBalancerArns: string[]; targetType: string; port: number }
  | undefined {
  const group = region.elb.targetGroups.get(targetGroupArn);
  if (!group) return undefined;
  const { targetType, port } = group;
  return { targetGroupArn, loadBalancerArns: loadBalancersOf(group), targetType, port };
}

/** The load balancers with a rule that names the group: none or one. */
export function loadBalancersOf(group: TargetGroup): string[] {
  return [...new Set([...group.usedBy].map((rule) => rule.loadBalancerArn))];
}

/** A registered target's state as the API shows it. */
function healthOf(group: TargetGroup, target: Target): TargetHealth {
  if (target.cancelRemoval) return { ...DRAINING };
  if (group.usedBy.size === 0) return { ...NOT_IN_USE };
  const sick = target.nodes.find((node) => node.state === 'unhealthy');
  if (sick) return { state: 'unhealthy', reason: sick.reason, description: sick.description };
  if (target.nodes.every((node) => node.state === 'healthy')) return { state: 'healthy' };
  return target.nodes.some((node) => node.checked) ? { ...CHECKING } : { ...REGISTERING };
}

/** Tells the world when what the API shows of a target is no longer what was told last. */
export function announceHealth(world: World, group: TargetGroup, target: Target): void {
  const { state } = healthOf(group, target);
  if (state === target.shownState) return;
  target.shownState = state;
  const { address, port } = target;
  const { targetGroupArn } = group;
  world.emit({ type: 'target.healthChanged', targetGroupArn, address, port, state });
}

/** Forgets all that the nodes know of the group's targets: they check them as if they were new. */
export function resetHealth(group: TargetGroup): void {
  for (const target of group.targets.values()) {
    for (const node of target.nodes) Object.assign(node, unchecked());
  }
  forgetEligible(group);
}

/** Makes the nodes look again at which targets new requests may go to. */
export function forgetEligible(group: TargetGroup): void {
  for (const node of group.nodes) node.eligible = undefined;
}

/** Ends a target at once, whatever its state. */
export function removeTarget(group: TargetGroup, target: Target): void {
  target.cancelRemoval?.();
  group.targets.delete(targetKey(target));
  forgetEligible(group);
}

function unchecked(): NodeHealth {
  return {
    state: 'initial',
    checked: false,
    passesInARow: 0,
    failuresInARow: 0,
    reason: '',
    description: '',
  };
}
