import { RefusedError } from '../../errors.ts';
import { prioritiesOf, readColors } from '../colors.ts';
import { otherColor } from '../model.ts';
import type { Step } from '../step.ts';
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
