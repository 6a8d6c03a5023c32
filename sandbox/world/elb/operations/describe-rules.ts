import type {
  DescribeRulesInput,
  DescribeRulesOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../../operation.ts';
import type { World } from '../../world.ts';
import { listenerBy, ruleBy, validationError } from '../errors.ts';
import { page } from '../paging.ts';
import { byPriority } from '../propagation.ts';
import { toRuleShape } from '../rules.ts';

/**
 * Lists rules as they were last set, which the nodes may not know yet. By priority, the default
 * rule last; AWS does not promise that, so a setting shuffles each page.
 * @see DescribeRules, Elastic Load Balancing API Reference (2015-12-01)
 */
export const describeRules: Operation<DescribeRulesInput, DescribeRulesOutput> = {
  name: 'DescribeRules',
  accepts: ['ListenerArn', 'RuleArns', 'Marker', 'PageSize'],
  handle(input, { world, region }) {
    const { ListenerArn: owner, RuleArns: arns = [] } = input;
    if ((owner === undefined) === (arns.length === 0)) {
      throw validationError('You must specify either listener rule ARNs or a listener ARN');
    }
    const found =
      owner === undefined
        ? new Set(arns.map((arn) => ruleBy(region, arn)))
        : listenerBy(region, owner).rules;
    const ranked = byPriority(found).map((rule, index) => ({ rule, rank: rankOf(rule, index) }));
    const { items, NextMarker } = page(ranked, ({ rank }) => rank, input);
    const Rules = items.map(({ rule }) => toRuleShape(rule));
    if (world.settings.ruleOrder === 'shuffled') shuffle(world, Rules);
    return { Rules, NextMarker };
  },
};

/** Rules of several listeners may share a priority; the index then keeps the ranks apart. */
function rankOf(rule: { priority: number }, index: number): number {
  const LAST_PRIORITY = 50_001;
  const ROOM_PER_PRIORITY = 10_000;
  return Math.min(rule.priority, LAST_PRIORITY) * ROOM_PER_PRIORITY + index;
}

/** @see Fisher–Yates shuffle */
function shuffle(world: World, items: unknown[]): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(world.random() * (last + 1));
    [items[last], items[other]] = [items[other], items[last]];
  }
}
