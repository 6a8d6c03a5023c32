import type {
  Action as ActionShape,
  Listener as ListenerShape,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ApiError } from '../operation.ts';
import type { Region } from '../region.ts';
import type { World } from '../world.ts';
import { toAction, toActionShape } from './actions.ts';
import { loadBalancerBy } from './errors.ts';
import { appliedRules } from './propagation.ts';
import { addRule, newRule, removeRule } from './rules.ts';
import { NODES } from './state.ts';
import type { Listener, Rule } from './state.ts';
import { wholeNumber } from './validate.ts';

/** What a new listener is made of. It speaks HTTP. */
export interface ListenerSpec {
  readonly loadBalancerArn: string | undefined;
  readonly port: number;
  readonly defaultActions: readonly ActionShape[] | undefined;
  /** Made up when absent. */
  readonly arn?: string;
  readonly tags?: Map<string, string>;
}

/**
 * Adds a listener to a load balancer; both nodes have its default rule at once. The same listener
 * again is that listener.
 * @throws {ApiError} LoadBalancerNotFound, DuplicateListener, or what its action is refused for;
 *   nothing has changed then.
 */
export function createListener(world: World, region: Region, spec: ListenerSpec): Listener {
  const { loadBalancerArn } = loadBalancerBy(region, spec.loadBalancerArn);
  const port = wholeNumber(spec.port, 1, 65_535, 'Listener port');
  const action = toAction(region, loadBalancerArn, spec.defaultActions);
  const twin = listenersOf(region, loadBalancerArn).find((listener) => listener.port === port);
  if (twin) {
    if (JSON.stringify(twin.defaultRule.action) === JSON.stringify(action)) return twin;
    throw new ApiError(
      'DuplicateListener',
      `A listener already exists on this port for this load balancer '${loadBalancerArn}'`,
    );
  }
  const prefix = loadBalancerArn.replace(':loadbalancer/', ':listener/');
  const listenerArn = spec.arn ?? `${prefix}/${world.randomString(16)}`;
  const defaultRule = newRule(
    world,
    { listenerArn, loadBalancerArn },
    { priority: Infinity, conditions: [] },
  );
  const rules = new Set<Rule>();
  addRule(world, region, rules, defaultRule, action);
  const listener: Listener = {
    sequence: region.elb.nextSequence(),
    listenerArn,
    loadBalancerArn,
    port,
    defaultRule,
    rules,
    nodes: NODES.map(() => ({ rules: appliedRules(rules), version: 0 })),
    version: 0,
    tags: spec.tags ?? new Map(),
  };
  region.elb.listeners.set(listenerArn, listener);
  world.emit({ type: 'listener.created', listenerArn, port });
  return listener;
}

/** Ends a listener with all its rules: it accepts nothing any more. */
export function removeListener(world: World, region: Region, listener: Listener): void {
  region.elb.listeners.delete(listener.listenerArn);
  for (const rule of listener.rules) removeRule(world, region, listener, rule);
  world.emit({ type: 'listener.deleted', listenerArn: listener.listenerArn });
}

export function listenersOf(region: Region, loadBalancerArn: string): Listener[] {
  return [...region.elb.listeners.values()].filter(
    (listener) => listener.loadBalancerArn === loadBalancerArn,
  );
}

/** A listener as the API answers it. */
export function toListenerShape(listener: Listener): ListenerShape {
  return {
    ListenerArn: listener.listenerArn,
    LoadBalancerArn: listener.loadBalancerArn,
    Port: listener.port,
    Protocol: 'HTTP',
    DefaultActions: [toActionShape(listener.defaultRule.action)],
  };
}
