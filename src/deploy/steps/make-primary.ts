import { NeedsHumanError } from '../../errors.ts';
import { readColors } from '../colors.ts';
import { newColorOf, newTaskSetIdOf } from '../recorded.ts';
import type { DeployContext, Step } from '../step.ts';
import { achieve, steadily } from '../waiting.ts';

/**
 * Step 10: makes the new task set PRIMARY. That moves no traffic: it is the label by which ECS, and
 * the next deploy, know what counts. The original stays ACTIVE at its scale, ready to go back to.
 *
 * Resumes by reading the service.
 */
export const makePrimary: Step = {
  number: 10,
  name: 'make-primary',
  title: 'Make the new task set PRIMARY',
  reads: ['ecs:DescribeServices', 'elasticloadbalancing:DescribeRules'],
  changes: ['ecs:UpdateServicePrimaryTaskSet'],

  async isDone(context) {
    if (!context.isResumed) return undefined;
    return (await isPrimary(context)) ? `${newTaskSetIdOf(context)} is PRIMARY` : undefined;
  },

  async run(context) {
    await steadily(context, () => assertNewColorServes(context));
    const id = newTaskSetIdOf(context);
    await achieve(context, {
      isReached: () => isPrimary(context),
      change: () => context.aws.service.makePrimary(id),
      waitingFor: `${id} to become PRIMARY`,
    });
    return id;
  },
};

async function isPrimary(context: DeployContext): Promise<boolean> {
  const service = await context.aws.service.describe();
  const ours = service?.taskSets.find((set) => set.id === newTaskSetIdOf(context));
  return ours?.status === 'PRIMARY';
}

/** Somebody may have gone back to the old version by hand since the swap. */
async function assertNewColorServes(context: DeployContext): Promise<void> {
  const { aws, plan } = context;
  const { active } = readColors(await aws.rules.describe(plan.listenerArn), plan.targetGroupArns);
  if (active === newColorOf(context)) return;
  throw new NeedsHumanError(
    `Traffic went back to ${active} after the swap, not by this deploy. PRIMARY was left as it is.`,
    { hint: 'If that was a rollback by hand, -start-over when you want to deploy again.' },
  );
}
