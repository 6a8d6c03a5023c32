/** Proofs of load balancing's operations on load balancers, listeners and rules. */
import { expect } from '@jest/globals';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  DeleteListenerCommand,
  DeleteLoadBalancerCommand,
  DeleteRuleCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  ModifyListenerCommand,
  ModifyRuleCommand,
  type Rule,
  SetRulePrioritiesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Proofs } from './proofs.ts';
import { ARNS, ELB, type Scene, START } from './scene.ts';

export const invalid = (message: string | RegExp) => ['ValidationError', message] as const;
export const NO_GROUP = [
  'TargetGroupNotFoundException',
  'One or more target groups not found',
] as const;
const NO_RULE = ['RuleNotFoundException', 'One or more rules not found'] as const;
const NO_LISTENER = ['ListenerNotFoundException', 'One or more listeners not found'] as const;
const NO_BALANCER = [
  'LoadBalancerNotFoundException',
  `Load balancer '${ELB}:loadbalancer/app/x/9' not found`,
] as const;
const NOWHERE = {
  loadBalancer: `${ELB}:loadbalancer/app/x/9`,
  listener: `${ELB}:listener/app/x/9/9`,
  rule: `${ELB}:listener-rule/app/x/9/9/9`,
  group: `${ELB}:targetgroup/x/9`,
};

const FIXED = {
  Type: 'fixed-response' as const,
  FixedResponseConfig: { StatusCode: '404', ContentType: 'text/plain', MessageBody: 'No <rule>' },
};
const forwardTo = (TargetGroupArn: string) => ({ Type: 'forward' as const, TargetGroupArn });
/** A forward to one group as AWS answers it: written both ways. */
const forwarding = (arn: string) => ({
  Type: 'forward',
  Order: 1,
  TargetGroupArn: arn,
  ForwardConfig: {
    TargetGroups: [{ TargetGroupArn: arn, Weight: 1 }],
    TargetGroupStickinessConfig: { Enabled: false },
  },
});
const ANY_PATH = [{ Field: 'path-pattern', Values: ['/*'], PathPatternConfig: { Values: ['/*'] } }];

const rulesOf = async ({ elb }: Scene): Promise<Rule[]> =>
  (await elb.send(new DescribeRulesCommand({ ListenerArn: ARNS.listener }))).Rules!;
const defaultRuleOf = async (scene: Scene): Promise<string> =>
  (await rulesOf(scene)).at(-1)!.RuleArn!;
const priorities = (...pairs: [RuleArn: string, Priority: number][]) => ({
  RulePriorities: pairs.map(([RuleArn, Priority]) => ({ RuleArn, Priority })),
});

const BALANCERS: Proofs = {
  CreateLoadBalancer: {
    command: CreateLoadBalancerCommand,
    works: {
      'creates one that is active at once, and only returns the one that is there': async ({
        elb,
      }) => {
        const input = {
          Name: 'new',
          Subnets: ['subnet-1', 'subnet-2'],
          SecurityGroups: ['sg-1'],
          Tags: [{ Key: 'k', Value: 'v' }],
        };
        const { LoadBalancers } = await elb.send(new CreateLoadBalancerCommand(input));
        const again = await elb.send(new CreateLoadBalancerCommand(input));

        expect(LoadBalancers).toEqual([
          {
            LoadBalancerArn: expect.stringMatching(/:loadbalancer\/app\/new\/[0-9a-z]{16}$/),
            LoadBalancerName: 'new',
            DNSName: expect.stringMatching(/^new-\d+\.us-east-1\.elb\.amazonaws\.com$/),
            CreatedTime: START,
            Scheme: 'internet-facing',
            State: { Code: 'active' },
            Type: 'application',
            VpcId: expect.stringMatching(/^vpc-/),
            AvailabilityZones: [
              { ZoneName: 'us-east-1a', SubnetId: 'subnet-1', LoadBalancerAddresses: [] },
              { ZoneName: 'us-east-1b', SubnetId: 'subnet-2', LoadBalancerAddresses: [] },
            ],
            SecurityGroups: ['sg-1'],
            IpAddressType: 'ipv4',
          },
        ]);
        expect(again.LoadBalancers).toEqual(LoadBalancers);
      },
    },
    refuses: {
      'when another one has the name': {
        input: { Name: 'web', Subnets: ['subnet-1', 'subnet-2'] },
        error: [
          'DuplicateLoadBalancerNameException',
          "A load balancer with the same name 'web' exists, but with different settings",
        ],
      },
      'with a tag twice': {
        input: {
          Name: 'new',
          Subnets: ['subnet-1', 'subnet-2'],
          Tags: [{ Key: 'k' }, { Key: 'k' }],
        },
        error: ['DuplicateTagKeysException', "Tag key 'k' was provided multiple times"],
      },
      'with one subnet': {
        input: { Name: 'new', Subnets: ['subnet-1'] },
        error: invalid(
          'At least two subnets in two different Availability Zones must be specified',
        ),
      },
    },
  },
  DescribeLoadBalancers: {
    command: DescribeLoadBalancersCommand,
    works: {
      'finds them by name and by ARN, and lists all': async ({ elb }) => {
        for (const input of [{ Names: ['web'] }, { LoadBalancerArns: [ARNS.loadBalancer] }, {}]) {
          const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand(input));
          expect(LoadBalancers).toMatchObject([{ LoadBalancerName: 'web' }]);
        }
      },
    },
    refuses: {
      'when one is not there': {
        input: { Names: ['web', 'nothing'] },
        error: ['LoadBalancerNotFoundException', "Load balancers '[nothing]' not found"],
      },
    },
  },
  DeleteLoadBalancer: {
    command: DeleteLoadBalancerCommand,
    works: {
      'takes its listeners and rules along, and leaves the target groups unused': async (scene) => {
        const input = { LoadBalancerArn: ARNS.loadBalancer };
        await scene.elb.send(new DeleteLoadBalancerCommand(input));
        await scene.elb.send(new DeleteLoadBalancerCommand(input));
        const { LoadBalancers } = await scene.elb.send(new DescribeLoadBalancersCommand());

        expect(LoadBalancers).toEqual([]);
        await expect(rulesOf(scene)).rejects.toMatchObject({ name: NO_LISTENER[0] });
      },
    },
    refuses: {
      'when none is named': { input: {}, error: invalid('LoadBalancerArn must be specified') },
    },
    nothingDeclared: 'AWS documents that one that is gone is no error, and protects none here.',
  },
  CreateListener: {
    command: CreateListenerCommand,
    works: {
      'creates a listener with a default rule': async ({ elb }) => {
        const { Listeners } = await elb.send(
          new CreateListenerCommand({
            LoadBalancerArn: ARNS.loadBalancer,
            Protocol: 'HTTP',
            Port: 8080,
            DefaultActions: [FIXED],
          }),
        );
        const ListenerArn = Listeners![0]!.ListenerArn;
        const { Rules } = await elb.send(new DescribeRulesCommand({ ListenerArn }));

        expect(Listeners).toEqual([
          {
            ListenerArn: expect.stringMatching(/:listener\/app\/web\/1\/[0-9a-z]{16}$/),
            LoadBalancerArn: ARNS.loadBalancer,
            Port: 8080,
            Protocol: 'HTTP',
            DefaultActions: [{ ...FIXED, Order: 1 }],
          },
        ]);
        expect(Rules).toMatchObject([{ Priority: 'default', Actions: [FIXED] }]);
      },
    },
    refuses: {
      'for a load balancer that is not there': {
        input: {
          LoadBalancerArn: NOWHERE.loadBalancer,
          Protocol: 'HTTP',
          Port: 8080,
          DefaultActions: [FIXED],
        },
        error: NO_BALANCER,
      },
      'on a port that has one': {
        input: {
          LoadBalancerArn: ARNS.loadBalancer,
          Protocol: 'HTTP',
          Port: 80,
          DefaultActions: [forwardTo(ARNS.blue)],
        },
        error: [
          'DuplicateListenerException',
          `A listener already exists on this port for this load balancer '${ARNS.loadBalancer}'`,
        ],
      },
      'for a target group that is not there': {
        input: {
          LoadBalancerArn: ARNS.loadBalancer,
          Protocol: 'HTTP',
          Port: 8080,
          DefaultActions: [forwardTo(NOWHERE.group)],
        },
        error: NO_GROUP,
      },
      'for HTTPS, which the sandbox has not': {
        input: {
          LoadBalancerArn: ARNS.loadBalancer,
          Protocol: 'HTTPS',
          Port: 443,
          DefaultActions: [FIXED],
        },
        error: invalid('Protocol=HTTPS is not implemented by the sandbox'),
      },
    },
  },
  DescribeListeners: {
    command: DescribeListenersCommand,
    works: {
      'finds them by load balancer and by ARN': async ({ elb }) => {
        const inputs = [{ LoadBalancerArn: ARNS.loadBalancer }, { ListenerArns: [ARNS.listener] }];
        for (const input of inputs) {
          const { Listeners } = await elb.send(new DescribeListenersCommand(input));
          expect(Listeners).toMatchObject([{ ListenerArn: ARNS.listener, Port: 80 }]);
        }
      },
    },
    refuses: {
      'for a load balancer that is not there': {
        input: { LoadBalancerArn: NOWHERE.loadBalancer },
        error: NO_BALANCER,
      },
      'when one is not there': {
        input: { ListenerArns: [NOWHERE.listener] },
        error: NO_LISTENER,
      },
      'without either': {
        input: {},
        error: invalid('You must specify either listener ARNs or a load balancer ARN'),
      },
    },
  },
  ModifyListener: {
    command: ModifyListenerCommand,
    works: {
      'changes the default rule': async (scene) => {
        const { Listeners } = await scene.elb.send(
          new ModifyListenerCommand({
            ListenerArn: ARNS.listener,
            DefaultActions: [forwardTo(ARNS.spare)],
          }),
        );

        expect(Listeners?.[0]?.DefaultActions).toEqual([forwarding(ARNS.spare)]);
        expect((await rulesOf(scene)).at(-1)?.Actions).toEqual([forwarding(ARNS.spare)]);
      },
    },
    refuses: {
      'when it is not there': {
        input: { ListenerArn: NOWHERE.listener, DefaultActions: [FIXED] },
        error: NO_LISTENER,
      },
      'for a target group that is not there': {
        input: { ListenerArn: ARNS.listener, DefaultActions: [forwardTo(NOWHERE.group)] },
        error: NO_GROUP,
      },
      'for a redirect to itself': {
        input: {
          ListenerArn: ARNS.listener,
          DefaultActions: [{ Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301' } }],
        },
        error: [
          'InvalidLoadBalancerActionException',
          'The redirect configuration is not valid because it creates a loop.',
        ],
      },
    },
  },
  DeleteListener: {
    command: DeleteListenerCommand,
    works: {
      'takes its rules along': async (scene) => {
        await scene.elb.send(new DeleteListenerCommand({ ListenerArn: ARNS.listener }));
        await expect(rulesOf(scene)).rejects.toMatchObject({ name: NO_LISTENER[0] });
      },
    },
    refuses: {
      'when it is not there': { input: { ListenerArn: NOWHERE.listener }, error: NO_LISTENER },
    },
  },
};

const RULES: Proofs = {
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

export const RULE_PROOFS: Proofs = { ...BALANCERS, ...RULES };
