import type { Region } from '../region.ts';
import type { World } from '../world.ts';
import type { AppliedRule, RoutedRequest, Target, TargetGroup, Tuple } from './state.ts';
import { redirectLocation } from './redirect.ts';

/** What a node does with a request. `noTarget` is answered with 503. */
export type RouteDecision =
  | {
      kind: 'forward';
      ruleArn: string;
      targetGroupArn: string;
      target: { address: string; port: number; taskArn: string; taskSetId: string };
    }
  | { kind: 'fixed'; ruleArn: string; statusCode: number; contentType: string; body: string }
  | { kind: 'redirect'; ruleArn: string; statusCode: number; location: string }
  | { kind: 'noTarget'; ruleArn: string; targetGroupArn: string };

/**
 * Routes a request by a node's own copy of the rules and its own view of the targets' health: the
 * first rule in ascending priority all of whose conditions hold, the default rule last.
 * @param node 0 or 1.
 * @throws {Error} when there is no such listener or node; AWS would refuse the connection.
 * @see Listener rules for your Application Load Balancer, User Guide
 */
export function route(
  world: World,
  region: Region,
  listenerArn: string,
  node: number,
  request: RoutedRequest,
): RouteDecision {
  const listener = region.elb.listeners.get(listenerArn);
  const rules = listener?.nodes[node]?.rules;
  if (!listener || !rules) throw new Error(`No node ${node} of a listener ${listenerArn}.`);
  const rule = rules.find((candidate) => matchesAll(candidate, request));
  if (!rule) throw new Error(`No default rule in ${listenerArn}.`);
  const { ruleArn, action } = rule;
  switch (action.type) {
    case 'forward':
      return forward(world, region, node, ruleArn, action.tuples);
    case 'fixed-response':
      return {
        kind: 'fixed',
        ruleArn,
        statusCode: action.statusCode,
        contentType: action.contentType ?? 'text/plain; charset=utf-8',
        body: action.body ?? '',
      };
    case 'redirect':
      break;
  }
  const location = redirectLocation(action, request, listener.port);
  return { kind: 'redirect', ruleArn, statusCode: action.statusCode, location };
}

function matchesAll(rule: AppliedRule, request: RoutedRequest): boolean {
  for (const matches of rule.matchers) {
    if (!matches(request)) return false;
  }
  return true;
}

function forward(
  world: World,
  region: Region,
  node: number,
  ruleArn: string,
  tuples: readonly Tuple[],
): RouteDecision {
  const tuple = chooseTuple(world, tuples);
  // When every weight is 0, AWS's answer is unknown; 503 is the one that cannot hide the mistake.
  if (!tuple) return { kind: 'noTarget', ruleArn, targetGroupArn: tuples[0]?.targetGroupArn ?? '' };
  const { targetGroupArn } = tuple;
  const group = region.elb.targetGroups.get(targetGroupArn);
  const target = group && chooseTarget(group, node);
  if (!target) return { kind: 'noTarget', ruleArn, targetGroupArn };
  const { address, port, taskArn, taskSetId } = target;
  return {
    kind: 'forward',
    ruleArn,
    targetGroupArn,
    target: { address, port, taskArn, taskSetId },
  };
}

/** At random by weight, for each request anew. There is no failover between the groups. */
function chooseTuple(world: World, tuples: readonly Tuple[]): Tuple | undefined {
  let total = 0;
  for (const tuple of tuples) total += tuple.weight;
  if (total === 0) return undefined;
  if (tuples.length === 1) return tuples[0];
  let point = world.random() * total;
  for (const tuple of tuples) {
    point -= tuple.weight;
    if (point < 0) return tuple;
  }
  return undefined;
}

/** The next target of the node's round robin. */
function chooseTarget(group: TargetGroup, node: number): Target | undefined {
  const memory = group.nodes[node];
  if (!memory) return undefined;
  memory.eligible ??= eligibleTargets(group, node);
  const target = memory.eligible[memory.cursor % memory.eligible.length];
  memory.cursor += 1;
  return target;
}

/**
 * The healthy targets; without one, all that are registered and do not drain: AWS fails open. Of
 * targets that have not been checked yet AWS says nothing beyond that; here they are like unhealthy
 * ones, and get requests only when no target is healthy.
 */
function eligibleTargets(group: TargetGroup, node: number): readonly Target[] {
  const registered = [...group.targets.values()].filter((target) => !target.cancelRemoval);
  const healthy = registered.filter((target) => target.nodes[node]?.state === 'healthy');
  return healthy.length > 0 ? healthy : registered;
}
