/** Goal: rules are created, read, changed and reordered as the API documents it. */
import type { Action, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createRule } from '../../../sandbox/world/elb/operations/create-rule.ts';
import { deleteRule } from '../../../sandbox/world/elb/operations/delete-rule.ts';
import { describeRules } from '../../../sandbox/world/elb/operations/describe-rules.ts';
import { modifyRule } from '../../../sandbox/world/elb/operations/modify-rule.ts';
import { setRulePriorities } from '../../../sandbox/world/elb/operations/set-rule-priorities.ts';
import { ElbWorld } from '../../support/elb-world.ts';

const PREFIX = 'arn:aws:elasticloadbalancing:us-east-1:111111111111';
const ALL_PATHS: RuleCondition[] = [{ Field: 'path-pattern', Values: ['/*'] }];

let sandbox: ElbWorld;
let listener: string;
let blue: string;
let green: string;

beforeEach(() => {
  sandbox = new ElbWorld();
  listener = sandbox.addListener(sandbox.addLoadBalancer());
  blue = sandbox.addTargetGroup('blue');
  green = sandbox.addTargetGroup('green');
});

/** Priority and rule ARN of each rule, as DescribeRules lists them. */
function listed(): [string | undefined, string | undefined][] {
  const { Rules = [] } = sandbox.do(describeRules, { ListenerArn: listener });
  return Rules.map((rule) => [rule.Priority, rule.RuleArn]);
}

function priorities(...pairs: [string, number][]) {
  return { RulePriorities: pairs.map(([RuleArn, Priority]) => ({ RuleArn, Priority })) };
}

function forwardTo(TargetGroupArn: string): Action[] {
  return [{ Type: 'forward', TargetGroupArn }];
}

function create(changes: {
  Priority?: number;
  Conditions?: RuleCondition[] | undefined;
  Actions?: Action[] | undefined;
  ListenerArn?: string;
}) {
  return {
    ListenerArn: listener,
    Priority: 10,
    Conditions: ALL_PATHS,
    Actions: forwardTo(blue),
    ...changes,
  };
}

describe('CreateRule', () => {
  test('answers a single target group both ways, and its priority as text', () => {
    const { Rules } = sandbox.do(createRule, create({}));

    expect(Rules).toEqual([
      {
        RuleArn: expect.stringMatching(
          new RegExp(`^${PREFIX}:listener-rule/app/web/[0-9a-f]{16}/[0-9a-f]{16}/[0-9a-f]{16}$`),
        ),
        Priority: '10',
        IsDefault: false,
        Conditions: [
          { Field: 'path-pattern', Values: ['/*'], PathPatternConfig: { Values: ['/*'] } },
        ],
        Actions: [
          {
            Type: 'forward',
            Order: 1,
            TargetGroupArn: blue,
            ForwardConfig: {
              TargetGroups: [{ TargetGroupArn: blue, Weight: 1 }],
              TargetGroupStickinessConfig: { Enabled: false },
            },
          },
        ],
      },
    ]);
  });

  test('answers several target groups without TargetGroupArn', () => {
    const TargetGroups = [
      { TargetGroupArn: blue, Weight: 90 },
      { TargetGroupArn: green, Weight: 10 },
    ];
    const Actions: Action[] = [{ Type: 'forward', ForwardConfig: { TargetGroups } }];

    const { Rules } = sandbox.do(createRule, create({ Actions }));

    const action = Rules?.[0]?.Actions?.[0];
    expect(action?.TargetGroupArn).toBeUndefined();
    expect(action?.ForwardConfig?.TargetGroups).toEqual(TargetGroups);
  });

  test('takes both ways together when they agree', () => {
    const ForwardConfig = { TargetGroups: [{ TargetGroupArn: blue, Weight: 5 }] };
    const Actions: Action[] = [{ Type: 'forward', TargetGroupArn: blue, ForwardConfig }];

    const { Rules } = sandbox.do(createRule, create({ Actions }));

    expect(Rules?.[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups).toEqual(
      ForwardConfig.TargetGroups,
    );
  });

  test('answers every kind of condition and action as it can be given again', () => {
    const Conditions: RuleCondition[] = [
      { Field: 'host-header', HostHeaderConfig: { Values: ['a.example.com'] } },
      { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['GET'] } },
      { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-A', Values: ['1'] } },
      { Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'k', Value: 'v' }] } },
      { Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.0/8'] } },
    ];
    const Actions: Action[] = [
      { Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', StatusCode: 'HTTP_302' } },
    ];
    const first = sandbox.do(createRule, create({ Conditions, Actions })).Rules?.[0];

    const again = sandbox.do(
      createRule,
      create({ Priority: 11, Conditions: first?.Conditions, Actions: first?.Actions }),
    ).Rules?.[0];

    expect(again?.Conditions).toEqual(first?.Conditions);
    expect(again?.Actions).toEqual(first?.Actions);
    expect(first?.Conditions).toMatchObject(Conditions);
    expect(first?.Actions?.[0]?.RedirectConfig).toEqual({
      Protocol: 'HTTPS',
      Host: '#{host}',
      Port: '#{port}',
      Path: '/#{path}',
      Query: '#{query}',
      StatusCode: 'HTTP_302',
    });
  });

  test('refuses a priority that is in use', () => {
    sandbox.do(createRule, create({}));

    expect(sandbox.refusal(createRule, create({}))).toEqual({
      code: 'PriorityInUse',
      message: "Priority '10' is currently in use",
      httpStatus: 400,
    });
  });

  test('refuses a target group that another load balancer uses', () => {
    const other = sandbox.addListener(sandbox.addLoadBalancer('other'));
    sandbox.addRule(other, 1, blue);

    expect(sandbox.refusal(createRule, create({}))).toEqual({
      code: 'TargetGroupAssociationLimit',
      message: `The following target groups cannot be associated with more than one load balancer: ${blue}`,
      httpStatus: 400,
    });
  });

  test('refuses the hundred and first rule', () => {
    for (let priority = 1; priority <= 100; priority++) {
      sandbox.addRule(listener, priority, blue);
    }

    expect(sandbox.refusal(createRule, create({ Priority: 101 })).code).toBe('TooManyRules');
  });

  const gone = `${PREFIX}:targetgroup/gone/0`;
  const config = (ForwardConfig: Action['ForwardConfig'], TargetGroupArn?: string): Action[] => [
    { Type: 'forward', ForwardConfig, TargetGroupArn },
  ];
  const refusals: [string, () => Parameters<typeof create>[0], string, RegExp][] = [
    [
      'no such listener',
      () => ({ ListenerArn: `${PREFIX}:listener/x` }),
      'ListenerNotFound',
      /listeners not found/,
    ],
    [
      'priority 0',
      () => ({ Priority: 0 }),
      'ValidationError',
      /'0' must be between '1' and '50000'/,
    ],
    ['priority 50001', () => ({ Priority: 50_001 }), 'ValidationError', /'50001'/],
    [
      'no condition',
      () => ({ Conditions: [] }),
      'ValidationError',
      /A condition must be specified/,
    ],
    [
      'an unknown condition',
      () => ({ Conditions: [{ Field: 'cookie', Values: ['a'] }] }),
      'ValidationError',
      /'cookie' must be one of/,
    ],
    [
      'a regular expression',
      () => ({ Conditions: [{ Field: 'path-pattern', RegexValues: ['^/a'] }] }),
      'ValidationError',
      /Conditions.RegexValues is not implemented/,
    ],
    [
      'a nested regular expression',
      () => ({ Conditions: [{ Field: 'host-header', HostHeaderConfig: { RegexValues: ['a'] } }] }),
      'ValidationError',
      /HostHeaderConfig.RegexValues is not implemented/,
    ],
    [
      'two path conditions',
      () => ({ Conditions: [...ALL_PATHS, ...ALL_PATHS] }),
      'ValidationError',
      /only have one 'path-pattern' condition/,
    ],
    [
      'six values',
      () => ({
        Conditions: [{ Field: 'path-pattern', Values: ['/1', '/2', '/3', '/4', '/5', '/6'] }],
      }),
      'ValidationError',
      /only have '5' condition values/,
    ],
    [
      'seven wildcards',
      () => ({ Conditions: [{ Field: 'path-pattern', Values: ['/*?*?*?*'] }] }),
      'ValidationError',
      /only have '6' condition wildcards/,
    ],
    [
      'an IPv6 block',
      () => ({ Conditions: [{ Field: 'source-ip', SourceIpConfig: { Values: ['::/0'] } }] }),
      'ValidationError',
      /IPv6 is not implemented/,
    ],
    [
      'a lower-case method',
      () => ({
        Conditions: [
          { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['get'] } },
        ],
      }),
      'ValidationError',
      /'get' of 'http-request-method' is not valid/,
    ],
    [
      'the Host header',
      () => ({
        Conditions: [
          { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'Host', Values: ['a'] } },
        ],
      }),
      'ValidationError',
      /header name 'Host'/,
    ],
    ['no action', () => ({ Actions: [] }), 'ValidationError', /An action must be specified/],
    [
      'authentication',
      () => ({ Actions: [{ Type: 'authenticate-oidc' }, ...forwardTo(blue)] }),
      'ValidationError',
      /'authenticate-oidc' are not implemented/,
    ],
    [
      'two answers',
      () => ({ Actions: [...forwardTo(blue), ...forwardTo(green)] }),
      'ValidationError',
      /Only one action/,
    ],
    [
      'an unknown target group',
      () => ({ Actions: forwardTo(gone) }),
      'TargetGroupNotFound',
      /target groups not found/,
    ],
    [
      'contradicting target groups',
      () => ({ Actions: config({ TargetGroups: [{ TargetGroupArn: green }] }, blue) }),
      'ValidationError',
      /must name the same target group/,
    ],
    [
      'stickiness',
      () => ({
        Actions: config({
          TargetGroups: [{ TargetGroupArn: blue }],
          TargetGroupStickinessConfig: { Enabled: true },
        }),
      }),
      'ValidationError',
      /TargetGroupStickinessConfig.Enabled=true is not implemented/,
    ],
    [
      'weight 1000',
      () => ({ Actions: config({ TargetGroups: [{ TargetGroupArn: blue, Weight: 1000 }] }) }),
      'ValidationError',
      /weight '1000' must be between '0' and '999'/,
    ],
    [
      'the same group twice',
      () => ({
        Actions: config({ TargetGroups: [{ TargetGroupArn: blue }, { TargetGroupArn: blue }] }),
      }),
      'ValidationError',
      /only once/,
    ],
    [
      'a fixed 302',
      () => ({ Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '302' } }] }),
      'ValidationError',
      /'302' must be 2XX, 4XX or 5XX/,
    ],
    [
      'a redirect to itself',
      () => ({ Actions: [{ Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301' } }] }),
      'InvalidLoadBalancerAction',
      /creates a loop/,
    ],
  ];

  test.each(refusals)('refuses %s and changes nothing', (_, changes, code, message) => {
    const refusal = sandbox.refusal(createRule, create(changes()));

    expect(refusal.code).toBe(code);
    expect(refusal.message).toMatch(message);
    expect(listed()).toHaveLength(1);
    expect(sandbox.region.elb.targetGroups.get(blue)?.usedBy.size).toBe(0);
  });
});

describe('DescribeRules', () => {
  test('lists by priority as a number, the default rule last', () => {
    const high = sandbox.addRule(listener, 100, blue);
    const low = sandbox.addRule(listener, 9, green);

    expect(listed()).toEqual([
      ['9', low],
      ['100', high],
      ['default', expect.any(String)],
    ]);
  });

  test('shows the default rule without conditions', () => {
    const { Rules } = sandbox.do(describeRules, { ListenerArn: listener });

    expect(Rules).toMatchObject([{ Priority: 'default', IsDefault: true, Conditions: [] }]);
  });

  test('gives pages that together show each rule once, the default rule too', () => {
    const created = [5, 3, 8, 1].map((priority) => sandbox.addRule(listener, priority, blue));
    const seen: (string | undefined)[] = [];
    const sizes: number[] = [];

    let Marker: string | undefined;
    do {
      const page = sandbox.do(describeRules, { ListenerArn: listener, PageSize: 2, Marker });
      seen.push(...(page.Rules ?? []).map((rule) => rule.RuleArn));
      sizes.push(page.Rules?.length ?? 0);
      Marker = page.NextMarker;
    } while (Marker);

    expect(sizes).toEqual([2, 2, 1]);
    expect(seen.slice(0, 4)).toEqual([created[3], created[1], created[0], created[2]]);
  });

  test('shows no rule twice when one above was deleted between two pages', () => {
    const [first, , third] = [1, 2, 3].map((n) => sandbox.addRule(listener, n, blue));
    const page = sandbox.do(describeRules, { ListenerArn: listener, PageSize: 2 });
    sandbox.do(deleteRule, { RuleArn: first });

    const { Rules = [] } = sandbox.do(describeRules, {
      ListenerArn: listener,
      PageSize: 2,
      Marker: page.NextMarker,
    });

    expect(Rules.map((rule) => rule.RuleArn)[0]).toBe(third);
    expect(Rules).toHaveLength(2);
  });

  test('may list in any order, when the setting says so', () => {
    sandbox.world.settings.ruleOrder = 'shuffled';
    for (let priority = 1; priority <= 20; priority++) sandbox.addRule(listener, priority, blue);

    const order = listed().map(([priority]) => priority);

    const sorted = [...Array.from({ length: 20 }, (_, index) => String(index + 1)), 'default'];
    expect(order).not.toEqual(sorted);
    expect(new Set(order)).toEqual(new Set(sorted));
  });

  test('finds rules by their ARNs', () => {
    const rule = sandbox.addRule(listener, 1, blue);

    const { Rules } = sandbox.do(describeRules, { RuleArns: [rule] });

    expect(Rules).toMatchObject([{ RuleArn: rule }]);
  });

  test.each([
    ['neither a listener nor rules', () => ({}), 'ValidationError'],
    ['both', () => ({ ListenerArn: listener, RuleArns: ['arn'] }), 'ValidationError'],
    ['an unknown listener', () => ({ ListenerArn: 'arn' }), 'ListenerNotFound'],
    ['an unknown rule', () => ({ RuleArns: ['arn'] }), 'RuleNotFound'],
    ['an unknown marker', () => ({ ListenerArn: listener, Marker: 'x' }), 'ValidationError'],
    ['page size 0', () => ({ ListenerArn: listener, PageSize: 0 }), 'ValidationError'],
    ['page size 401', () => ({ ListenerArn: listener, PageSize: 401 }), 'ValidationError'],
  ])('refuses %s', (_, input, code) => {
    expect(sandbox.refusal(describeRules, input()).code).toBe(code);
  });

  test('its answer is a copy', () => {
    sandbox.addRule(listener, 1, blue);
    const { Rules = [] } = sandbox.do(describeRules, { ListenerArn: listener });

    Rules[0]?.Conditions?.[0]?.Values?.push('/mine');
    Rules[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups?.pop();

    const again = sandbox.do(describeRules, { ListenerArn: listener }).Rules?.[0];
    expect(again?.Conditions?.[0]?.Values).toEqual(['/*']);
    expect(again?.Actions?.[0]?.ForwardConfig?.TargetGroups).toHaveLength(1);
  });
});

describe('ModifyRule', () => {
  test('replaces the actions and keeps the conditions', () => {
    const rule = sandbox.addRule(listener, 1, blue);

    const { Rules } = sandbox.do(modifyRule, { RuleArn: rule, Actions: forwardTo(green) });

    expect(Rules).toMatchObject([
      { Priority: '1', Conditions: [{ Values: ['/*'] }], Actions: [{ TargetGroupArn: green }] },
    ]);
    expect(sandbox.region.elb.targetGroups.get(blue)?.usedBy.size).toBe(0);
    expect(sandbox.region.elb.targetGroups.get(green)?.usedBy.size).toBe(1);
  });

  test('keeps a target group in use that the new actions name again', () => {
    const rule = sandbox.addRule(listener, 1, blue);
    sandbox.registerHealthy(blue, '127.1.0.1');

    sandbox.do(modifyRule, { RuleArn: rule, Actions: forwardTo(blue) });

    expect(sandbox.health(blue, '127.1.0.1').state).toBe('healthy');
  });

  test('replaces the conditions and keeps the actions', () => {
    const rule = sandbox.addRule(listener, 1, blue);
    const Conditions = [{ Field: 'path-pattern', Values: ['/new'] }];

    const { Rules } = sandbox.do(modifyRule, { RuleArn: rule, Conditions });

    expect(Rules).toMatchObject([
      { Conditions: [{ Values: ['/new'] }], Actions: [{ TargetGroupArn: blue }] },
    ]);
  });

  test('changes nothing when either part is refused', () => {
    const rule = sandbox.addRule(listener, 1, blue);
    const Conditions = [{ Field: 'path-pattern', Values: ['/new'] }];

    const refusal = sandbox.refusal(modifyRule, {
      RuleArn: rule,
      Conditions,
      Actions: forwardTo('arn:gone'),
    });

    expect(refusal.code).toBe('TargetGroupNotFound');
    const { Rules } = sandbox.do(describeRules, { RuleArns: [rule] });
    expect(Rules).toMatchObject([{ Conditions: [{ Values: ['/*'] }] }]);
  });

  test('refuses an unknown rule and the default rule', () => {
    const defaultRule = listed()[0]?.[1];

    const to = (RuleArn: string | undefined) => ({ RuleArn, Actions: forwardTo(blue) });
    expect(sandbox.refusal(modifyRule, to('arn')).code).toBe('RuleNotFound');
    expect(sandbox.refusal(modifyRule, to(defaultRule)).code).toBe('OperationNotPermitted');
  });
});

describe('DeleteRule', () => {
  test('deletes a rule and frees its target group', () => {
    const rule = sandbox.addRule(listener, 1, blue);

    sandbox.do(deleteRule, { RuleArn: rule });

    expect(listed()).toHaveLength(1);
    expect(sandbox.region.elb.targetGroups.get(blue)?.usedBy.size).toBe(0);
    expect(sandbox.refusal(deleteRule, { RuleArn: rule })).toEqual({
      code: 'RuleNotFound',
      message: 'One or more rules not found',
      httpStatus: 400,
    });
  });

  test('refuses the default rule', () => {
    const RuleArn = listed()[0]?.[1];

    expect(sandbox.refusal(deleteRule, { RuleArn })).toMatchObject({
      code: 'OperationNotPermitted',
      message: `Default rule '${RuleArn}' cannot be deleted`,
    });
  });
});

describe('SetRulePriorities', () => {
  let first: string;
  let second: string;

  beforeEach(() => {
    first = sandbox.addRule(listener, 10, blue);
    second = sandbox.addRule(listener, 20, green);
  });

  test('swaps two rules in one call', () => {
    const { Rules } = sandbox.do(setRulePriorities, priorities([first, 20], [second, 10]));

    expect(Rules).toMatchObject([
      { RuleArn: first, Priority: '20' },
      { RuleArn: second, Priority: '10' },
    ]);
    expect(
      listed()
        .map(([, arn]) => arn)
        .slice(0, 2),
    ).toEqual([second, first]);
  });

  test('is harmless when repeated', () => {
    const swap = priorities([first, 20], [second, 10]);

    const once = sandbox.do(setRulePriorities, swap);
    const twice = sandbox.do(setRulePriorities, swap);

    expect(twice).toEqual(once);
  });

  test('leaves rules that are not given where they are', () => {
    sandbox.do(setRulePriorities, priorities([first, 30]));

    expect(listed().slice(0, 2)).toEqual([
      ['20', second],
      ['30', first],
    ]);
  });

  const refusals: [string, () => object, string, RegExp][] = [
    [
      'a priority of a rule that is not given',
      () => priorities([first, 20]),
      'PriorityInUse',
      /^Priority '20' is currently in use$/,
    ],
    [
      'one priority given twice',
      () => priorities([first, 5], [second, 5]),
      'ValidationError',
      /^Priority '5' was provided multiple times$/,
    ],
    [
      'one rule given twice',
      () => priorities([first, 5], [first, 6]),
      'ValidationError',
      /was provided multiple times/,
    ],
    [
      'an unknown rule',
      () => priorities([first, 5], ['arn', 6]),
      'RuleNotFound',
      /^One or more rules not found$/,
    ],
    [
      'the default rule',
      () => priorities([first, 5], [listed().at(-1)?.[1] ?? '', 6]),
      'OperationNotPermitted',
      /default rule/,
    ],
    [
      'a priority out of bounds',
      () => priorities([first, 5], [second, 0]),
      'ValidationError',
      /'0'/,
    ],
    ['nothing', () => priorities(), 'ValidationError', /At least one/],
  ];

  test.each(refusals)('refuses %s, and then changes no rule', (_, input, code, message) => {
    const before = listed();

    const refusal = sandbox.refusal(setRulePriorities, input() as ReturnType<typeof priorities>);

    expect(refusal.code).toBe(code);
    expect(refusal.message).toMatch(message);
    expect(listed()).toEqual(before);
  });

  test('refuses rules of two listeners', () => {
    const other = sandbox.addListener([...sandbox.region.elb.loadBalancers.keys()][0] ?? '', 81);
    const third = sandbox.addRule(other, 10, blue);

    const refusal = sandbox.refusal(setRulePriorities, priorities([first, 1], [third, 2]));

    expect(refusal).toMatchObject({ code: 'ValidationError' });
    expect(sandbox.region.elb.rules.get(first)?.priority).toBe(10);
  });
});
