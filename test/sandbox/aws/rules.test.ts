import {
  CreateRuleCommand,
  type ElasticLoadBalancingV2Client,
  type Rule,
  type RuleCondition,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { InProcessHandler } from '../../../sandbox/wire/in-process.ts';
import { createElbClient } from '../../../src/aws/clients.ts';
import { rulesPort } from '../../../src/aws/rules.ts';
import { BLUE, GREEN, LISTENER, failureOf, startShop } from './aws-scene.ts';

describe('describing rules', () => {
  test('leaves the default rule out, and sorts the others by number', async () => {
    const shop = await startShop({ settings: { ruleOrder: 'shuffled' } });
    for (const Priority of [100, 2]) {
      await shop.sdk.elb.send(
        new CreateRuleCommand({
          ListenerArn: LISTENER,
          Priority,
          Conditions: [{ Field: 'path-pattern', Values: ['/other'] }],
          Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
        }),
      );
    }

    const rules = await shop.aws.rules.describe(LISTENER);

    expect(rules.map(({ priority, forwards }) => ({ priority, forwards }))).toEqual([
      { priority: 2, forwards: [] },
      { priority: 9, forwards: [{ targetGroupArn: BLUE, weight: 1 }] },
      { priority: 10, forwards: [{ targetGroupArn: GREEN, weight: 1 }] },
      { priority: 100, forwards: [] },
    ]);
    expect(rules[1]?.conditions).toBe(rules[2]?.conditions);
    expect(rules[1]?.conditions).not.toBe(rules[0]?.conditions);
  });

  test('reads every page, however small AWS makes them', async () => {
    const shop = await startShop();
    const client = await createElbClient({
      ...shop.clientOptions,
      requestHandler: onePerPage(shop.handler),
    });
    const rules = rulesPort(client);

    const found = await rules.describe(LISTENER);

    expect(found.map(({ priority }) => priority)).toEqual([9, 10]);
    // Two rules and the default one.
    expect(shop.calls()).toEqual(Array.from({ length: 3 }, () => 'DescribeRules ok'));
  });

  test('of a listener that is gone fails for good', async () => {
    const { aws } = await startShop();

    expect(await failureOf(aws.rules.describe(LISTENER.replace('f2f7', '0000')))).toMatchObject({
      operation: 'elasticloadbalancing:DescribeRules',
      code: 'ListenerNotFoundException',
      isTransient: false,
      isOutcomeUnknown: false,
    });
  });

  test('takes an answer without rules for no answer', async () => {
    const { aws } = await startShop({
      faults: [
        { operation: 'elasticloadbalancing.DescribeRules', do: { kind: 'garble', body: '' } },
      ],
    });

    expect(await failureOf(aws.rules.describe(LISTENER))).toMatchObject({
      code: 'IncompleteAnswer',
      isTransient: true,
    });
  });
});

describe('a rule forwards', () => {
  const tuple = (TargetGroupArn: string, Weight?: number) => ({ TargetGroupArn, Weight });

  test.each<[string, Rule['Actions'], unknown]>([
    ['to a single group', [{ Type: 'forward', TargetGroupArn: BLUE }], [[BLUE, 1]]],
    [
      'to a single group in a list',
      [{ Type: 'forward', ForwardConfig: { TargetGroups: [tuple(BLUE)] } }],
      [[BLUE, 1]],
    ],
    [
      'to a single group, written both ways',
      [
        {
          Type: 'forward',
          TargetGroupArn: BLUE,
          ForwardConfig: { TargetGroups: [tuple(BLUE, 7)] },
        },
      ],
      [[BLUE, 7]],
    ],
    [
      'to a single group beside an empty list',
      [{ Type: 'forward', TargetGroupArn: BLUE, ForwardConfig: { TargetGroups: [] } }],
      [[BLUE, 1]],
    ],
    [
      'by weight, also of none',
      [{ Type: 'forward', ForwardConfig: { TargetGroups: [tuple(BLUE, 0), tuple(GREEN, 999)] } }],
      [
        [BLUE, 0],
        [GREEN, 999],
      ],
    ],
    [
      'after authentication',
      [
        { Type: 'authenticate-oidc', Order: 1 },
        { Type: 'forward', Order: 2, TargetGroupArn: BLUE },
      ],
      [[BLUE, 1]],
    ],
    [
      'nowhere when it redirects',
      [{ Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301' } }],
      [],
    ],
    ['nowhere without actions', undefined, []],
  ])('%s', async (_, Actions, expected) => {
    const [rule] = await answering({ Actions }).describe(LISTENER);

    expect(rule?.forwards.map(({ targetGroupArn, weight }) => [targetGroupArn, weight])).toEqual(
      expected,
    );
  });

  test('to a group that the answer does not name is no answer', async () => {
    const rules = answering({ Actions: [{ Type: 'forward' }] });

    expect(await failureOf(rules.describe(LISTENER))).toMatchObject({ code: 'IncompleteAnswer' });
  });
});

test.each(['', 'default', '1e3', '-1', '0x10', ' 5'])(
  'a priority written as "%s" is not taken for a number',
  async (Priority) => {
    expect(await failureOf(answering({ Priority }).describe(LISTENER))).toMatchObject({
      message: expect.stringContaining('numeric Priority'),
    });
  },
);

describe('conditions', () => {
  const paths = ['/a', '/b'];

  test.each<[string, RuleCondition[], RuleCondition[]]>([
    [
      'in another order',
      [
        { Field: 'path-pattern', Values: ['/a'] },
        { Field: 'host-header', Values: ['h'] },
      ],
      [
        { Field: 'host-header', Values: ['h'] },
        { Field: 'path-pattern', Values: ['/a'] },
      ],
    ],
    [
      'with their values in another order',
      [{ Field: 'path-pattern', Values: paths }],
      [{ Field: 'path-pattern', Values: paths.toReversed() }],
    ],
    [
      'written the old way, the new way or both',
      [{ Field: 'path-pattern', Values: paths }],
      [{ Field: 'path-pattern', PathPatternConfig: { Values: paths } }],
    ],
    [
      'written the new way or both',
      [{ Field: 'path-pattern', PathPatternConfig: { Values: paths } }],
      [{ Field: 'path-pattern', Values: paths, PathPatternConfig: { Values: paths } }],
    ],
    [
      'by regular expressions, written the new way or both',
      [{ Field: 'path-pattern', PathPatternConfig: { RegexValues: ['^/a'] } }],
      [
        {
          Field: 'path-pattern',
          RegexValues: ['^/a'],
          PathPatternConfig: { RegexValues: ['^/a'] },
        },
      ],
    ],
    [
      'of query strings in another order',
      [query({ Key: 'a', Value: '1' }, { Key: 'b', Value: '2' })],
      [query({ Value: '2', Key: 'b' }, { Value: '1', Key: 'a' })],
    ],
    ['that are not there', [], []],
  ])('%s are equal', async (_, one, other) => {
    expect(await conditionsOf(one)).toBe(await conditionsOf(other));
  });

  test.each<[string, RuleCondition[], RuleCondition[]]>([
    [
      'fields',
      [{ Field: 'path-pattern', Values: ['x'] }],
      [{ Field: 'host-header', Values: ['x'] }],
    ],
    [
      'values',
      [{ Field: 'path-pattern', Values: ['/a'] }],
      [{ Field: 'path-pattern', Values: ['/b'] }],
    ],
    [
      'one value more',
      [{ Field: 'path-pattern', Values: ['/a'] }],
      [{ Field: 'path-pattern', Values: paths }],
    ],
    ['none at all', [{ Field: 'path-pattern', Values: ['/a'] }], []],
    ['header names', [header('X-One', '1')], [header('X-Two', '1')]],
    [
      'headers, whose values changed places',
      [header('X-One', '1'), header('X-Two', '2')],
      [header('X-One', '2'), header('X-Two', '1')],
    ],
    [
      'keys that changed places with values',
      [query({ Key: 'a', Value: 'b' })],
      [query({ Key: 'b', Value: 'a' })],
    ],
    [
      'values instead of regular expressions',
      [{ Field: 'path-pattern', PathPatternConfig: { Values: ['a'] } }],
      [{ Field: 'path-pattern', PathPatternConfig: { RegexValues: ['a'] } }],
    ],
  ])('differ by %s', async (_, one, other) => {
    expect(await conditionsOf(one)).not.toBe(await conditionsOf(other));
  });

  test('are equal exactly when they are the same sets', async () => {
    const value = fc.constantFrom('', 'a', 'b', '","', '["a"]');
    const values = fc.uniqueArray(value, { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(values, values, async (one, other) => {
        const areSame = one.length === other.length && one.every((each) => other.includes(each));
        const path = (Values: string[]) => conditionsOf([{ Field: 'path-pattern', Values }]);
        expect((await path(one)) === (await path(other))).toBe(areSame);
      }),
    );
  });
});

describe('setting priorities', () => {
  test('swaps two rules in one call', async () => {
    const { aws, calls } = await startShop();
    const [blue, green] = await aws.rules.describe(LISTENER);

    await aws.rules.setPriorities(
      new Map([
        [blue?.ruleArn ?? '', 10],
        [green?.ruleArn ?? '', 9],
      ]),
    );

    expect(await aws.rules.describe(LISTENER)).toEqual([
      { ...green, priority: 9 },
      { ...blue, priority: 10 },
    ]);
    expect(calls().filter((call) => call.startsWith('Set'))).toEqual(['SetRulePriorities ok']);
  });

  test('to one that another rule has is refused, and nothing moves', async () => {
    const { aws } = await startShop();
    const before = await aws.rules.describe(LISTENER);

    const failure = await failureOf(
      aws.rules.setPriorities(new Map([[before[0]?.ruleArn ?? '', 10]])),
    );

    expect(failure).toMatchObject({
      operation: 'elasticloadbalancing:SetRulePriorities',
      code: 'PriorityInUseException',
      isTransient: false,
      isOutcomeUnknown: false,
    });
    expect(await aws.rules.describe(LISTENER)).toEqual(before);
  });

  test.each(['', '<html>Bad gateway'])(
    'with the answer "%s" has an unknown outcome',
    async (body) => {
      const { aws } = await startShop({
        faults: [
          { operation: 'elasticloadbalancing.SetRulePriorities', do: { kind: 'garble', body } },
        ],
      });
      const [blue] = await aws.rules.describe(LISTENER);

      const failure = await failureOf(aws.rules.setPriorities(new Map([[blue?.ruleArn ?? '', 8]])));

      expect(failure).toMatchObject({ isTransient: true, isOutcomeUnknown: true });
      expect((await aws.rules.describe(LISTENER))[0]?.priority).toBe(8);
    },
  );
});

/** Rules as AWS answers them, for shapes that the sandbox refuses to make. */
function answering(...rules: Rule[]) {
  const client = {
    send: () =>
      Promise.resolve({ Rules: rules.map((rule) => ({ RuleArn: 'r', Priority: '1', ...rule })) }),
  };
  return rulesPort(client as unknown as ElasticLoadBalancingV2Client);
}

async function conditionsOf(Conditions: RuleCondition[]): Promise<string | undefined> {
  const [rule] = await answering({ Conditions }).describe(LISTENER);
  return rule?.conditions;
}

function header(HttpHeaderName: string, ...Values: string[]): RuleCondition {
  return { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName, Values } };
}

function query(...Values: { Key: string; Value: string }[]): RuleCondition {
  return { Field: 'query-string', QueryStringConfig: { Values } };
}

/** AWS with the smallest pages that it may answer with. */
function onePerPage(inner: InProcessHandler): InProcessHandler {
  return {
    ...inner,
    handle: (request, options) =>
      inner.handle({ ...request, body: `${String(request.body)}&PageSize=1` }, options),
  };
}
