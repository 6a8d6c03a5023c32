import {
  assertNotMovedByOthers,
  movedByOthers,
  prioritiesOf,
  readColors,
  samePriorities,
  swapped,
} from '../colors.ts';
import type { Colors } from '../colors.ts';
import { READINESS_READS, stillReady } from '../readiness.ts';
import { newColorOf, originalPrioritiesOf } from '../recorded.ts';
import type { DeployContext, Step } from '../step.ts';
import { achieve } from '../waiting.ts';
import { hasSwapped } from './has-swapped.ts';

/**
 * Step 9: swaps the priorities of the two colours' rules in one call. The one step that users feel.
 *
 * Resumes by reading the rules. The numbers come from the checkpoint, never from what is read now,
 * so that a repetition can't swap back.
 * @see SetRulePriorities, Elastic Load Balancing API Reference (2015-12-01)
 */
export const swapRulePriorities: Step = {
  number: 9,
  name: 'swap-rule-priorities',
  title: 'Send traffic to the new task set',
  reads: [...READINESS_READS, 'elasticloadbalancing:DescribeRules'],
  changes: ['elasticloadbalancing:SetRulePriorities'],
  records: { swapBegun: true },

  async isDone(context) {
    return (await hasSwapped(context)) ? `${newColorOf(context)} serves` : undefined;
  },

  async run(context) {
    // The request of a run that was cut off may take effect only now.
    let maySwap = context.isResumed;
    await achieve(context, {
      isReached: async () => {
        const colors = await readRules(context);
        if (!isSwapped(context, colors)) return false;
        if (maySwap) return true;
        throw movedByOthers(prioritiesOf(colors), originalPrioritiesOf(context));
      },
      change: () =>
        swap(context, () => {
          maySwap = true;
        }),
      waitingFor: 'the rules to have the new priorities',
    });
    return `${newColorOf(context)} serves`;
  },
};

async function swap(context: DeployContext, onSend: () => void): Promise<void> {
  const { aws } = context;
  // Never swaps to an empty or sick group, however long the steps before have taken.
  const complaint = 'The new task set is no longer ready for traffic; the rules were left alone';
  const { read: colors } = await stillReady(context, complaint, () => readRules(context));
  const target = swapped(originalPrioritiesOf(context));
  const { blue, green } = colors.rules;
  onSend();
  await aws.rules.setPriorities(
    new Map([
      [blue.ruleArn, target.blue],
      [green.ruleArn, target.green],
    ]),
  );
}

/** @throws {NeedsHumanError} when the rules are neither as at the start nor as they shall be. */
async function readRules(context: DeployContext): Promise<Colors> {
  const { aws, plan } = context;
  const colors = readColors(await aws.rules.describe(plan.listenerArn), plan.targetGroupArns);
  assertNotMovedByOthers(prioritiesOf(colors), originalPrioritiesOf(context));
  return colors;
}

function isSwapped(context: DeployContext, colors: Colors): boolean {
  return samePriorities(prioritiesOf(colors), swapped(originalPrioritiesOf(context)));
}
