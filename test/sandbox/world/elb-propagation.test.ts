/**
 * Goal: a rule change is visible in the API at once, and reaches each node after a delay of its own.
 * Method: swap two colours and ask both nodes while the clock moves.
 */
import { beforeEach, expect, test } from '@jest/globals';
import { deleteListener } from '../../../sandbox/world/elb/operations/delete-listener.ts';
import { deleteRule } from '../../../sandbox/world/elb/operations/delete-rule.ts';
import { describeRules } from '../../../sandbox/world/elb/operations/describe-rules.ts';
import { modifyListener } from '../../../sandbox/world/elb/operations/modify-listener.ts';
import { modifyRule } from '../../../sandbox/world/elb/operations/modify-rule.ts';
import { setRulePriorities } from '../../../sandbox/world/elb/operations/set-rule-priorities.ts';
import { ElbWorld } from '../../support/elb-world.ts';

const BLUE = '127.1.0.1';
const GREEN = '127.2.0.1';
const SETTLED_SECONDS = 10;

let sandbox: ElbWorld;
let listener: string;
let blueGroup: string;
let greenGroup: string;
let blueRule: string;
let greenRule: string;

beforeEach(() => {
  sandbox = new ElbWorld({ propagationSeconds: { min: 1, max: SETTLED_SECONDS } });
  listener = sandbox.addListener(sandbox.addLoadBalancer());
  blueGroup = sandbox.addTargetGroup('blue');
  greenGroup = sandbox.addTargetGroup('green');
  blueRule = sandbox.addRule(listener, 10, blueGroup);
  greenRule = sandbox.addRule(listener, 20, greenGroup);
  sandbox.registerHealthy(blueGroup, BLUE);
  sandbox.registerHealthy(greenGroup, GREEN);
  sandbox.pass(SETTLED_SECONDS);
  sandbox.events.length = 0;
});

function swap(blue: number, green: number): void {
  sandbox.do(setRulePriorities, {
    RulePriorities: [
      { RuleArn: blueRule, Priority: blue },
      { RuleArn: greenRule, Priority: green },
    ],
  });
}

function nodes(): string[] {
  return [sandbox.addressFor(listener, 0), sandbox.addressFor(listener, 1)];
}

/** What both nodes answered, at each change, until the delay is over for sure. */
function history(): string[] {
  const seen = [nodes().join()];
  for (let tenths = 0; tenths <= SETTLED_SECONDS * 10; tenths++) {
    const now = nodes().join();
    if (now !== seen.at(-1)) seen.push(now);
    sandbox.pass(0.1);
  }
  return seen;
}

test('both nodes have the rules of a new listener at once', () => {
  const other = sandbox.addListener(sandbox.addLoadBalancer('other'));

  expect([sandbox.addressFor(other, 0), sandbox.addressFor(other, 1)]).toEqual(['fixed', 'fixed']);
});

test('a swap is visible in the API at once, and in no node before the shortest delay', () => {
  swap(20, 10);

  const { Rules = [] } = sandbox.do(describeRules, { ListenerArn: listener });
  expect(Rules.map((rule) => rule.RuleArn).slice(0, 2)).toEqual([greenRule, blueRule]);
  sandbox.pass(0.99);
  expect(nodes()).toEqual([BLUE, BLUE]);
});

test('after a swap one node is new while the other one is old, and then both are new', () => {
  swap(20, 10);

  const [first, middle, last, ...more] = history();

  expect(first).toBe(`${BLUE},${BLUE}`);
  expect([`${BLUE},${GREEN}`, `${GREEN},${BLUE}`]).toContain(middle);
  expect([last, ...more]).toEqual([`${GREEN},${GREEN}`]);
});

test('the world is told of the change and of each node that has applied it', () => {
  swap(20, 10);
  sandbox.pass(SETTLED_SECONDS);

  const [changed, ...applied] = sandbox.events;
  expect(changed).toEqual({ type: 'rules.changed', listenerArn: listener });
  expect(applied).toHaveLength(2);
  expect(applied).toContainEqual({ type: 'rules.applied', listenerArn: listener, node: 0 });
  expect(applied).toContainEqual({ type: 'rules.applied', listenerArn: listener, node: 1 });
});

test('a node never goes back to an older change that arrives late', () => {
  for (let round = 0; round < 50; round++) {
    swap(20, 10);
    swap(10, 20);
    sandbox.pass(SETTLED_SECONDS);

    // The round is in the object so that a failing run names it.
    expect({ round, nodes: nodes() }).toEqual({ round, nodes: [BLUE, BLUE] });
  }
});

test('the order of two swaps never shows a rule twice or not at all', () => {
  swap(20, 10);
  swap(10, 20);

  for (const pair of history()) expect(pair).toMatch(/^127\.[12]\.0\.1,127\.[12]\.0\.1$/);
});

test.each<[string, () => void, string]>([
  [
    'ModifyRule',
    () =>
      sandbox.do(modifyRule, {
        RuleArn: blueRule,
        Actions: [{ Type: 'forward', TargetGroupArn: greenGroup }],
      }),
    GREEN,
  ],
  ['DeleteRule', () => sandbox.do(deleteRule, { RuleArn: blueRule }), GREEN],
  ['CreateRule', () => sandbox.addRule(listener, 5, greenGroup), GREEN],
])('%s reaches the nodes one by one', (_, change, expected) => {
  change();

  expect(nodes()).toEqual([BLUE, BLUE]);
  expect(history()).toHaveLength(3);
  expect(nodes()).toEqual([expected, expected]);
});

test('ModifyListener reaches the nodes one by one', () => {
  sandbox.do(deleteRule, { RuleArn: blueRule });
  sandbox.do(deleteRule, { RuleArn: greenRule });
  sandbox.pass(SETTLED_SECONDS);

  sandbox.do(modifyListener, {
    ListenerArn: listener,
    DefaultActions: [{ Type: 'forward', TargetGroupArn: greenGroup }],
  });

  expect(nodes()).toEqual(['fixed', 'fixed']);
  expect(history()).toHaveLength(3);
  expect(nodes()).toEqual([GREEN, GREEN]);
});

test('a refused change reaches no node', () => {
  const refused = {
    RulePriorities: [
      { RuleArn: blueRule, Priority: 30 },
      { RuleArn: greenRule, Priority: 30 },
    ],
  };

  sandbox.refusal(setRulePriorities, refused);
  sandbox.pass(SETTLED_SECONDS);

  expect(sandbox.events).toEqual([]);
  expect(nodes()).toEqual([BLUE, BLUE]);
});

test('a change on its way to a listener that is deleted is dropped', () => {
  swap(20, 10);
  sandbox.do(deleteListener, { ListenerArn: listener });
  sandbox.pass(SETTLED_SECONDS);

  expect(sandbox.events.filter((event) => event.type === 'rules.applied')).toEqual([]);
});

test('without a delay the nodes change with the API', () => {
  const instant = new ElbWorld({ propagationSeconds: { min: 0, max: 0 } });
  const arn = instant.addListener(instant.addLoadBalancer());
  const group = instant.addTargetGroup('blue');

  instant.addRule(arn, 1, group);

  expect(instant.addressFor(arn, 0)).toBe('noTarget');
  expect(instant.clock.pending).toBe(0);
});

test('the delay is shortened by the time scale', () => {
  const scaled = new ElbWorld({ timeScale: 0.01, propagationSeconds: { min: 100, max: 100 } });
  const arn = scaled.addListener(scaled.addLoadBalancer());
  scaled.addRule(arn, 1, scaled.addTargetGroup('blue'));

  scaled.clock.advanceSync(999);
  expect(scaled.addressFor(arn, 1)).toBe('fixed');
  scaled.clock.advanceSync(1);
  expect(scaled.addressFor(arn, 1)).toBe('noTarget');
});
