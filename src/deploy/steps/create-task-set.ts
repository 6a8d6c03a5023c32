import { NeedsHumanError } from '../../errors.ts';
import { movedByOthers, prioritiesOf, readColors, samePriorities } from '../colors.ts';
import { externalIdOf, clientTokenOf } from '../lineage.ts';
import { newColorOf, originalPrioritiesOf, taskDefinitionArnOf } from '../recorded.ts';
import { deployTags } from '../tags.ts';
import { CallFailedError } from '../ports.ts';
import type { DeployContext, Step } from '../step.ts';
import { onceVisible, waitUntil } from '../waiting.ts';
import { hasSwapped } from './has-swapped.ts';

/** How long a service, group or rule that was just created may be unknown to ECS. */
const VISIBILITY_TIMEOUT_MS = 60_000;

/**
 * Step 6: creates the task set on the idle colour.
 *
 * Resumes by the external id, which is visible in DescribeServices; and the client token makes even
 * a blind repetition give the same set.
 * @see Ensuring idempotency, Amazon ECS API Reference
 */
export const createTaskSet: Step = {
  number: 6,
  name: 'create-task-set',
  title: 'Create the task set on the idle colour',
  reads: ['ecs:DescribeServices', 'ecs:DescribeTaskSets', 'elasticloadbalancing:DescribeRules'],
  changes: ['ecs:CreateTaskSet', 'ecs:TagResource', 'iam:PassRole'],

  async isDone(context) {
    const { aws, checkpoint, isResumed } = context;
    if (!isResumed) return undefined;
    if (await hasSwapped(context)) return 'traffic has moved already';
    const externalId = externalIdOf(checkpoint.current.own);
    const { newTaskSetId } = checkpoint.current;
    const service = await aws.service.describe();
    const ours = service?.taskSets.find(
      (set) =>
        set.status !== 'DRAINING' && (set.externalId === externalId || set.id === newTaskSetId),
    );
    if (!ours) return undefined;
    checkpoint.note({ newTaskSetId: ours.id });
    return `${ours.id} exists`;
  },

  async run(context) {
    const id = (await createOrRemembered(context)) ?? (await createAnew(context));
    context.checkpoint.note({ newTaskSetId: id });
    return id;
  },
};

/**
 * Creates it, or learns from the client token that it was created before the deploy was cut off.
 * @returns undefined when that one is gone: ECS may remember the token of a set that was deleted.
 */
async function createOrRemembered(context: DeployContext): Promise<string | undefined> {
  const { id } = await waitUntil(context, VISIBILITY_TIMEOUT_MS, () => create(context));
  if (!context.isResumed) return id;
  const shown = await onceVisible(context, `task set ${id} to show, if it still exists`, () =>
    context.aws.service.taskSet(id),
  );
  return shown && shown.status !== 'DRAINING' ? id : undefined;
}

/** Another attempt has another token. It is written first, so that a resume finds what it makes. */
async function createAnew(context: DeployContext): Promise<string> {
  const { checkpoint } = context;
  await checkpoint.save({ own: { attempt: checkpoint.current.own.attempt + 1 } });
  const { id } = await waitUntil(context, VISIBILITY_TIMEOUT_MS, () => create(context));
  return id;
}

async function create(context: DeployContext) {
  const { aws, checkpoint, plan } = context;
  const { own } = checkpoint.current;
  await assertIdleColorIsFree(context);
  try {
    return {
      done: await aws.service.createTaskSet({
        clientToken: clientTokenOf(own),
        externalId: externalIdOf(own),
        taskDefinitionArn: taskDefinitionArnOf(context),
        targetGroupArn: plan.targetGroupArns[newColorOf(context)],
        containerName: plan.container.name,
        containerPort: plan.container.containerPort,
        subnets: plan.subnets,
        securityGroups: plan.securityGroups,
        assignPublicIp: plan.assignPublicIp,
        tags: deployTags(plan),
      }),
    };
  } catch (error) {
    if (error instanceof CallFailedError && isNotVisibleYet(error)) {
      return { waitingFor: error.message };
    }
    throw error;
  }
}

/** What ECS says for a moment of things that were created just before. */
function isNotVisibleYet({ code, message }: CallFailedError): boolean {
  return (
    code === 'ServiceNotFoundException' ||
    code === 'ClusterNotFoundException' ||
    message.includes('does not have an associated load balancer')
  );
}

/**
 * Two versions behind one target group would serve together after the swap; and on a colour that
 * serves already, users would get the new version before anybody has seen it healthy.
 */
async function assertIdleColorIsFree(context: DeployContext): Promise<void> {
  const { aws, checkpoint, plan } = context;
  const color = newColorOf(context);
  const ours = externalIdOf(checkpoint.current.own); // It may be there since a lost answer.
  const [rules, service] = await Promise.all([
    aws.rules.describe(plan.listenerArn),
    aws.service.describe(),
  ]);
  const now = prioritiesOf(readColors(rules, plan.targetGroupArns));
  const atStart = originalPrioritiesOf(context);
  if (!samePriorities(now, atStart)) throw movedByOthers(now, atStart);
  const there = service?.taskSets.find(
    ({ externalId, targetGroupArns }) =>
      externalId !== ours && targetGroupArns.includes(plan.targetGroupArns[color]),
  );
  if (there) {
    throw new NeedsHumanError(
      `Task set ${there.id} (${there.status}) appeared on the ${color} target group during the deploy. No task set was created.`,
      { hint: 'Find out who created it; -start-over removes it.' },
    );
  }
}
