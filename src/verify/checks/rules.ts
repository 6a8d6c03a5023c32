import { onlyRuleOf, readColors } from '../../deploy/colors.ts';
import type { Color, ListenerRule } from '../../deploy/model.ts';
import { RefusedError } from '../../errors.ts';
import type { Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { type Finding, ok, problem } from '../finding.ts';
import { lookedAt } from '../unread.ts';

/** Swapping the two rules' priorities moves all traffic, and nothing else. */
export const rules: Check = {
  name: 'rules',
  title: 'Listener rules',
  reads: ['elasticloadbalancing:DescribeRules'],
  run: (facts) =>
    lookedAt('rules', async () => {
      const found = await facts.foundRules();
      if (found !== 'no-listener') return judge(facts, found);
      return problem('listener', `${facts.request.environment.listenerArn} does not exist`, {
        hint: 'Create it, or correct ListenerARN.',
      });
    }),
};

function judge({ request }: Facts, all: readonly ListenerRule[]): readonly Finding[] {
  const { targetGroupArns } = request.environment;
  const own = { blue: ruleIn('blue'), green: ruleIn('green') };
  const problems = Object.values(own).filter((rule) => rule instanceof RefusedError);
  if (problems.length > 0) return problems.map(refusal);
  try {
    const { active, rules } = readColors(all, targetGroupArns);
    const { blue, green } = rules;
    return [
      ok(
        'rules',
        `${active} serves (priorities: blue ${blue.priority}, green ${green.priority}), with equal conditions`,
      ),
      ...shadows(all, Math.min(blue.priority, green.priority), own),
    ];
  } catch (error) {
    if (error instanceof RefusedError) return [refusal(error)];
    throw error;
  }

  function ruleIn(color: Color): ListenerRule | RefusedError {
    try {
      return onlyRuleOf(color, all, targetGroupArns);
    } catch (error) {
      if (error instanceof RefusedError) return error;
      throw error;
    }
  }
}

function refusal({ message, hint }: RefusedError): Finding {
  return problem('rules', message, { hint });
}

/** A rule before both that asks for the same gets all of their requests. */
function shadows(
  all: readonly ListenerRule[],
  firstPriority: number,
  own: Readonly<Record<Color, ListenerRule | RefusedError>>,
): Finding[] {
  const { blue } = own;
  if (blue instanceof RefusedError) return [];
  return all
    .filter(
      ({ priority, conditions }) => priority < firstPriority && conditions === blue.conditions,
    )
    .map(({ ruleArn, priority }) =>
      problem(
        `rule ${ruleArn}`,
        `has the same conditions and priority ${priority}: neither colour gets a request`,
        { hint: 'Delete it, or give it conditions of its own.' },
      ),
    );
}
