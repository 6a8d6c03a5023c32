import type { ModifyRuleInput, ModifyRuleOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ApiError } from '../../operation.ts';
import type { Operation } from '../../operation.ts';
import { toAction } from '../actions.ts';
import { toConditions } from '../conditions.ts';
import { listenerBy, ruleBy } from '../errors.ts';
import { publishRules } from '../propagation.ts';
import { isDefault, setConditions, toRuleShape } from '../rules.ts';
import { setAction } from '../usage.ts';

/**
 * Replaces a rule's actions, its conditions or both; what is left out stays.
 * @see ModifyRule, Elastic Load Balancing API Reference (2015-12-01)
 */
export const modifyRule: Operation<ModifyRuleInput, ModifyRuleOutput> = {
  name: 'ModifyRule',
  accepts: ['RuleArn', 'Conditions', 'Actions'],
  handle(input, { world, region }) {
    const rule = ruleBy(region, input.RuleArn);
    if (isDefault(rule)) {
      throw new ApiError(
        'OperationNotPermitted',
        `Default rule '${rule.ruleArn}' cannot be modified`,
      );
    }
    const conditions = input.Conditions && toConditions(input.Conditions);
    const action = input.Actions && toAction(region, rule.loadBalancerArn, input.Actions);
    if (conditions) setConditions(rule, conditions);
    if (action) setAction(world, region, rule, action);
    publishRules(world, region, listenerBy(region, rule.listenerArn));
    return { Rules: [toRuleShape(rule)] };
  },
};
