/** Goal: targets come, drain and go as AWS documents it, and nothing new reaches one that drains. */
import { beforeEach, expect, test } from '@jest/globals';
import { deleteRule } from '../../../sandbox/world/elb/operations/delete-rule.ts';
import { deregisterTargets } from '../../../sandbox/world/elb/operations/deregister-targets.ts';
import { describeTargetHealth } from '../../../sandbox/world/elb/operations/describe-target-health.ts';
import { modifyTargetGroupAttributes } from '../../../sandbox/world/elb/operations/modify-target-group-attributes.ts';
import { registerTargets } from '../../../sandbox/world/elb/operations/register-targets.ts';
import { createTargetGroup } from '../../../sandbox/world/elb/target-groups.ts';
import {
  deregisterTarget,
  describeTarget,
  registerTarget,
  targetGroupOf,
} from '../../../sandbox/world/elb/targets.ts';
import { targetsToProbe } from '../../../sandbox/world/elb/health.ts';
import { ElbWorld } from '../../support/elb-world.ts';

const UNKNOWN_GROUP = 'arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/no/0';
const FIRST = '127.1.0.1';
const SECOND = '127.1.0.2';

let sandbox: ElbWorld;
let group: string;
let listener: string;
let rule: string;

beforeEach(() => {
  sandbox = new ElbWorld();
  group = sandbox.addTargetGroup('blue');
  listener = sandbox.addListener(sandbox.addLoadBalancer());
  rule = sandbox.addRule(listener, 10, group);
  sandbox.pass(10);
});

function deregister(...addresses: string[]): void {
  const Targets = addresses.map((Id) => ({ Id }));
  sandbox.do(deregisterTargets, { TargetGroupArn: group, Targets });
}

function states(Targets?: { Id: string; Port?: number }[]): string[] {
  const input = { TargetGroupArn: group, Targets };
  const { TargetHealthDescriptions } = sandbox.do(describeTargetHealth, input);
  return (TargetHealthDescriptions ?? []).map(
    ({ Target, TargetHealth }) =>
      `${Target?.Id}:${Target?.Port} ${TargetHealth?.State} ${TargetHealth?.Reason}`,
  );
}

test('DescribeTargetHealth lists what is registered, with the port that is checked', () => {
  sandbox.do(registerTargets, { TargetGroupArn: group, Targets: [{ Id: FIRST }] });

  const answer = sandbox.do(describeTargetHealth, { TargetGroupArn: group });

  expect(answer.TargetHealthDescriptions).toEqual([
    {
      Target: { Id: FIRST, Port: 8080 },
      HealthCheckPort: '8080',
      TargetHealth: {
        State: 'initial',
        Reason: 'Elb.RegistrationInProgress',
        Description: 'Target registration is in progress',
      },
    },
  ]);
});

test('a healthy target has neither reason nor description', () => {
  sandbox.registerHealthy(group, FIRST);

  const { TargetHealthDescriptions } = sandbox.do(describeTargetHealth, { TargetGroupArn: group });

  expect(TargetHealthDescriptions?.[0]?.TargetHealth).toEqual({
    State: 'healthy',
    Reason: undefined,
    Description: undefined,
  });
});

test('an unknown target that is asked for is unused, not an error', () => {
  expect(states([{ Id: SECOND, Port: 9999 }])).toEqual([
    '127.1.0.2:9999 unused Target.NotRegistered',
  ]);
});

test('a group that no rule uses has unused targets', () => {
  sandbox.registerHealthy(group, FIRST);

  sandbox.do(deleteRule, { RuleArn: rule });

  expect(states()).toEqual(['127.1.0.1:8080 unused Target.NotInUse']);
  expect(sandbox.events).toContainEqual({
    type: 'target.healthChanged',
    targetGroupArn: group,
    address: FIRST,
    port: 8080,
    state: 'unused',
  });
});

test('a group that comes back into use has its targets checked as if they were new', () => {
  sandbox.registerHealthy(group, FIRST);
  sandbox.do(deleteRule, { RuleArn: rule });

  sandbox.addRule(listener, 20, group);

  expect(states()).toEqual(['127.1.0.1:8080 initial Elb.RegistrationInProgress']);
});

test('a deregistered target drains for the whole delay and is then gone', () => {
  sandbox.registerHealthy(group, FIRST);

  deregister(FIRST);

  expect(sandbox.health(group, FIRST)).toEqual({
    state: 'draining',
    reason: 'Target.DeregistrationInProgress',
    description: 'Target deregistration is in progress',
  });
  sandbox.pass(299.9);
  expect(states()).toEqual(['127.1.0.1:8080 draining Target.DeregistrationInProgress']);
  sandbox.pass(0.2);
  expect(states()).toEqual([]);
  expect(sandbox.health(group, FIRST).reason).toBe('Target.NotRegistered');
});

test('the world is told when a target comes, drains and goes', () => {
  sandbox.events.length = 0;

  sandbox.register(group, FIRST);
  deregister(FIRST);
  sandbox.pass(300);

  const target = { targetGroupArn: group, address: FIRST, port: 8080 };
  expect(sandbox.events).toEqual([
    { type: 'target.registered', ...target },
    { type: 'target.deregistering', ...target },
    { type: 'target.removed', ...target },
  ]);
});

test('the deregistration delay is the one set before the deregistration', () => {
  const delay = (Value: string) =>
    sandbox.do(modifyTargetGroupAttributes, {
      TargetGroupArn: group,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value }],
    });
  sandbox.registerHealthy(group, FIRST);
  delay('20');

  deregister(FIRST);
  delay('0');

  sandbox.pass(19.9);
  expect(sandbox.health(group, FIRST).state).toBe('draining');
  sandbox.pass(0.2);
  expect(sandbox.health(group, FIRST).state).toBe('unused');
});

test('deregistering twice does not drain for longer', () => {
  sandbox.registerHealthy(group, FIRST);

  deregister(FIRST);
  sandbox.pass(200);
  deregister(FIRST);
  sandbox.pass(100);

  expect(sandbox.health(group, FIRST).state).toBe('unused');
  const told = sandbox.events.filter((event) => event.type === 'target.deregistering');
  expect(told).toHaveLength(1);
});

test('deregistering an unknown target is no error', () => {
  deregister(SECOND);

  expect(states()).toEqual([]);
});

test('a target of a group that no rule uses is gone at once', () => {
  const unused = sandbox.addTargetGroup('unused');
  sandbox.register(unused, FIRST);

  deregisterTarget(sandbox.world, sandbox.region, unused, { address: FIRST, port: 8080 });
  sandbox.pass(0);

  expect(sandbox.health(unused, FIRST).reason).toBe('Target.NotRegistered');
});

test('a draining target that is registered again is new, and stays', () => {
  sandbox.registerHealthy(group, FIRST);
  deregister(FIRST);
  sandbox.pass(100);

  sandbox.register(group, FIRST);

  expect(sandbox.health(group, FIRST).state).toBe('initial');
  sandbox.pass(1000);
  expect(sandbox.health(group, FIRST).state).toBe('initial');
});

test('a target that is registered twice keeps its health and belongs to the later task', () => {
  sandbox.registerHealthy(group, FIRST);
  const again = { address: FIRST, port: 8080, taskArn: 'later', taskSetId: 'ecs-svc/2' };

  registerTarget(sandbox.world, sandbox.region, group, again);

  expect(sandbox.health(group, FIRST).state).toBe('healthy');
  expect(sandbox.route(listener, 0)).toMatchObject({ target: again });
});

test('a draining target gets nothing new and is not checked', () => {
  sandbox.registerHealthy(group, FIRST);
  sandbox.registerHealthy(group, SECOND);
  const before = [sandbox.addressFor(listener, 0), sandbox.addressFor(listener, 0)];
  expect(before.sort()).toEqual([FIRST, SECOND]);

  deregister(FIRST);

  const addresses = Array.from({ length: 6 }, (_, index) =>
    sandbox.addressFor(listener, index % 2),
  );
  expect(new Set(addresses)).toEqual(new Set([SECOND]));
  const checked = [...targetsToProbe(sandbox.world, sandbox.region)];
  expect(checked.map((probe) => probe.address)).toEqual([SECOND]);
});

test('a group whose only target drains answers 503', () => {
  sandbox.registerHealthy(group, FIRST);

  deregister(FIRST);

  expect(sandbox.route(listener, 0)).toEqual({
    kind: 'noTarget',
    ruleArn: rule,
    targetGroupArn: group,
  });
});

test.each([
  ['an address that is none', [{ Id: 'i-0123' }], 'InvalidTarget'],
  ['an impossible port', [{ Id: FIRST, Port: 0 }], 'ValidationError'],
  ['an Availability Zone', [{ Id: FIRST, AvailabilityZone: 'us-east-1a' }], 'ValidationError'],
  ['no target', [], 'ValidationError'],
])('RegisterTargets refuses %s and registers none', (_, bad, code) => {
  const Targets = bad.length > 0 ? [{ Id: SECOND }, ...bad] : [];

  expect(sandbox.refusal(registerTargets, { TargetGroupArn: group, Targets })).toMatchObject({
    code,
  });
  expect(states()).toEqual([]);
});

test('there are no instances to register', () => {
  const spec = { name: 'instances', port: 80, targetType: 'instance' as const };
  const { targetGroupArn } = createTargetGroup(sandbox.world, sandbox.region, spec);

  const input = { TargetGroupArn: targetGroupArn, Targets: [{ Id: 'i-0123' }] };
  expect(sandbox.refusal(registerTargets, input)).toMatchObject({
    code: 'InvalidTarget',
    message: "Instance ID 'i-0123' is not valid",
  });
});

test.each([
  ['RegisterTargets', registerTargets],
  ['DeregisterTargets', deregisterTargets],
  ['DescribeTargetHealth', describeTargetHealth],
])('%s knows no group that is not there', (_, operation) => {
  const input = { TargetGroupArn: UNKNOWN_GROUP, Targets: [{ Id: FIRST }] };

  expect(sandbox.refusal(operation, input)).toEqual({
    code: 'TargetGroupNotFound',
    message: 'One or more target groups not found',
    httpStatus: 400,
  });
});

test('ECS may ask about a group that is gone', () => {
  const { world, region } = sandbox;
  const target = { address: FIRST, port: 8080, taskArn: '', taskSetId: '' };

  registerTarget(world, region, UNKNOWN_GROUP, target);
  deregisterTarget(world, region, UNKNOWN_GROUP, target);

  expect(describeTarget(world, region, UNKNOWN_GROUP, target).state).toBe('unused');
  expect(targetGroupOf(region, UNKNOWN_GROUP)).toBeUndefined();
});

test('ECS learns which load balancers use a group', () => {
  const loadBalancerArns = [...sandbox.region.elb.loadBalancers.keys()];

  expect(targetGroupOf(sandbox.region, group)).toEqual({
    targetGroupArn: group,
    loadBalancerArns,
    targetType: 'ip',
    port: 8080,
  });
  expect(targetGroupOf(sandbox.region, sandbox.addTargetGroup('unused'))).toMatchObject({
    loadBalancerArns: [],
  });
});
