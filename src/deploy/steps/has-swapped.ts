import { readColors } from '../colors.ts';
import type { DeployContext } from '../step.ts';

/**
 * Whether the new colour serves already. Only a resumed deploy has to ask before step 9; and what it
 * learns decides that steps 4 to 8, which prepare the swap, are behind it.
 */
export async function hasSwapped(context: DeployContext): Promise<boolean> {
  const { aws, checkpoint, isResumed, plan } = context;
  const { newActiveColor } = checkpoint.current;
  if (!isResumed || newActiveColor === '') return false;
  const rules = await aws.rules.describe(plan.listenerArn);
  return readColors(rules, plan.targetGroupArns).active === newActiveColor;
}
