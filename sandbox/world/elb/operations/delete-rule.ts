import type { DeleteRuleInput, DeleteRuleOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ApiError } from '../../operation.ts';
import type { Operation } from '../../operation.ts';
import { listenerBy, ruleBy } from '../errors.ts';
import { publishRules } from '../propagation.ts';
import { isDefault, removeRule } from '../rules.ts';

/** @see DeleteRule, Elastic Load Balancing API Reference (2015-12-01) */
export const deleteRule: Operation<DeleteRuleInput, DeleteRuleOutput> = {
  name: 'DeleteRule',
  accepts: ['RuleArn'],
  handle(input, { world, region }) {
    const rule = ruleBy(region, input.RuleArn);
    if (isDefault(rule)) {
      throw new ApiError(
        'OperationNotPermitted',
        `Default rule '${rule.ruleArn}' cannot be deleted`,
      );
    }
    const listener = listenerBy(region, rule.listenerArn);
    removeRule(world, region, listener, rule);
    publishRules(world, region, listener);
    return {};
  },
};
