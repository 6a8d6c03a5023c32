import type { Service } from '../model.ts';
import { newTaskSetIdOf } from '../recorded.ts';
import type { DeployContext, Step } from '../step.ts';
import { achieve } from '../waiting.ts';
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
    const id = newTaskSetIdOf(context);
    let service: Service | undefined;
    await achieve(context, {
      isReached: async () => {
        service = await context.aws.service.describe();
        return hasPrimary(context, service);
      },
      change: async () => {
        await assertNewVersionServes(context);
        await context.aws.service.makePrimary(id);
      },
      waitingFor: `${id} to become PRIMARY`,
    });
    warnOfOriginal(context, service);
    return id;
  },
};

/** Whether ECS calls the new task set PRIMARY. */
export async function isPrimary(context: DeployContext): Promise<boolean> {
  return hasPrimary(context, await context.aws.service.describe());
}

function hasPrimary(context: DeployContext, service: Service | undefined): boolean {
  const ours = service?.taskSets.find((set) => set.id === newTaskSetIdOf(context));
  return ours?.status === 'PRIMARY';
}

/** Nothing to stop for, as the new version serves; but the quick way back is gone. */
function warnOfOriginal({ checkpoint, report }: DeployContext, service: Service | undefined): void {
  const { originalPrimaryId: id = '' } = checkpoint.current.own;
  if (id === '') return;
  const original = service?.taskSets.find((set) => set.id === id);
  if (original?.status === 'ACTIVE' && original.scalePercent === 100) return;
  const found = original
    ? `is ${original.status} at ${original.scalePercent} % of its scale`
    : 'is gone';
  report({
    type: 'warning',
    message: `The version before, task set ${id}, ${found}: it can't take the traffic back at once.`,
  });
}
