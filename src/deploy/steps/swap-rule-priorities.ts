import {
  assertNotMovedByOthers,
  prioritiesOf,
  readColors,
  samePriorities,
  swapped,
} from '../colors.ts';
import type { Colors } from '../colors.ts';
import { READINESS_READS, readReadiness } from '../readiness.ts';
import { newColorOf, originalPrioritiesOf } from '../recorded.ts';
import { type DeployContext, type Step, StepFailedError } from '../step.ts';
import { achieve } from '../waiting.ts';

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
    // Only a deploy that was cut off can have swapped before.
    if (!context.isResumed) return undefined;
    const colors = await readRules(context);
    return isSwapped(context, colors) ? `${newColorOf(context)} serves` : undefined;
  },

  async run(context) {
    await achieve(context, {
      isReached: async () => isSwapped(context, await readRules(context)),
      change: () => swap(context),
      waitingFor: 'the rules to have the new priorities',
    });
    return `${newColorOf(context)} serves`;
  },
};

async function swap(context: DeployContext): Promise<void> {
  const { aws } = context;
  // Never swaps to an empty or sick group, however long the steps before have taken.
  const [readiness, colors] = await Promise.all([readReadiness(context), readRules(context)]);
  if (!readiness.isReady) {
    throw new StepFailedError(
      `The new task set is no longer ready for traffic; needed: ${readiness.why}. The rules were left alone.`,
    );
  }
  const target = swapped(originalPrioritiesOf(context));
  const { blue, green } = colors.rules;
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
