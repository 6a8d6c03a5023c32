import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  assertNotMovedByOthers,
  prioritiesOf,
  readColors,
  samePriorities,
  swapped,
} from '../../../src/deploy/colors.ts';
import type { ListenerRule } from '../../../src/deploy/model.ts';
import { NeedsHumanError, RefusedError } from '../../../src/errors.ts';

const ARNS = { blue: 'tg/blue', green: 'tg/green' };

/** A rule of one colour, unless a test says otherwise. */
function rule(color: 'blue' | 'green', priority: number, more: Partial<ListenerRule> = {}) {
  return {
    ruleArn: `rule/${color}`,
    priority,
    conditions: '["path-pattern","/*"]',
    forwards: [{ targetGroupArn: ARNS[color], weight: 1 }],
    ...more,
  };
}
const OTHER = rule('blue', 1, { ruleArn: 'rule/other', forwards: [] });

describe('reading the colours', () => {
  test.each([
    ['blue', 11, 12],
    ['green', 12, 11],
    ['green', 100, 9],
  ] as const)('finds %s active when blue has %d and green %d', (active, blue, green) => {
    const colors = readColors([OTHER, rule('green', green), rule('blue', blue)], ARNS);

    expect(colors.active).toBe(active);
    expect(prioritiesOf(colors)).toEqual({ blue, green });
    expect(colors.rules).toMatchObject({
      blue: { ruleArn: 'rule/blue' },
      green: { ruleArn: 'rule/green' },
    });
  });

  test('does not mind the weight of a group that stands alone', () => {
    const alone = rule('green', 12, { forwards: [{ targetGroupArn: ARNS.green, weight: 0 }] });

    expect(readColors([rule('blue', 11), alone], ARNS).active).toBe('blue');
  });

  test.each<[string, ListenerRule[], string[]]>([
    ['no rule has the group', [rule('blue', 11)], ['green', ARNS.green]],
    [
      'two rules have the group',
      [rule('blue', 11), rule('green', 12), rule('green', 13, { ruleArn: 'rule/second' })],
      ['2 rules', 'rule/green (priority 12)', 'rule/second (priority 13)'],
    ],
    [
      'the rules have other conditions',
      [rule('blue', 11), rule('green', 12, { conditions: '' })],
      ['different conditions', 'green rule/green has none'],
    ],
    [
      'a rule splits traffic by weight',
      [
        rule('blue', 11, {
          forwards: [
            { targetGroupArn: ARNS.blue, weight: 90 },
            { targetGroupArn: 'tg/canary', weight: 10 },
          ],
        }),
        rule('green', 12),
      ],
      ['rule/blue splits traffic', 'tg/canary: 10', 'not written by ecs-deploy'],
    ],
    [
      'one rule has both groups',
      [
        rule('blue', 11, {
          forwards: [
            { targetGroupArn: ARNS.blue, weight: 1 },
            { targetGroupArn: ARNS.green, weight: 0 },
          ],
        }),
      ],
      ['rule/blue splits traffic'],
    ],
  ])('refuses when %s, and names them', (_, rules, parts) => {
    const reading = () => readColors(rules, ARNS);

    expect(reading).toThrow(RefusedError);
    for (const part of parts) expect(reading).toThrow(part);
  });
});

test('swapping twice is no swap, and keeps the two numbers', () => {
  const priorities = fc.record({ blue: fc.nat(50_000), green: fc.nat(50_000) });
  fc.assert(
    fc.property(priorities, (before) => {
      const after = swapped(before);
      expect(after).toEqual({ blue: before.green, green: before.blue });
      expect(samePriorities(swapped(after), before)).toBe(true);
      expect(samePriorities(after, before)).toBe(before.blue === before.green);
    }),
  );
});

describe('rules are found', () => {
  const atStart = { blue: 11, green: 12 };

  test.each([
    ['as at the start', { blue: 11, green: 12 }],
    ['as planned', { blue: 12, green: 11 }],
  ])('%s: nobody has moved them', (_, now) => {
    expect(() => assertNotMovedByOthers(now, atStart)).not.toThrow();
  });

  test.each([
    { blue: 11, green: 13 },
    { blue: 10, green: 12 },
    { blue: 13, green: 11 },
  ])('at %j: somebody has, and a person must look', (now) => {
    const check = () => assertNotMovedByOthers(now, atStart);

    expect(check).toThrow(NeedsHumanError);
    expect(check).toThrow('blue 11 and green 12');
    expect(check).toThrow(`blue ${now.blue} and green ${now.green}`);
  });
});
