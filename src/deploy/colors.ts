import { NeedsHumanError, RefusedError } from '../errors.ts';
import { type Color, type ListenerRule, otherColor } from './model.ts';

/** What the listener's two rules say. */
export interface Colors {
  /** The colour whose rule has the lower priority number: it serves. */
  readonly active: Color;
  readonly rules: Readonly<Record<Color, { readonly ruleArn: string; readonly priority: number }>>;
}

export type Priorities = Readonly<Record<Color, number>>;

/** The priorities that make the other colour active: the same two numbers, exchanged. */
export function swapped(priorities: Priorities): Priorities {
  return { blue: priorities.green, green: priorities.blue };
}

export function prioritiesOf(colors: Colors): Priorities {
  return { blue: colors.rules.blue.priority, green: colors.rules.green.priority };
}

export function samePriorities(a: Priorities, b: Priorities): boolean {
  return a.blue === b.blue && a.green === b.green;
}

/**
 * Finds the rule of each colour and checks that swapping their priorities moves all traffic, and
 * nothing else.
 * @throws {RefusedError} when it would not, naming the rules.
 */
export function readColors(
  rules: readonly ListenerRule[],
  targetGroupArns: Readonly<Record<Color, string>>,
): Colors {
  const blue = onlyRuleOf('blue', rules, targetGroupArns);
  const green = onlyRuleOf('green', rules, targetGroupArns);
  if (blue.conditions !== green.conditions) {
    throw new RefusedError(
      `The rules of the two colours have different conditions, so that swapping them would not move all traffic: blue ${blue.ruleArn} has ${blue.conditions || 'none'}, green ${green.ruleArn} has ${green.conditions || 'none'}.`,
      { hint: 'Give both rules the same conditions.' },
    );
  }
  return {
    active: blue.priority < green.priority ? 'blue' : 'green',
    rules: { blue, green },
  };
}

/**
 * The one rule that forwards to a colour's target group, and to nothing else.
 * @throws {RefusedError} when there is none, or several.
 */
export function onlyRuleOf(
  color: Color,
  rules: readonly ListenerRule[],
  targetGroupArns: Readonly<Record<Color, string>>,
): ListenerRule {
  const targetGroupArn = targetGroupArns[color];
  const found = rules.filter((rule) => forwardsTo(rule, targetGroupArn));
  const [rule, another] = found;
  if (!rule) {
    throw new RefusedError(
      `No rule of the listener forwards to the ${color} target group ${targetGroupArn}.`,
      {
        hint: `Add a rule with the same conditions as the ${otherColor(color)} one's, or correct TargetGroupARNs.${color}.`,
      },
    );
  }
  if (another) {
    throw new RefusedError(
      `${found.length} rules forward to the ${color} target group: ${found.map((each) => `${each.ruleArn} (priority ${each.priority})`).join(', ')}.`,
      { hint: 'Keep one rule for each colour: a swap exchanges the priorities of exactly two.' },
    );
  }
  if (rule.forwards.length !== 1) {
    throw new RefusedError(
      `Rule ${rule.ruleArn} splits traffic by weight (${rule.forwards.map((f) => `${f.targetGroupArn}: ${f.weight}`).join(', ')}). This was not written by ecs-deploy.`,
      { hint: `Let it forward to the ${color} target group alone, then deploy again.` },
    );
  }
  return rule;
}

function forwardsTo(rule: ListenerRule, targetGroupArn: string): boolean {
  return rule.forwards.some((forward) => forward.targetGroupArn === targetGroupArn);
}

/**
 * A swap is planned from what was read at the start; whoever moved the rules since then had reasons.
 * @throws {NeedsHumanError} when they are neither as planned from nor as planned. Nothing was changed.
 */
export function assertNotMovedByOthers(now: Priorities, atStart: Priorities): void {
  if (samePriorities(now, atStart) || samePriorities(now, swapped(atStart))) return;
  throw movedByOthers(now, atStart);
}

/** Says that somebody else has moved traffic, or may have meant to. Nothing was changed. */
export function movedByOthers(now: Priorities, atStart: Priorities): NeedsHumanError {
  return new NeedsHumanError(
    `Somebody changed the rules during the deploy: at the start the priorities were blue ${atStart.blue} and green ${atStart.green}, now they are blue ${now.blue} and green ${now.green}. They were left alone.`,
    { hint: 'Find out who moved them, then -start-over.', isResumable: false },
  );
}
