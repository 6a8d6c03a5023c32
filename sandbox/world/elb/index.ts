import { addTags } from './operations/add-tags.ts';
import { createListener } from './operations/create-listener.ts';
import { createLoadBalancer } from './operations/create-load-balancer.ts';
import { createRule } from './operations/create-rule.ts';
import { createTargetGroup } from './operations/create-target-group.ts';
import { deleteListener } from './operations/delete-listener.ts';
import { deleteLoadBalancer } from './operations/delete-load-balancer.ts';
import { deleteRule } from './operations/delete-rule.ts';
import { deleteTargetGroup } from './operations/delete-target-group.ts';
import { deregisterTargets } from './operations/deregister-targets.ts';
import { describeListeners } from './operations/describe-listeners.ts';
import { describeLoadBalancers } from './operations/describe-load-balancers.ts';
import { describeRules } from './operations/describe-rules.ts';
import { describeTags } from './operations/describe-tags.ts';
import { describeTargetGroupAttributes } from './operations/describe-target-group-attributes.ts';
import { describeTargetGroups } from './operations/describe-target-groups.ts';
import { describeTargetHealth } from './operations/describe-target-health.ts';
import { modifyListener } from './operations/modify-listener.ts';
import { modifyRule } from './operations/modify-rule.ts';
import { modifyTargetGroupAttributes } from './operations/modify-target-group-attributes.ts';
import { modifyTargetGroup } from './operations/modify-target-group.ts';
import { registerTargets } from './operations/register-targets.ts';
import { removeTags } from './operations/remove-tags.ts';
import { setRulePriorities } from './operations/set-rule-priorities.ts';
import { operation } from '../operation.ts';
import type { AnyOperation } from '../operation.ts';

/** Every operation of Elastic Load Balancing v2 that the world implements. */
export const ELB_OPERATIONS: readonly AnyOperation[] = [
  operation(addTags),
  operation(createListener),
  operation(createLoadBalancer),
  operation(createRule),
  operation(createTargetGroup),
  operation(deleteListener),
  operation(deleteLoadBalancer),
  operation(deleteRule),
  operation(deleteTargetGroup),
  operation(deregisterTargets),
  operation(describeListeners),
  operation(describeLoadBalancers),
  operation(describeRules),
  operation(describeTags),
  operation(describeTargetGroupAttributes),
  operation(describeTargetGroups),
  operation(describeTargetHealth),
  operation(modifyListener),
  operation(modifyRule),
  operation(modifyTargetGroupAttributes),
  operation(modifyTargetGroup),
  operation(registerTargets),
  operation(removeTags),
  operation(setRulePriorities),
];
