/** Goal: a request goes where Application Load Balancers document that it goes. */
import type { Action, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { RoutedRequest } from '../../../sandbox/world/elb/state.ts';
import { ElbWorld, seededRandom } from '../../support/elb-world.ts';

let sandbox: ElbWorld;
let listener: string;
let blue: string;
let green: string;

beforeEach(() => {
  sandbox = new ElbWorld({ propagationSeconds: { min: 0, max: 0 } });
  listener = sandbox.addListener(sandbox.addLoadBalancer());
  blue = sandbox.addTargetGroup('blue');
  green = sandbox.addTargetGroup('green');
});

/** The addresses of so many requests to node 0, counted. */
function spread(requests: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let request = 0; request < requests; request++) {
    const address = sandbox.addressFor(listener, 0);
    counts[address] = (counts[address] ?? 0) + 1;
  }
  return counts;
}

function makeUnhealthy(group: string, address: string, node: number): void {
  sandbox.probe(group, address, node, { statusCode: 500 });
  sandbox.probe(group, address, node, { statusCode: 500 });
}

describe('the order of rules', () => {
  test('the lower priority number wins, whenever it was created', () => {
    sandbox.addRule(listener, 20, blue);
    sandbox.addRule(listener, 3, green);
    sandbox.registerHealthy(blue, '127.1.0.1');
    sandbox.registerHealthy(green, '127.2.0.1');

    expect(sandbox.addressFor(listener, 0)).toBe('127.2.0.1');
  });

  test('the default rule takes what no other rule matches', () => {
    const conditions = [{ Field: 'path-pattern', Values: ['/only'] }];
    sandbox.addRule(listener, 1, blue, { conditions });

    expect(sandbox.route(listener, 0, { path: '/else' })).toMatchObject({
      kind: 'fixed',
      statusCode: 404,
      contentType: 'text/plain; charset=utf-8',
      body: '',
    });
  });

  test('all conditions of a rule must hold', () => {
    const conditions = [
      { Field: 'path-pattern', Values: ['/a'] },
      { Field: 'host-header', Values: ['example.com'] },
    ];
    sandbox.addRule(listener, 1, blue, { conditions });
    sandbox.registerHealthy(blue, '127.1.0.1');

    const reached = (path: string, host: string) => sandbox.addressFor(listener, 0, { path, host });
    expect(reached('/a', 'example.com')).toBe('127.1.0.1');
    expect(reached('/a', 'example.org')).toBe('fixed');
    expect(reached('/b', 'example.com')).toBe('fixed');
  });
});

describe('conditions', () => {
  const cases: [string, RuleCondition, Partial<RoutedRequest>[], Partial<RoutedRequest>[]][] = [
    [
      'paths are case-sensitive and have wildcards',
      { Field: 'path-pattern', Values: ['/img/*.p?g', '/about'] },
      [{ path: '/img/a/b.png' }, { path: '/img/.pag' }, { path: '/about' }],
      [
        { path: '/IMG/a.png' },
        { path: '/img/a.pg' },
        { path: '/about/' },
        { path: '/x/img/a.png' },
      ],
    ],
    [
      'characters with a meaning in regular expressions have none in a path',
      { Field: 'path-pattern', Values: ['/a.b$+'] },
      [{ path: '/a.b$+' }],
      [{ path: '/axb$+' }],
    ],
    [
      'hosts are case-insensitive, have wildcards, and no port',
      { Field: 'host-header', HostHeaderConfig: { Values: ['*.Example.com'] } },
      [{ host: 'API.example.COM' }, { host: 'a.b.example.com:8080' }],
      [{ host: 'example.com' }, { host: 'a.example.com.evil.org' }],
    ],
    [
      'methods are case-sensitive and have no wildcards',
      { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['GET', 'HEAD'] } },
      [{ method: 'GET' }, { method: 'HEAD' }],
      [{ method: 'get' }, { method: 'POST' }],
    ],
    [
      'headers are case-insensitive in name and value, and have wildcards',
      {
        Field: 'http-header',
        HttpHeaderConfig: { HttpHeaderName: 'User-Agent', Values: ['*Chrome*', 'curl/?'] },
      },
      [{ headers: { 'user-agent': 'big chrome 1' } }, { headers: { 'user-agent': 'CURL/8' } }],
      [{ headers: { 'user-agent': 'curl/10' } }, { headers: { other: 'Chrome' } }, {}],
    ],
    [
      'query strings are case-insensitive pairs, with wildcards and escapes',
      {
        Field: 'query-string',
        QueryStringConfig: {
          Values: [{ Key: 'version', Value: 'v?' }, { Value: '*any*' }, { Value: 'a\\*b' }],
        },
      },
      [{ query: 'x=1&Version=V2' }, { query: 'k=has+ANY+in+it' }, { query: 'k=a*b' }],
      [{ query: 'version=v10' }, { query: 'other=v2' }, { query: 'k=axb' }, { query: '' }],
    ],
    [
      'source addresses are in blocks',
      { Field: 'source-ip', SourceIpConfig: { Values: ['10.1.0.0/16', '192.0.2.7/32'] } },
      [{ sourceIp: '10.1.255.3' }, { sourceIp: '192.0.2.7' }, { sourceIp: '::ffff:10.1.0.1' }],
      [{ sourceIp: '10.2.0.1' }, { sourceIp: '192.0.2.8' }, { sourceIp: '::1' }],
    ],
  ];

  test.each(cases)('%s', (_, condition, matching, others) => {
    sandbox.addRule(listener, 1, blue, { conditions: [condition] });
    sandbox.registerHealthy(blue, '127.1.0.1');

    const reached = (request: Partial<RoutedRequest>) => sandbox.addressFor(listener, 0, request);
    expect(matching.map(reached)).toEqual(matching.map(() => '127.1.0.1'));
    expect(others.map(reached)).toEqual(others.map(() => 'fixed'));
  });
});

describe('targets', () => {
  test('healthy ones take turns', () => {
    sandbox.addRule(listener, 1, blue);
    for (const n of [1, 2, 3]) sandbox.registerHealthy(blue, `127.1.0.${n}`);

    expect(spread(30)).toEqual({ '127.1.0.1': 10, '127.1.0.2': 10, '127.1.0.3': 10 });
  });

  test('the decision says whose target it is', () => {
    const ruleArn = sandbox.addRule(listener, 1, blue);
    sandbox.registerHealthy(blue, '127.1.0.1');

    expect(sandbox.route(listener, 0)).toEqual({
      kind: 'forward',
      ruleArn,
      targetGroupArn: blue,
      target: {
        address: '127.1.0.1',
        port: 8080,
        taskArn: 'task-127.1.0.1',
        taskSetId: 'ecs-svc/1',
      },
    });
  });

  test('an unhealthy one gets nothing from the node that finds it unhealthy', () => {
    sandbox.addRule(listener, 1, blue);
    for (const n of [1, 2]) sandbox.registerHealthy(blue, `127.1.0.${n}`);
    expect(spread(10)).toEqual({ '127.1.0.1': 5, '127.1.0.2': 5 });

    makeUnhealthy(blue, '127.1.0.1', 0);

    expect(spread(10)).toEqual({ '127.1.0.2': 10 });
    const fromNode1 = [sandbox.addressFor(listener, 1), sandbox.addressFor(listener, 1)];
    expect(fromNode1.sort()).toEqual(['127.1.0.1', '127.1.0.2']);
  });

  test('an unchecked one gets nothing while a healthy one exists', () => {
    sandbox.addRule(listener, 1, blue);
    sandbox.registerHealthy(blue, '127.1.0.1');

    sandbox.register(blue, '127.1.0.2');

    expect(spread(10)).toEqual({ '127.1.0.1': 10 });
  });

  test('when all are unhealthy, all get requests', () => {
    sandbox.addRule(listener, 1, blue);
    for (const n of [1, 2]) {
      sandbox.registerHealthy(blue, `127.1.0.${n}`);
      makeUnhealthy(blue, `127.1.0.${n}`, 0);
    }

    expect(spread(10)).toEqual({ '127.1.0.1': 5, '127.1.0.2': 5 });
  });

  test('when none has been checked, all get requests', () => {
    sandbox.addRule(listener, 1, blue);
    for (const n of [1, 2]) sandbox.register(blue, `127.1.0.${n}`);

    expect(spread(10)).toEqual({ '127.1.0.1': 5, '127.1.0.2': 5 });
  });

  test('an empty group answers 503, whatever the rules below it', () => {
    const ruleArn = sandbox.addRule(listener, 1, blue);
    sandbox.addRule(listener, 2, green);
    sandbox.registerHealthy(green, '127.2.0.1');

    expect(sandbox.route(listener, 0)).toEqual({
      kind: 'noTarget',
      ruleArn,
      targetGroupArn: blue,
    });
  });
});

describe('weights', () => {
  const weighted = (blueWeight: number, greenWeight: number): { actions: Action[] } => ({
    actions: [
      {
        Type: 'forward',
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: blue, Weight: blueWeight },
            { TargetGroupArn: green, Weight: greenWeight },
          ],
        },
      },
    ],
  });

  test('share the requests in proportion', () => {
    sandbox.addRule(listener, 1, blue, weighted(30, 10));
    sandbox.registerHealthy(blue, '127.1.0.1');
    sandbox.registerHealthy(green, '127.2.0.1');

    const counts = spread(4000);

    // Four standard deviations of 4,000 draws at 3 in 4 are 110.
    expect(Math.abs((counts['127.1.0.1'] ?? 0) - 3000)).toBeLessThan(110);
    expect((counts['127.1.0.1'] ?? 0) + (counts['127.2.0.1'] ?? 0)).toBe(4000);
  });

  test('0 gets no request, though its targets are checked', () => {
    sandbox.addRule(listener, 1, blue, weighted(1, 0));
    sandbox.registerHealthy(blue, '127.1.0.1');
    sandbox.registerHealthy(green, '127.2.0.1');

    expect(spread(200)).toEqual({ '127.1.0.1': 200 });
    expect(sandbox.health(green, '127.2.0.1').state).toBe('healthy');
  });

  test('0 gets no request even when the dice show their lowest number', () => {
    let draw = seededRandom(1);
    sandbox = new ElbWorld({ propagationSeconds: { min: 0, max: 0 } }, () => draw());
    listener = sandbox.addListener(sandbox.addLoadBalancer());
    blue = sandbox.addTargetGroup('blue');
    green = sandbox.addTargetGroup('green');
    sandbox.addRule(listener, 1, blue, weighted(0, 1));
    sandbox.registerHealthy(blue, '127.1.0.1');
    sandbox.registerHealthy(green, '127.2.0.1');

    draw = () => 0;

    expect(spread(5)).toEqual({ '127.2.0.1': 5 });
  });

  test('all 0 answer 503', () => {
    sandbox.addRule(listener, 1, blue, weighted(0, 0));
    sandbox.registerHealthy(blue, '127.1.0.1');

    expect(spread(20)).toEqual({ noTarget: 20 });
  });

  test('0 for the only group answers 503', () => {
    const TargetGroups = [{ TargetGroupArn: blue, Weight: 0 }];
    const actions: Action[] = [{ Type: 'forward', ForwardConfig: { TargetGroups } }];
    sandbox.addRule(listener, 1, blue, { actions });
    sandbox.registerHealthy(blue, '127.1.0.1');

    expect(spread(20)).toEqual({ noTarget: 20 });
  });

  test('there is no failover from an empty group to the other one', () => {
    sandbox.addRule(listener, 1, blue, weighted(1, 1));
    sandbox.registerHealthy(blue, '127.1.0.1');

    const { noTarget = 0 } = spread(400);

    expect(noTarget).toBeGreaterThan(100);
  });
});

describe('answers without a target', () => {
  const answer = (action: Action) => sandbox.addRule(listener, 1, blue, { actions: [action] });

  test('a fixed response', () => {
    const ruleArn = answer({
      Type: 'fixed-response',
      FixedResponseConfig: {
        StatusCode: '503',
        ContentType: 'application/json',
        MessageBody: '{"closed":true}',
      },
    });

    expect(sandbox.route(listener, 0)).toEqual({
      kind: 'fixed',
      ruleArn,
      statusCode: 503,
      contentType: 'application/json',
      body: '{"closed":true}',
    });
  });

  test.each([
    [{ Protocol: 'HTTPS', Port: '443' }, 'https://shop.example.com:443/a/b?x=1'],
    [{ Host: 'new.example.com' }, 'http://new.example.com:80/a/b?x=1'],
    [
      { Host: 'www.#{host}', Path: '/v2/#{path}', Query: '' },
      'http://www.shop.example.com:80/v2/a/b',
    ],
    [
      { Path: '/login', Query: 'from=#{path}&#{query}' },
      'http://shop.example.com:80/login?from=a/b&x=1',
    ],
  ])('a redirect by %j', (config, location) => {
    answer({ Type: 'redirect', RedirectConfig: { ...config, StatusCode: 'HTTP_301' } });

    const request = { host: 'shop.example.com:8080', path: '/a/b', query: 'x=1' };
    expect(sandbox.route(listener, 1, request)).toMatchObject({
      kind: 'redirect',
      statusCode: 301,
      location,
    });
  });
});

test('a listener or node that does not exist routes nothing', () => {
  expect(() => sandbox.route('arn:none', 0)).toThrow('No node 0 of a listener arn:none.');
  expect(() => sandbox.route(listener, 2)).toThrow('No node 2');
});
