/** Goal: load balancers, listeners, target groups and tags behave as the API documents it. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { ELB_OPERATIONS } from '../../../sandbox/world/elb/index.ts';
import { addTags } from '../../../sandbox/world/elb/operations/add-tags.ts';
import { createListener } from '../../../sandbox/world/elb/operations/create-listener.ts';
import { createLoadBalancer } from '../../../sandbox/world/elb/operations/create-load-balancer.ts';
import { createTargetGroup } from '../../../sandbox/world/elb/operations/create-target-group.ts';
import { deleteListener } from '../../../sandbox/world/elb/operations/delete-listener.ts';
import { deleteLoadBalancer } from '../../../sandbox/world/elb/operations/delete-load-balancer.ts';
import { deleteTargetGroup } from '../../../sandbox/world/elb/operations/delete-target-group.ts';
import { describeListeners } from '../../../sandbox/world/elb/operations/describe-listeners.ts';
import { describeLoadBalancers } from '../../../sandbox/world/elb/operations/describe-load-balancers.ts';
import { describeTags } from '../../../sandbox/world/elb/operations/describe-tags.ts';
import { describeTargetGroupAttributes } from '../../../sandbox/world/elb/operations/describe-target-group-attributes.ts';
import { describeTargetGroups } from '../../../sandbox/world/elb/operations/describe-target-groups.ts';
import { modifyListener } from '../../../sandbox/world/elb/operations/modify-listener.ts';
import { modifyTargetGroup } from '../../../sandbox/world/elb/operations/modify-target-group.ts';
import { modifyTargetGroupAttributes } from '../../../sandbox/world/elb/operations/modify-target-group-attributes.ts';
import { removeTags } from '../../../sandbox/world/elb/operations/remove-tags.ts';
import { createLoadBalancer as addLoadBalancer } from '../../../sandbox/world/elb/load-balancers.ts';
import { createTargetGroup as addTargetGroup } from '../../../sandbox/world/elb/target-groups.ts';
import { ElbWorld } from '../../support/elb-world.ts';

const PREFIX = 'arn:aws:elasticloadbalancing:us-east-1:111111111111';
const SUBNETS = ['subnet-a', 'subnet-b'];

let sandbox: ElbWorld;

beforeEach(() => {
  sandbox = new ElbWorld();
});

test('the table names each operation once', () => {
  const names = ELB_OPERATIONS.map((operation) => operation.name);

  expect(names).toContain('SetRulePriorities');
  expect(new Set(names).size).toBe(names.length);
});

describe('load balancers', () => {
  test('are created active, for the internet, with a DNS name', () => {
    const { LoadBalancers } = sandbox.do(createLoadBalancer, { Name: 'web', Subnets: SUBNETS });

    expect(LoadBalancers).toEqual([
      {
        LoadBalancerArn: expect.stringMatching(
          new RegExp(`^${PREFIX}:loadbalancer/app/web/[0-9a-f]{16}$`),
        ),
        DNSName: expect.stringMatching(/^web-\d{10}\.us-east-1\.elb\.amazonaws\.com$/),
        CreatedTime: sandbox.world.now(),
        LoadBalancerName: 'web',
        Scheme: 'internet-facing',
        VpcId: expect.stringMatching(/^vpc-/),
        State: { Code: 'active' },
        Type: 'application',
        AvailabilityZones: [
          { ZoneName: 'us-east-1a', SubnetId: 'subnet-a', LoadBalancerAddresses: [] },
          { ZoneName: 'us-east-1b', SubnetId: 'subnet-b', LoadBalancerAddresses: [] },
        ],
        SecurityGroups: [],
        IpAddressType: 'ipv4',
      },
    ]);
  });

  test('are the same when created again alike, and refused when not', () => {
    const input = { Name: 'web', Subnets: SUBNETS };
    const first = sandbox.do(createLoadBalancer, input);

    expect(sandbox.do(createLoadBalancer, input)).toEqual(first);
    expect(sandbox.refusal(createLoadBalancer, { ...input, Scheme: 'internal' })).toMatchObject({
      code: 'DuplicateLoadBalancerName',
      message: "A load balancer with the same name 'web' exists, but with different settings",
    });
  });

  test.each([
    ['a network load balancer', { Type: 'network' as const }, /Type=network is not implemented/],
    ['IPv6', { IpAddressType: 'dualstack' as const }, /IpAddressType=dualstack is not/],
    ['one subnet', { Subnets: ['subnet-a'] }, /At least two subnets/],
    ['a name with a dot', { Name: 'a.b' }, /can only contain characters/],
    ['a long name', { Name: 'a'.repeat(33) }, /cannot be longer than '32' characters/],
    ['a name with a hyphen at the end', { Name: 'a-' }, /cannot begin or end with a hyphen/],
    ['no name', { Name: undefined }, /Name must be specified/],
  ])('%s is refused', (_, changes, message) => {
    const refusal = sandbox.refusal(createLoadBalancer, {
      Name: 'web',
      Subnets: SUBNETS,
      ...changes,
    });

    expect(refusal.code).toBe('ValidationError');
    expect(refusal.message).toMatch(message);
  });

  test('are found by ARN, by name, and page by page', () => {
    const arns = ['one', 'two', 'three'].map((name) => sandbox.addLoadBalancer(name));
    const found = (input: object) => {
      const answer = sandbox.do(describeLoadBalancers, input);
      return { arns: answer.LoadBalancers?.map((one) => one.LoadBalancerArn), ...answer };
    };

    expect(found({ LoadBalancerArns: [arns[1]] }).arns).toEqual([arns[1]]);
    expect(found({ Names: ['three', 'one'] }).arns).toEqual([arns[0], arns[2]]);
    const page = found({ PageSize: 2 });
    expect(page.arns).toEqual([arns[0], arns[1]]);
    expect(found({ PageSize: 2, Marker: page.NextMarker }).arns).toEqual([arns[2]]);
    expect(found({ PageSize: 3 }).NextMarker).toBeUndefined();
  });

  test('that are missing are named', () => {
    expect(sandbox.refusal(describeLoadBalancers, { Names: ['web'] })).toMatchObject({
      code: 'LoadBalancerNotFound',
      message: "Load balancers '[web]' not found",
    });
  });

  test('are deleted with their listeners, and may be deleted again', () => {
    const arn = sandbox.addLoadBalancer();
    const group = sandbox.addTargetGroup('blue');
    const listener = sandbox.addListener(arn);
    sandbox.addRule(listener, 1, group);

    sandbox.do(deleteLoadBalancer, { LoadBalancerArn: arn });
    sandbox.do(deleteLoadBalancer, { LoadBalancerArn: arn });

    const { loadBalancers, listeners, rules } = sandbox.region.elb;
    expect([loadBalancers.size, listeners.size, rules.size]).toEqual([0, 0, 0]);
    expect(sandbox.events).toContainEqual({ type: 'listener.deleted', listenerArn: listener });
    sandbox.do(deleteTargetGroup, { TargetGroupArn: group });
  });

  test('may be given their ARN by whoever builds the world', () => {
    const arn = `${PREFIX}:loadbalancer/app/web/50dc6c495c0c9188`;
    addLoadBalancer(sandbox.world, sandbox.region, { name: 'web', arn });

    const listener = sandbox.addListener(arn);

    expect(listener).toMatch(new RegExp(`^${PREFIX}:listener/app/web/50dc6c495c0c9188/`));
  });
});

describe('listeners', () => {
  let loadBalancer: string;
  let group: string;
  const input = (changes: object = {}) => ({
    LoadBalancerArn: loadBalancer,
    Protocol: 'HTTP' as const,
    Port: 80,
    DefaultActions: [{ Type: 'forward' as const, TargetGroupArn: group }],
    ...changes,
  });

  beforeEach(() => {
    loadBalancer = sandbox.addLoadBalancer();
    group = sandbox.addTargetGroup('blue');
  });

  test('are created with a default rule, and the world is told', () => {
    const { Listeners } = sandbox.do(createListener, input());

    expect(Listeners).toMatchObject([
      {
        ListenerArn: expect.stringMatching(new RegExp(`^${PREFIX}:listener/app/web/[0-9a-f]{16}/`)),
        LoadBalancerArn: loadBalancer,
        Port: 80,
        Protocol: 'HTTP',
        DefaultActions: [{ Type: 'forward', TargetGroupArn: group, Order: 1 }],
      },
    ]);
    expect(sandbox.events.at(-1)).toEqual({
      type: 'listener.created',
      listenerArn: Listeners?.[0]?.ListenerArn,
      port: 80,
    });
    expect(sandbox.region.elb.rules.size).toBe(1);
  });

  test('are the same when created again alike, and refused when not', () => {
    const first = sandbox.do(createListener, input());
    const other = [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }];

    expect(sandbox.do(createListener, input())).toEqual(first);
    expect(sandbox.refusal(createListener, input({ DefaultActions: other }))).toMatchObject({
      code: 'DuplicateListener',
      message: `A listener already exists on this port for this load balancer '${loadBalancer}'`,
    });
  });

  test.each([
    ['HTTPS', { Protocol: 'HTTPS' }, 'ValidationError'],
    ['port 0', { Port: 0 }, 'ValidationError'],
    ['no port', { Port: undefined }, 'ValidationError'],
    ['no action', { DefaultActions: [] }, 'ValidationError'],
    ['an unknown load balancer', { LoadBalancerArn: 'arn' }, 'LoadBalancerNotFound'],
    [
      'an unknown target group',
      { DefaultActions: [{ Type: 'forward', TargetGroupArn: 'arn' }] },
      'TargetGroupNotFound',
    ],
  ])('with %s are refused', (_, changes, code) => {
    expect(sandbox.refusal(createListener, input(changes)).code).toBe(code);
    expect(sandbox.region.elb.listeners.size).toBe(0);
  });

  test('are found by load balancer or by ARN', () => {
    const arns = [80, 81].map((port) => sandbox.addListener(loadBalancer, port));
    const found = (query: object) =>
      sandbox.do(describeListeners, query).Listeners?.map((one) => one.ListenerArn);

    expect(found({ LoadBalancerArn: loadBalancer })).toEqual(arns);
    expect(found({ ListenerArns: [arns[1]] })).toEqual([arns[1]]);
    const neither = sandbox.refusal(describeListeners, {});
    expect(neither.code).toBe('ValidationError');
    const unknown = sandbox.refusal(describeListeners, { ListenerArns: ['arn'] });
    expect(unknown).toMatchObject({
      code: 'ListenerNotFound',
      message: 'One or more listeners not found',
    });
  });

  test('take another default action', () => {
    const listener = sandbox.addListener(loadBalancer);

    const { Listeners } = sandbox.do(modifyListener, {
      ListenerArn: listener,
      DefaultActions: [{ Type: 'forward', TargetGroupArn: group }],
    });

    expect(Listeners).toMatchObject([{ DefaultActions: [{ TargetGroupArn: group }] }]);
    expect(sandbox.refusal(deleteTargetGroup, { TargetGroupArn: group }).code).toBe(
      'ResourceInUse',
    );
  });

  test('are deleted with their rules', () => {
    const listener = sandbox.addListener(loadBalancer);
    sandbox.addRule(listener, 1, group);

    sandbox.do(deleteListener, { ListenerArn: listener });

    expect(sandbox.region.elb.rules.size).toBe(0);
    expect(sandbox.refusal(deleteListener, { ListenerArn: listener }).code).toBe(
      'ListenerNotFound',
    );
  });
});

describe('target groups', () => {
  const input = (changes: object = {}) => ({
    Name: 'blue',
    Protocol: 'HTTP' as const,
    Port: 8080,
    VpcId: 'vpc-1',
    TargetType: 'ip' as const,
    ...changes,
  });
  const create = (changes: object = {}): string =>
    sandbox.do(createTargetGroup, input(changes)).TargetGroups?.[0]?.TargetGroupArn ?? '';

  test('are created with the defaults that AWS documents', () => {
    const { TargetGroups } = sandbox.do(createTargetGroup, input());

    expect(TargetGroups).toEqual([
      {
        TargetGroupArn: expect.stringMatching(
          new RegExp(`^${PREFIX}:targetgroup/blue/[0-9a-f]{16}$`),
        ),
        TargetGroupName: 'blue',
        Protocol: 'HTTP',
        ProtocolVersion: 'HTTP1',
        Port: 8080,
        VpcId: 'vpc-1',
        HealthCheckProtocol: 'HTTP',
        HealthCheckPort: 'traffic-port',
        HealthCheckEnabled: true,
        HealthCheckIntervalSeconds: 30,
        HealthCheckTimeoutSeconds: 5,
        HealthyThresholdCount: 5,
        UnhealthyThresholdCount: 2,
        HealthCheckPath: '/',
        Matcher: { HttpCode: '200' },
        LoadBalancerArns: [],
        TargetType: 'ip',
        IpAddressType: 'ipv4',
      },
    ]);
  });

  test('are the same when created again alike, and refused when not', () => {
    const first = sandbox.do(createTargetGroup, input());

    expect(sandbox.do(createTargetGroup, input())).toEqual(first);
    expect(sandbox.refusal(createTargetGroup, input({ Port: 81 }))).toMatchObject({
      code: 'DuplicateTargetGroupName',
      message: "A target group with the same name 'blue' exists, but with different settings",
    });
  });

  test.each([
    ['HTTPS', { Protocol: 'HTTPS' }],
    ['gRPC', { ProtocolVersion: 'GRPC' }],
    ['functions as targets', { TargetType: 'lambda' }],
    ['IPv6', { IpAddressType: 'ipv6' }],
    ['no VPC', { VpcId: undefined }],
    ['no port', { Port: undefined }],
    ['checks by HTTPS', { HealthCheckProtocol: 'HTTPS' }],
    ['no checks', { HealthCheckEnabled: false }],
    ['an interval of 4 s', { HealthCheckIntervalSeconds: 4, HealthCheckTimeoutSeconds: 2 }],
    ['an interval of 301 s', { HealthCheckIntervalSeconds: 301 }],
    ['a timeout of 1 s', { HealthCheckTimeoutSeconds: 1 }],
    ['a timeout as long as the interval', { HealthCheckTimeoutSeconds: 30 }],
    ['a threshold of 1', { HealthyThresholdCount: 1 }],
    ['a threshold of 11', { UnhealthyThresholdCount: 11 }],
    ['a path without a slash', { HealthCheckPath: 'health' }],
    ['a port that is none', { HealthCheckPort: 'http' }],
    ['a matcher of 500', { Matcher: { HttpCode: '500' } }],
    ['a matcher that runs backwards', { Matcher: { HttpCode: '299-200' } }],
    ['a matcher for gRPC', { Matcher: { GrpcCode: '0' } }],
  ])('with %s are refused', (_, changes) => {
    expect(sandbox.refusal(createTargetGroup, input(changes)).code).toBe('ValidationError');
    expect(sandbox.region.elb.targetGroups.size).toBe(0);
  });

  test('are found by ARN, by name and by load balancer', () => {
    const [blue, green] = [create(), create({ Name: 'green' })];
    const loadBalancer = sandbox.addLoadBalancer();
    sandbox.addRule(sandbox.addListener(loadBalancer), 1, green ?? '');
    const found = (query: object) =>
      sandbox.do(describeTargetGroups, query).TargetGroups?.map((one) => one.TargetGroupArn);

    expect(found({})).toEqual([blue, green]);
    expect(found({ TargetGroupArns: [green] })).toEqual([green]);
    expect(found({ Names: ['blue'] })).toEqual([blue]);
    expect(found({ LoadBalancerArn: loadBalancer })).toEqual([green]);
    const { TargetGroups } = sandbox.do(describeTargetGroups, { Names: ['green'] });
    expect(TargetGroups?.[0]?.LoadBalancerArns).toEqual([loadBalancer]);
  });

  test.each([
    ['an unknown ARN', { TargetGroupArns: ['arn'] }, 'TargetGroupNotFound'],
    ['an unknown name', { Names: ['no'] }, 'TargetGroupNotFound'],
    ['an unknown load balancer', { LoadBalancerArn: 'arn' }, 'LoadBalancerNotFound'],
    ['names and ARNs', { Names: ['a'], TargetGroupArns: ['b'] }, 'ValidationError'],
  ])('asked for by %s are refused', (_, query, code) => {
    expect(sandbox.refusal(describeTargetGroups, query).code).toBe(code);
  });

  test('take other health checks and keep the settings that are not given', () => {
    const arn = create({ HealthCheckPath: '/up', UnhealthyThresholdCount: 3 });

    const { TargetGroups } = sandbox.do(modifyTargetGroup, {
      TargetGroupArn: arn,
      HealthCheckIntervalSeconds: 10,
    });

    expect(TargetGroups).toMatchObject([
      { HealthCheckPath: '/up', UnhealthyThresholdCount: 3, HealthCheckIntervalSeconds: 10 },
    ]);
  });

  test('are not deleted while a rule names them, even one with weight 0', () => {
    const [blue, green] = [create(), create({ Name: 'green' })];
    const TargetGroups = [
      { TargetGroupArn: blue, Weight: 1 },
      { TargetGroupArn: green, Weight: 0 },
    ];
    const actions = [{ Type: 'forward' as const, ForwardConfig: { TargetGroups } }];
    sandbox.addRule(sandbox.addListener(sandbox.addLoadBalancer()), 1, blue, { actions });

    expect(sandbox.refusal(deleteTargetGroup, { TargetGroupArn: green })).toEqual({
      code: 'ResourceInUse',
      message: `Target group '${green}' is currently in use by a listener or a rule`,
      httpStatus: 400,
    });
  });

  test('are deleted with their targets, and may be deleted again', () => {
    const arn = create();
    sandbox.register(arn, '127.1.0.1');

    sandbox.do(deleteTargetGroup, { TargetGroupArn: arn });
    sandbox.do(deleteTargetGroup, { TargetGroupArn: arn });

    expect(sandbox.region.elb.targetGroups.size).toBe(0);
    expect(sandbox.events.at(-1)).toMatchObject({ type: 'target.removed', address: '127.1.0.1' });
  });

  test('may be given their ARN by whoever builds the world', () => {
    const arn = `${PREFIX}:targetgroup/blue/73e2d6bc24d8a067`;

    const spec = { name: 'blue', port: 80, targetType: 'ip' as const, arn };
    addTargetGroup(sandbox.world, sandbox.region, spec);

    const { TargetGroups } = sandbox.do(describeTargetGroups, { TargetGroupArns: [arn] });
    expect(TargetGroups).toMatchObject([{ TargetGroupName: 'blue' }]);
  });

  describe('attributes', () => {
    const set = (Key: string, Value: string) => ({
      TargetGroupArn: [...sandbox.region.elb.targetGroups.keys()][0],
      Attributes: [{ Key, Value }],
    });
    const value = (Key: string) =>
      sandbox
        .do(describeTargetGroupAttributes, {
          TargetGroupArn: [...sandbox.region.elb.targetGroups.keys()][0],
        })
        .Attributes?.find((attribute) => attribute.Key === Key)?.Value;

    beforeEach(() => {
      create();
    });

    test('have the defaults that AWS documents, as text', () => {
      expect(value('deregistration_delay.timeout_seconds')).toBe('300');
      expect(value('stickiness.enabled')).toBe('false');
      expect(value('slow_start.duration_seconds')).toBe('0');
      expect(value('load_balancing.algorithm.type')).toBe('round_robin');
    });

    test('take another deregistration delay', () => {
      sandbox.do(modifyTargetGroupAttributes, set('deregistration_delay.timeout_seconds', '5'));

      expect(value('deregistration_delay.timeout_seconds')).toBe('5');
    });

    test('take the value that they have', () => {
      sandbox.do(modifyTargetGroupAttributes, set('slow_start.duration_seconds', '0'));

      expect(value('slow_start.duration_seconds')).toBe('0');
    });

    test.each([
      ['stickiness.enabled', 'true', /stickiness.enabled=true is not implemented/],
      ['slow_start.duration_seconds', '30', /slow_start.duration_seconds=30 is not implemented/],
      ['load_balancing.algorithm.type', 'least_outstanding_requests', /is not implemented/],
      ['deregistration_delay.timeout_seconds', '3601', /must be between '0' and '3600'/],
      ['deregistration_delay.timeout_seconds', 'soon', /must be between '0' and '3600'/],
      ['colour', 'blue', /^Target group attribute key 'colour' is not recognized$/],
    ])('refuse %s = %s, and then change nothing', (key, text, message) => {
      const input = set('deregistration_delay.timeout_seconds', '7');
      input.Attributes.push({ Key: key, Value: text });

      const refusal = sandbox.refusal(modifyTargetGroupAttributes, input);

      expect(refusal.code).toBe('ValidationError');
      expect(refusal.message).toMatch(message);
      expect(value('deregistration_delay.timeout_seconds')).toBe('300');
    });
  });
});

describe('tags', () => {
  test('are added, overwritten, read and removed on every kind of resource', () => {
    const loadBalancer = sandbox.addLoadBalancer();
    const listener = sandbox.addListener(loadBalancer);
    const group = sandbox.addTargetGroup('blue');
    const rule = sandbox.addRule(listener, 1, group);
    const ResourceArns = [loadBalancer, listener, group, rule];

    sandbox.do(addTags, {
      ResourceArns,
      Tags: [
        { Key: 'env', Value: 'dev' },
        { Key: 'team', Value: 'a' },
      ],
    });
    sandbox.do(addTags, { ResourceArns, Tags: [{ Key: 'env', Value: 'prod' }] });
    sandbox.do(removeTags, { ResourceArns, TagKeys: ['team', 'none'] });

    const { TagDescriptions } = sandbox.do(describeTags, { ResourceArns });
    expect(TagDescriptions).toEqual(
      ResourceArns.map((ResourceArn) => ({ ResourceArn, Tags: [{ Key: 'env', Value: 'prod' }] })),
    );
  });

  test('may be given at creation', () => {
    const Tags = [{ Key: 'env', Value: 'dev' }];
    const { LoadBalancers } = sandbox.do(createLoadBalancer, {
      Name: 'web',
      Subnets: SUBNETS,
      Tags,
    });

    const ResourceArns = [LoadBalancers?.[0]?.LoadBalancerArn ?? ''];
    const { TagDescriptions } = sandbox.do(describeTags, { ResourceArns });
    expect(TagDescriptions?.[0]?.Tags).toEqual(Tags);
  });

  test.each([
    [
      'a key given twice',
      [
        { Key: 'a', Value: '1' },
        { Key: 'a', Value: '2' },
      ],
      'DuplicateTagKeys',
    ],
    ['51 tags', Array.from({ length: 51 }, (_, n) => ({ Key: `k${n}`, Value: '' })), 'TooManyTags'],
    ['no key', [{ Key: undefined, Value: '' }], 'ValidationError'],
  ])('with %s are refused', (_, Tags, code) => {
    const ResourceArns = [sandbox.addLoadBalancer()];

    expect(sandbox.refusal(addTags, { ResourceArns, Tags }).code).toBe(code);
    expect(sandbox.do(describeTags, { ResourceArns }).TagDescriptions?.[0]?.Tags).toEqual([]);
  });

  test.each([
    [`${PREFIX}:loadbalancer/app/no/0`, 'LoadBalancerNotFound'],
    [`${PREFIX}:listener/app/no/0/0`, 'ListenerNotFound'],
    [`${PREFIX}:listener-rule/app/no/0/0/0`, 'RuleNotFound'],
    [`${PREFIX}:targetgroup/no/0`, 'TargetGroupNotFound'],
    ['nonsense', 'ValidationError'],
  ])('of %s are refused with %s', (arn, code) => {
    expect(sandbox.refusal(describeTags, { ResourceArns: [arn] }).code).toBe(code);
  });
});
