import { RefusedError } from '../../errors.ts';
import { prioritiesOf, readColors } from '../colors.ts';
import { type Color, otherColor, type Service } from '../model.ts';
import type { DeployContext, Step } from '../step.ts';
import { steadily } from '../waiting.ts';

/**
 * Step 3: reads which colour serves, and records it with both priorities and the PRIMARY task set.
 *
 * Done once in a deploy's life: a resume goes by what was recorded. Reading again after the swap
 * would name the new colour as the one to leave.
 */
export const readActiveColor: Step = {
  number: 3,
  name: 'read-active-color',
  title: 'Read the active colour',
  reads: ['elasticloadbalancing:DescribeRules', 'ecs:DescribeServices'],
  changes: [],

  async isDone({ checkpoint }) {
    const { newActiveColor, own } = checkpoint.current;
    return newActiveColor !== '' && own.priorities ? 'it is recorded' : undefined;
  },

  async run(context) {
    const { aws, checkpoint, plan } = context;
    const [rules, service] = await steadily(context, () =>
      Promise.all([aws.rules.describe(plan.listenerArn), aws.service.describe()]),
    );
    if (!service || service.status !== 'ACTIVE') {
      throw new RefusedError('The service went away since the deploy began.', {
        hint: 'Create it again, then deploy.',
      });
    }
    const colors = readColors(rules, plan.targetGroupArns);
    const newColor = otherColor(colors.active);
    warnOfNeighbours(context, service, colors.active);
    checkpoint.note({
      newActiveColor: newColor,
      own: {
        originalColor: colors.active,
        priorities: prioritiesOf(colors),
        originalPrimaryId: service.taskSets.find((set) => set.status === 'PRIMARY')?.id ?? '',
      },
    });
    return `${colors.active} is active, ${newColor} is next`;
  },
};

/** A task set beside PRIMARY on the colour that serves is nobody's to remove, but users get it, too. */
function warnOfNeighbours({ plan, report }: DeployContext, service: Service, active: Color): void {
  const there = service.taskSets.filter(({ targetGroupArns }) =>
    targetGroupArns.includes(plan.targetGroupArns[active]),
  );
  if (!there.some(({ status }) => status === 'PRIMARY')) return;
  const neighbours = there.filter(({ status }) => status === 'ACTIVE');
  for (const { id } of neighbours) {
    report({
      type: 'warning',
      message: `Task set ${id} is on ${active} as well, which serves, without being PRIMARY. It is left alone; delete it if its version is not wanted.`,
    });
  }
}
