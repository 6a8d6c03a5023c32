import { NeedsHumanError } from '../../errors.ts';
import { readColors } from '../colors.ts';
import { newColorOf } from '../recorded.ts';
import type { DeployContext } from '../step.ts';

/**
 * Somebody may have gone back to the old version by hand since the swap: then this deploy has not
 * succeeded, and must not go on as if it had.
 * @throws {NeedsHumanError}
 */
export async function assertNewVersionServes(context: DeployContext): Promise<void> {
  const { aws, plan } = context;
  const { active } = readColors(await aws.rules.describe(plan.listenerArn), plan.targetGroupArns);
  if (active === newColorOf(context)) return;
  throw new NeedsHumanError(
    `Traffic went back to ${active} after the swap, not by this deploy. Everything was left as it is.`,
    {
      hint: 'If that was a rollback by hand, -start-over when you want to deploy again.',
      isResumable: false,
    },
  );
}
