import { NeedsHumanError } from '../../errors.ts';
import { readColors } from '../colors.ts';
import { swapHasBegun } from '../recorded.ts';
import type { DeployContext } from '../step.ts';

/**
 * Whether the new colour serves already. Only a resumed deploy has to ask before step 9; and what it
 * learns decides that steps 4 to 8, which prepare the swap, are behind it.
 * @throws {NeedsHumanError} when the new colour serves although this deploy never sent traffic there.
 */
export async function hasSwapped(context: DeployContext): Promise<boolean> {
  const { aws, checkpoint, isResumed, plan } = context;
  const { current } = checkpoint;
  const { newActiveColor } = current;
  if (!isResumed || newActiveColor === '') return false;
  const rules = await aws.rules.describe(plan.listenerArn);
  if (readColors(rules, plan.targetGroupArns).active !== newActiveColor) return false;
  if (swapHasBegun(current)) return true;
  throw new NeedsHumanError(
    `Traffic goes to ${newActiveColor} already, where this deploy has not sent it: somebody else moved the rules. They were left alone.`,
    { hint: 'Find out who moved them, then -start-over.', isResumable: false },
  );
}
