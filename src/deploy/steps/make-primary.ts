import { newTaskSetIdOf } from '../recorded.ts';
import type { DeployContext, Step } from '../step.ts';
import { achieve, steadily } from '../waiting.ts';
import { assertNewVersionServes } from './assert-new-version-serves.ts';

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
    await steadily(context, () => assertNewVersionServes(context));
    const id = newTaskSetIdOf(context);
    await achieve(context, {
      isReached: () => isPrimary(context),
      change: () => context.aws.service.makePrimary(id),
      waitingFor: `${id} to become PRIMARY`,
    });
    return id;
  },
};

/** Whether ECS calls the new task set PRIMARY. */
export async function isPrimary(context: DeployContext): Promise<boolean> {
  const service = await context.aws.service.describe();
  const ours = service?.taskSets.find((set) => set.id === newTaskSetIdOf(context));
  return ours?.status === 'PRIMARY';
}
