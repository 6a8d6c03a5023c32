import type { CreateRuleInput, CreateRuleOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../../operation.ts';
import { required } from '../errors.ts';
import { createRule as create, toRuleShape } from '../rules.ts';
import { toTags } from '../tags.ts';

/** @see CreateRule, Elastic Load Balancing API Reference (2015-12-01) */
export const createRule: Operation<CreateRuleInput, CreateRuleOutput> = {
  name: 'CreateRule',
  accepts: ['ListenerArn', 'Conditions', 'Priority', 'Actions', 'Tags'],
  handle(input, { world, region }) {
    const rule = create(world, region, {
      listenerArn: input.ListenerArn,
      priority: required(input.Priority, 'Priority'),
      conditions: input.Conditions,
      actions: input.Actions,
      tags: toTags(input.Tags),
    });
    return { Rules: [toRuleShape(rule)] };
  },
};
