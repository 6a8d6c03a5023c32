/** Proofs of load balancing's operations on rules: what moves traffic. */
import { expect } from '@jest/globals';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeRulesCommand,
  ModifyRuleCommand,
  SetRulePrioritiesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  FIXED,
  forwarding,
  forwardTo,
  invalid,
  NO_GROUP,
  NO_LISTENER,
  NO_RULE,
  NOWHERE,
  rulesOf,
} from './elb-words.ts';
import type { Proofs } from './proofs.ts';
import { ARNS, type Scene } from './scene.ts';

const ANY_PATH = [{ Field: 'path-pattern', Values: ['/*'], PathPatternConfig: { Values: ['/*'] } }];

const defaultRuleOf = async (scene: Scene): Promise<string> =>
  (await rulesOf(scene)).at(-1)!.RuleArn!;
const priorities = (...pairs: [RuleArn: string, Priority: number][]) => ({
  RulePriorities: pairs.map(([RuleArn, Priority]) => ({ RuleArn, Priority })),
});

export const RULE_PROOFS: Proofs = {
  CreateRule: {
    command: CreateRuleCommand,
    works: {
      'reads every kind of condition, and shows each as AWS does': async ({ elb }) => {
        const Conditions = [
          { Field: 'host-header', HostHeaderConfig: { Values: ['*.example.com'] } },
          { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-A', Values: ['<&>'] } },
          { Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'v', Value: '2' }] } },
          { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['GET'] } },
          { Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.0/8'] } },
        ];
        const { Rules } = await elb.send(
          new CreateRuleCommand({
            ListenerArn: ARNS.listener,
            Priority: 30,
            Conditions,
            Actions: [
              {
                Type: 'redirect',
                RedirectConfig: { Host: 'example.com', StatusCode: 'HTTP_302' },
              },
            ],
          }),
        );

        const [host, ...others] = Conditions;
        expect(Rules).toEqual([
          {
            RuleArn: expect.stringMatching(/:listener-rule\/app\/web\/1\/2\/[0-9a-z]{16}$/),
            Priority: '30',
            IsDefault: false,
            Conditions: [{ ...host, Values: ['*.example.com'] }, ...others],
            Actions: [
              {
                Type: 'redirect',
                Order: 1,
                RedirectConfig: {
                  Protocol: '#{protocol}',
                  Host: 'example.com',
                  Port: '#{port}',
                  Path: '/#{path}',
                  Query: '#{query}',
                  StatusCode: 'HTTP_302',
                },
              },
            ],
          },
        ]);
      },
    },
    refuses: {
      'when the priority is in use': {
        input: {
          ListenerArn: ARNS.listener,
          Priority: 10,
          Conditions: ANY_PATH,
          Actions: [FIXED],
        },
        error: ['PriorityInUseException', "Priority '10' is currently in use"],
      },
      'for a listener that is not there': {
        input: {
          ListenerArn: NOWHERE.listener,
          Priority: 1,
          Conditions: ANY_PATH,
          Actions: [FIXED],
        },
        error: NO_LISTENER,
      },
      'for a target group that is not there': {
        input: {
          ListenerArn: ARNS.listener,
          Priority: 1,
          Conditions: ANY_PATH,
          Actions: [forwardTo(NOWHERE.group)],
        },
        error: NO_GROUP,
      },
      'for a target group of another load balancer': {
        input: async ({ elb }) => {
          const { LoadBalancers } = await elb.send(
            new CreateLoadBalancerCommand({ Name: 'new', Subnets: ['subnet-1', 'subnet-2'] }),
          );
          const { Listeners } = await elb.send(
            new CreateListenerCommand({
              LoadBalancerArn: LoadBalancers![0]!.LoadBalancerArn,
              Protocol: 'HTTP',
              Port: 80,
              DefaultActions: [FIXED],
            }),
          );
          return {
            ListenerArn: Listeners![0]!.ListenerArn,
            Priority: 1,
            Conditions: ANY_PATH,
            Actions: [forwardTo(ARNS.blue)],
          };
        },
        error: [
          'TargetGroupAssociationLimitException',
          `The following target groups cannot be associated with more than one load balancer: ${ARNS.blue}`,
        ],
      },
      'as the 101st of its load balancer': {
        input: async ({ elb }) => {
          const rule = (Priority: number) => ({
            ListenerArn: ARNS.listener,
            Priority,
            Conditions: ANY_PATH,
            Actions: [FIXED],
          });
          for (let n = 101; n < 199; n++) await elb.send(new CreateRuleCommand(rule(n)));
          return rule(199);
        },
        error: ['TooManyRulesException', 'The maximum number of rules has been reached'],
      },
      'for a priority out of range': {
        input: { ListenerArn: ARNS.listener, Priority: 0, Conditions: ANY_PATH, Actions: [FIXED] },
        error: invalid("Rule priority '0' must be between '1' and '50000'"),
      },
    },
  },
  DescribeRules: {
    command: DescribeRulesCommand,
    works: {
      'shows priorities as text, and the default rule last': async (scene) => {
        const color = (RuleArn: string, Priority: string, arn: string) => ({
          RuleArn,
          Priority,
          IsDefault: false,
          Conditions: ANY_PATH,
          Actions: [forwarding(arn)],
        });

        expect(await rulesOf(scene)).toEqual([
          color(ARNS.blueRule, '10', ARNS.blue),
          color(ARNS.greenRule, '20', ARNS.green),
          {
            RuleArn: expect.stringContaining(':listener-rule/app/web/1/2/'),
            Priority: 'default',
            IsDefault: true,
            Conditions: [],
            Actions: [{ Type: 'fixed-response', Order: 1, FixedResponseConfig: expect.anything() }],
          },
        ]);
      },
      'finds rules by ARN, and shows a listener page by page': async ({ elb }) => {
        const describe = async (input: object) => elb.send(new DescribeRulesCommand(input));
        const byArn = await describe({ RuleArns: [ARNS.greenRule] });
        const first = await describe({ ListenerArn: ARNS.listener, PageSize: 2 });
        const second = await describe({ ListenerArn: ARNS.listener, Marker: first.NextMarker });

        expect(byArn.Rules).toMatchObject([{ RuleArn: ARNS.greenRule }]);
        expect(first.Rules).toHaveLength(2);
        expect(second).toMatchObject({ Rules: [{ Priority: 'default' }] });
        expect(second.NextMarker).toBeUndefined();
      },
    },
    refuses: {
      'for a listener that is not there': {
        input: { ListenerArn: NOWHERE.listener },
        error: NO_LISTENER,
      },
      'when a rule is not there': {
        input: { RuleArns: [ARNS.blueRule, NOWHERE.rule] },
        error: NO_RULE,
      },
      'without either': {
        input: {},
        error: invalid('You must specify either listener rule ARNs or a listener ARN'),
      },
    },
  },
  ModifyRule: {
    command: ModifyRuleCommand,
    works: {
      'replaces the actions and leaves the rest; several groups have no one ARN': async ({
        elb,
      }) => {
        const TargetGroups = [
          { TargetGroupArn: ARNS.blue, Weight: 90 },
          { TargetGroupArn: ARNS.green, Weight: 0 },
        ];
        const { Rules } = await elb.send(
          new ModifyRuleCommand({
            RuleArn: ARNS.blueRule,
            Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }],
          }),
        );

        expect(Rules).toEqual([
          {
            RuleArn: ARNS.blueRule,
            Priority: '10',
            IsDefault: false,
            Conditions: ANY_PATH,
            Actions: [
              {
                Type: 'forward',
                Order: 1,
                ForwardConfig: { TargetGroups, TargetGroupStickinessConfig: { Enabled: false } },
              },
            ],
          },
        ]);
      },
    },
    refuses: {
      'when it is not there': {
        input: { RuleArn: NOWHERE.rule, Actions: [FIXED] },
        error: NO_RULE,
      },
      'for a target group that is not there': {
        input: { RuleArn: ARNS.blueRule, Actions: [forwardTo(NOWHERE.group)] },
        error: NO_GROUP,
      },
      'for the default rule': {
        input: async (scene) => ({ RuleArn: await defaultRuleOf(scene), Actions: [FIXED] }),
        error: ['OperationNotPermittedException', /^Default rule '.+' cannot be modified$/],
      },
      'when the group and the configuration differ': {
        input: {
          RuleArn: ARNS.blueRule,
          Actions: [
            {
              ...forwardTo(ARNS.blue),
              ForwardConfig: { TargetGroups: [{ TargetGroupArn: ARNS.green }] },
            },
          ],
        },
        error: invalid(/must name the same target group/),
      },
    },
  },
  DeleteRule: {
    command: DeleteRuleCommand,
    works: {
      'deletes one of two': async (scene) => {
        await scene.elb.send(new DeleteRuleCommand({ RuleArn: ARNS.blueRule }));
        expect((await rulesOf(scene)).map(({ Priority }) => Priority)).toEqual(['20', 'default']);
      },
    },
    refuses: {
      'when it is not there': { input: { RuleArn: NOWHERE.rule }, error: NO_RULE },
      'for the default rule': {
        input: async (scene) => ({ RuleArn: await defaultRuleOf(scene) }),
        error: ['OperationNotPermittedException', /^Default rule '.+' cannot be deleted$/],
      },
    },
  },
  SetRulePriorities: {
    command: SetRulePrioritiesCommand,
    works: {
      'swaps two rules in one call, and shows it at once': async (scene) => {
        const { Rules } = await scene.elb.send(
          new SetRulePrioritiesCommand(priorities([ARNS.blueRule, 20], [ARNS.greenRule, 10])),
        );

        expect(Rules).toMatchObject([
          { RuleArn: ARNS.blueRule, Priority: '20', Actions: [forwarding(ARNS.blue)] },
          { RuleArn: ARNS.greenRule, Priority: '10', Actions: [forwarding(ARNS.green)] },
        ]);
        expect((await rulesOf(scene)).slice(0, 2)).toEqual([...Rules!].reverse());
      },
    },
    refuses: {
      'when a rule that is not named has the priority': {
        input: priorities([ARNS.blueRule, 20]),
        error: ['PriorityInUseException', "Priority '20' is currently in use"],
      },
      'for one priority twice': {
        input: priorities([ARNS.blueRule, 5], [ARNS.greenRule, 5]),
        error: invalid("Priority '5' was provided multiple times"),
      },
      'when a rule is not there': {
        input: priorities([ARNS.blueRule, 20], [NOWHERE.rule, 10]),
        error: NO_RULE,
      },
      'for the default rule': {
        input: async (scene) => priorities([await defaultRuleOf(scene), 5]),
        error: ['OperationNotPermittedException', /^The priority of default rule '.+' cannot be/],
      },
      'for rules of several listeners': {
        input: async ({ elb }) => {
          const { Listeners } = await elb.send(
            new CreateListenerCommand({
              LoadBalancerArn: ARNS.loadBalancer,
              Protocol: 'HTTP',
              Port: 8080,
              DefaultActions: [FIXED],
            }),
          );
          const { Rules } = await elb.send(
            new CreateRuleCommand({
              ListenerArn: Listeners![0]!.ListenerArn,
              Priority: 1,
              Conditions: ANY_PATH,
              Actions: [FIXED],
            }),
          );
          return priorities([ARNS.blueRule, 1], [Rules![0]!.RuleArn!, 2]);
        },
        error: invalid('All rules must belong to the same listener'),
      },
    },
  },
};
