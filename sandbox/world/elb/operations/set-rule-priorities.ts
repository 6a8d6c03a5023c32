import type {
  RulePriorityPair,
  SetRulePrioritiesInput,
  SetRulePrioritiesOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ApiError } from '../../operation.ts';
import type { Operation } from '../../operation.ts';
import type { Region } from '../../region.ts';
import { listenerBy, required, ruleBy, validationError } from '../errors.ts';
import { publishRules } from '../propagation.ts';
import { isDefault, priorityInUse, toPriority, toRuleShape } from '../rules.ts';
import type { Listener, Rule } from '../state.ts';

/**
 * Sets the priorities of several rules at once, all or none. Only the order that comes out of it
 * must be free of conflicts, so that two rules can swap in one call. Rules of different listeners
 * are refused: what AWS does with them is unknown.
 * @see SetRulePriorities, Elastic Load Balancing API Reference (2015-12-01)
 */
export const setRulePriorities: Operation<SetRulePrioritiesInput, SetRulePrioritiesOutput> = {
  name: 'SetRulePriorities',
  accepts: ['RulePriorities'],
  handle(input, { world, region }) {
    const changes = readChanges(region, input.RulePriorities);
    const listener = listenerOfAll(region, [...changes.keys()]);
    const free = [...listener.rules].filter((rule) => !changes.has(rule));
    for (const priority of changes.values()) {
      if (free.some((rule) => rule.priority === priority)) throw priorityInUse(priority);
    }
    for (const [rule, priority] of changes) rule.priority = priority;
    publishRules(world, region, listener);
    return { Rules: [...changes.keys()].map(toRuleShape) };
  },
};

function readChanges(
  region: Region,
  pairs: readonly RulePriorityPair[] | undefined,
): Map<Rule, number> {
  const changes = new Map<Rule, number>();
  const seen = new Set<number>();
  for (const { RuleArn, Priority } of required(pairs, 'RulePriorities')) {
    const rule = ruleBy(region, RuleArn);
    const priority = toPriority(required(Priority, 'Priority'));
    if (isDefault(rule)) {
      throw new ApiError(
        'OperationNotPermitted',
        `The priority of default rule '${rule.ruleArn}' cannot be modified`,
      );
    }
    if (changes.has(rule)) {
      throw validationError(`Rule '${rule.ruleArn}' was provided multiple times`);
    }
    if (seen.has(priority)) {
      throw validationError(`Priority '${priority}' was provided multiple times`);
    }
    seen.add(priority);
    changes.set(rule, priority);
  }
  return changes;
}

function listenerOfAll(region: Region, rules: readonly Rule[]): Listener {
  const [first, ...others] = rules;
  if (!first) throw validationError('At least one rule priority must be specified');
  if (others.some((rule) => rule.listenerArn !== first.listenerArn)) {
    throw validationError('All rules must belong to the same listener');
  }
  return listenerBy(region, first.listenerArn);
}
