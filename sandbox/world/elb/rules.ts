import type {
  Action as ActionShape,
  Rule as RuleShape,
  RuleCondition,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ApiError } from '../operation.ts';
import type { Region } from '../region.ts';
import type { World } from '../world.ts';
import { toAction, toActionShape } from './actions.ts';
import { toConditions, toConditionShape } from './conditions.ts';
import { listenerBy } from './errors.ts';
import { compile } from './match.ts';
import { publishRules } from './propagation.ts';
import type { Action, Condition, Listener, Rule } from './state.ts';
import { releaseGroups, setAction } from './usage.ts';
import { wholeNumber } from './validate.ts';

const MAX_RULES_PER_LOAD_BALANCER = 100;
const NO_ACTION: Action = { type: 'forward', order: 1, tuples: [] };

/** What a new rule is made of. */
export interface RuleSpec {
  readonly listenerArn: string | undefined;
  readonly priority: number;
  readonly conditions: readonly RuleCondition[] | undefined;
  readonly actions: readonly ActionShape[] | undefined;
  /** Made up when absent. */
  readonly arn?: string;
  readonly tags?: Map<string, string>;
}

/**
 * Adds a rule to a listener.
 * @throws {ApiError} ListenerNotFound, PriorityInUse, TooManyRules, or what its conditions and
 *   actions are refused for; nothing has changed then.
 */
export function createRule(world: World, region: Region, spec: RuleSpec): Rule {
  const listener = listenerBy(region, spec.listenerArn);
  const priority = toPriority(spec.priority);
  const conditions = toConditions(spec.conditions);
  const action = toAction(region, listener.loadBalancerArn, spec.actions);
  for (const other of listener.rules) {
    if (other.priority === priority) throw priorityInUse(priority);
  }
  const own = [...region.elb.rules.values()].filter(
    (rule) => rule.loadBalancerArn === listener.loadBalancerArn && !isDefault(rule),
  );
  if (own.length >= MAX_RULES_PER_LOAD_BALANCER) {
    throw new ApiError('TooManyRules', 'The maximum number of rules has been reached');
  }
  const rule = newRule(world, listener, { ...spec, priority, conditions });
  addRule(world, region, listener.rules, rule, action);
  publishRules(world, region, listener);
  return rule;
}

/** A rule that nothing knows of yet, without an action. */
export function newRule(
  world: World,
  listener: { listenerArn: string; loadBalancerArn: string },
  spec: {
    priority: number;
    conditions: readonly Condition[];
    arn?: string;
    tags?: Map<string, string>;
  },
): Rule {
  const prefix = listener.listenerArn.replace(':listener/', ':listener-rule/');
  return {
    ruleArn: spec.arn ?? `${prefix}/${world.randomString(16)}`,
    listenerArn: listener.listenerArn,
    loadBalancerArn: listener.loadBalancerArn,
    priority: spec.priority,
    conditions: spec.conditions,
    matchers: spec.conditions.map(compile),
    action: NO_ACTION,
    tags: spec.tags ?? new Map(),
  };
}

/** Puts a new rule in its place and lets it use its target groups. */
export function addRule(
  world: World,
  region: Region,
  rules: Set<Rule>,
  rule: Rule,
  action: Action,
): void {
  rules.add(rule);
  region.elb.rules.set(rule.ruleArn, rule);
  setAction(world, region, rule, action);
}

/** Replaces a rule's conditions. */
export function setConditions(rule: Rule, conditions: readonly Condition[]): void {
  rule.conditions = conditions;
  rule.matchers = conditions.map(compile);
}

/** Forgets a rule; the caller publishes what is left. */
export function removeRule(world: World, region: Region, listener: Listener, rule: Rule): void {
  listener.rules.delete(rule);
  region.elb.rules.delete(rule.ruleArn);
  releaseGroups(world, region, rule);
}

export function isDefault(rule: Rule): boolean {
  return rule.priority === Infinity;
}

/** @throws {ApiError} ValidationError unless within 1–50000. */
export function toPriority(priority: number | undefined): number {
  return wholeNumber(priority ?? NaN, 1, 50_000, 'Rule priority');
}

export function priorityInUse(priority: number): ApiError {
  return new ApiError('PriorityInUse', `Priority '${priority}' is currently in use`);
}

/** A rule as the API answers it; its priority is text. */
export function toRuleShape(rule: Rule): RuleShape {
  return {
    RuleArn: rule.ruleArn,
    Priority: isDefault(rule) ? 'default' : String(rule.priority),
    Conditions: rule.conditions.map(toConditionShape),
    Actions: [toActionShape(rule.action)],
    IsDefault: isDefault(rule),
  };
}
