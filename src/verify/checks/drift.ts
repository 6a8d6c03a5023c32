import { readColors } from '../../deploy/colors.ts';
import { type Color, otherColor, type TaskSet } from '../../deploy/model.ts';
import { RefusedError } from '../../errors.ts';
import type { Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { type Finding, ok, problem, warning } from '../finding.ts';
import { lookedAt, NotJudgedError } from '../unread.ts';

/** What runs is what the last deploy left. */
export const drift: Check = {
  name: 'drift',
  title: 'Drift',
  reads: ['ecs:DescribeServices', 'elasticloadbalancing:DescribeRules'],
  run: (facts) => lookedAt('task sets', () => judge(facts)),
};

async function judge(facts: Facts): Promise<readonly Finding[]> {
  const { targetGroupArns } = facts.request.environment;
  const [rules, service] = await Promise.all([facts.rules(), facts.service()]);
  const active = activeIn(rules, targetGroupArns);
  const sets = service.taskSets.filter(({ status }) => status !== 'DRAINING');
  const on = (color: Color) =>
    sets.filter((set) => set.targetGroupArns.includes(targetGroupArns[color]));
  const attached = [...on('blue'), ...on('green')];
  const found = [
    ...serving(active, on(active)),
    ...primary(active, sets, on(active)),
    ...leftOnIdle(otherColor(active), on(otherColor(active))),
    ...strays(sets.filter((set) => !attached.includes(set))),
  ];
  if (found.length > 0) return found;
  const idle = on(otherColor(active)).map(({ id }) => id);
  return [
    ok(
      'task sets',
      `${idsOf(on(active))} serves and is PRIMARY; the idle colour has ${idle.length > 0 ? idle.join() : 'none'}`,
    ),
  ];
}

function activeIn(
  rules: Parameters<typeof readColors>[0],
  targetGroupArns: Parameters<typeof readColors>[1],
): Color {
  try {
    return readColors(rules, targetGroupArns).active;
  } catch (error) {
    if (error instanceof RefusedError) throw new NotJudgedError("the rules don't tell who serves");
    throw error;
  }
}

function serving(active: Color, sets: readonly TaskSet[]): Finding[] {
  if (sets.length === 1) return [];
  if (sets.length === 0) {
    return [
      warning(active, 'is the active colour, and has no task set: nothing serves', {
        hint: 'As it should be before the first deploy only.',
      }),
    ];
  }
  return [
    problem(active, `serves with ${sets.length} task sets: ${idsOf(sets)}`, {
      hint: 'Users may get two versions. Find out which one is meant, and delete the other.',
    }),
  ];
}

function primary(active: Color, sets: readonly TaskSet[], onActive: readonly TaskSet[]): Finding[] {
  const found = sets.find(({ status }) => status === 'PRIMARY');
  if (!found) {
    return onActive.length === 0
      ? []
      : [warning('PRIMARY', 'is no task set', { hint: 'A deploy makes what serves PRIMARY.' })];
  }
  if (onActive.includes(found)) return [];
  return [
    problem('PRIMARY', `is ${found.id}, which is not on ${active}, the active colour`, {
      hint: 'A deploy was cut off right after its swap, or somebody moved the rules. Begin anew with -start-over: it makes what serves PRIMARY first.',
    }),
  ];
}

function leftOnIdle(idle: Color, sets: readonly TaskSet[]): Finding[] {
  if (sets.length < 2) return [];
  return [
    warning(idle, `is idle, and has ${sets.length} task sets: ${idsOf(sets)}`, {
      hint: 'The next deploy removes them.',
    }),
  ];
}

function strays(sets: readonly TaskSet[]): Finding[] {
  if (sets.length === 0) return [];
  return [
    warning('task sets', `on neither target group: ${idsOf(sets)}`, {
      hint: 'No deploy touches them. Delete them if nobody needs them.',
    }),
  ];
}

function idsOf(sets: readonly TaskSet[]): string {
  return sets.map(({ id, status }) => `${id} (${status})`).join(', ');
}
