import type {
  Action,
  ElasticLoadBalancingV2Client,
  Rule,
  RuleCondition,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DescribeRulesCommand,
  SetRulePrioritiesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ListenerRule } from '../deploy/model.ts';
import type { RulesPort } from '../deploy/ports.ts';
import { call, required } from './errors.ts';

const DESCRIBE = 'elasticloadbalancing:DescribeRules';
const SET_PRIORITIES = 'elasticloadbalancing:SetRulePriorities';

/** Listener rules over ELBv2. */
export function rulesPort(client: ElasticLoadBalancingV2Client): RulesPort {
  return {
    async describe(listenerArn) {
      const rules: Rule[] = [];
      let marker: string | undefined;
      do {
        const page = await call(DESCRIBE, () =>
          client.send(
            new DescribeRulesCommand({
              ListenerArn: listenerArn,
              ...(marker === undefined ? {} : { Marker: marker }),
            }),
          ),
        );
        rules.push(...required(DESCRIBE, 'Rules', page.Rules));
        marker = page.NextMarker;
      } while (marker);
      // AWS does not promise an order.
      return rules
        .filter((rule) => !rule.IsDefault)
        .map(toListenerRule)
        .sort((a, b) => a.priority - b.priority);
    },

    async setPriorities(priorities) {
      const answer = await call(SET_PRIORITIES, () =>
        client.send(
          new SetRulePrioritiesCommand({
            RulePriorities: [...priorities].map(([RuleArn, Priority]) => ({ RuleArn, Priority })),
          }),
        ),
      );
      required(SET_PRIORITIES, 'Rules', answer.Rules);
    },
  };
}

function toListenerRule(rule: Rule): ListenerRule {
  return {
    ruleArn: required(DESCRIBE, 'RuleArn', rule.RuleArn),
    priority: toPriority(required(DESCRIBE, 'Priority', rule.Priority)),
    conditions: normalForm(rule.Conditions ?? []),
    forwards: (rule.Actions ?? []).flatMap(forwardsOf),
  };
}

/** Priorities come as strings. One that is no number must never be taken for the lowest. */
function toPriority(text: string): number {
  return required(DESCRIBE, 'numeric Priority', /^\d+$/.test(text) ? Number(text) : undefined);
}

/**
 * A single group is written as TargetGroupArn, as a ForwardConfig of one, or as both.
 * @see Action, Elastic Load Balancing API Reference (2015-12-01)
 */
function forwardsOf(action: Action): ListenerRule['forwards'] {
  if (action.Type !== 'forward') return []; // Authentication may come before it.
  const listed = action.ForwardConfig?.TargetGroups ?? [];
  const single = { TargetGroupArn: action.TargetGroupArn, Weight: 1 };
  return (listed.length > 0 ? listed : [single]).map((group) => ({
    targetGroupArn: required(DESCRIBE, 'TargetGroupArn', group.TargetGroupArn),
    weight: group.Weight ?? 1,
  }));
}

/**
 * Conditions in an order and form of their own, so that equal strings mean equal conditions: every
 * value of a condition is an alternative, so order is noise, and `Values` repeats the `…Config`.
 */
function normalForm(conditions: readonly RuleCondition[]): string {
  return conditions
    .map(({ Field, Values, RegexValues, ...configs }) => {
      const config = Object.values(configs).find((value) => value !== undefined);
      return `${Field} ${sortedJson(config ?? { Values, RegexValues })}`;
    })
    .sort()
    .join(' ');
}

/** JSON in which neither the order of an object's members nor that of a list's items shows. */
function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).sort().join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members
    .map(([name, member]) => `${JSON.stringify(name)}:${sortedJson(member)}`)
    .sort()
    .join()}}`;
}
