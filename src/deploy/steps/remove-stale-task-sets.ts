import { NeedsHumanError } from '../../errors.ts';
import { assertNotMovedByOthers, prioritiesOf, readColors } from '../colors.ts';
import { type Service, type TaskSet, otherColor } from '../model.ts';
import { externalIdOf } from '../lineage.ts';
import { newColorOf, originalPrioritiesOf } from '../recorded.ts';
import type { DeployContext, Step } from '../step.ts';
import { achieve, onceVisible, steadily, waitUntil } from '../waiting.ts';
import { hasSwapped } from './has-swapped.ts';

/**
 * Step 4: removes what earlier deploys left on the idle colour, so that the new task set is alone
 * there, and waits until it is gone: ECS counts task sets that are still draining.
 *
 * Resumes by looking what is left to remove. Never touches PRIMARY, what serves, or our own set.
 */
export const removeStaleTaskSets: Step = {
  number: 4,
  name: 'remove-stale-task-sets',
  title: 'Remove stale task sets',
  reads: [
    'ecs:DescribeServices',
    'ecs:DescribeTaskSets',
    'ecs:ListTasks',
    'ecs:DescribeTasks',
    'elasticloadbalancing:DescribeRules',
  ],
  changes: ['ecs:UpdateTaskSet', 'ecs:DeleteTaskSet'],

  async isDone(context) {
    if (await hasSwapped(context)) return 'traffic has moved already';
    const stale = staleTaskSets(context, await readService(context));
    const isSure = leftBehind(context).length === 0;
    return stale.length === 0 && isSure ? 'there are none' : undefined;
  },

  async run(context) {
    await Promise.all(leftBehind(context).map((name) => awaitVisible(context, name)));
    const stale = staleTaskSets(context, await steadily(context, () => readService(context)));
    await Promise.all(stale.map((taskSet) => remove(context, taskSet)));
    context.checkpoint.note({ own: { leftBehind: [] } });
    return stale.length === 0
      ? 'there are none'
      : `removed ${stale.map((taskSet) => taskSet.id).join(', ')}`;
  },
};

function leftBehind({ checkpoint }: DeployContext): readonly string[] {
  return checkpoint.current.own.leftBehind ?? [];
}

/** What a replaced deploy created in its last moment may show only after ours has looked. */
async function awaitVisible(context: DeployContext, name: string): Promise<void> {
  await onceVisible(
    context,
    `task set ${name} of the deploy before to show, if it exists`,
    async () =>
      (await readService(context)).taskSets.find(
        ({ externalId, id }) => id === name || externalId === name,
      ),
  );
}

async function readService(context: DeployContext): Promise<Service> {
  const service = await context.aws.service.describe();
  if (service) return service;
  throw new NeedsHumanError('The service is gone.', { hint: 'Create it again, then -start-over.' });
}

/** Only a deploy that begins anew may decide what is to serve and to be PRIMARY. */
const START_OVER_FIRST =
  'Begin anew with -start-over: it first makes what is healthy serve and PRIMARY.';

/** Everything but PRIMARY, the original, what is attached to the colour that serves, and our own. */
function staleTaskSets(context: DeployContext, service: Service): TaskSet[] {
  const { plan, checkpoint } = context;
  const idleTargetGroup = plan.targetGroupArns[newColorOf(context)];
  const servingTargetGroup = plan.targetGroupArns[otherColor(newColorOf(context))];
  const primary = service.taskSets.find((set) => set.status === 'PRIMARY');
  const isPrimaryOurs = primary?.id === checkpoint.current.newTaskSetId;
  if (!isPrimaryOurs && primary?.targetGroupArns.includes(idleTargetGroup)) {
    throw new NeedsHumanError(
      `The PRIMARY task set ${primary.id} is attached to the ${newColorOf(context)} target group, which does not serve.`,
      { hint: START_OVER_FIRST, isResumable: false },
    );
  }
  return service.taskSets.filter(
    (set) =>
      set.status !== 'PRIMARY' &&
      !isKept(context, set) &&
      !isOurs(context, set) &&
      (!set.targetGroupArns.includes(servingTargetGroup) || set.status === 'DRAINING'),
  );
}

/**
 * What this deploy has made, and what it began with: by its id, for a person may have made another
 * one PRIMARY meanwhile.
 */
function isKept({ checkpoint }: DeployContext, { id, status }: TaskSet): boolean {
  const { newTaskSetId, own } = checkpoint.current;
  return id === newTaskSetId || (id === own.originalPrimaryId && status !== 'DRAINING');
}

function isOurs({ checkpoint }: DeployContext, set: TaskSet): boolean {
  return set.externalId === externalIdOf(checkpoint.current.own) && set.status !== 'DRAINING';
}

/** Scales down first: a forced deletion alone would cut off what the set's tasks are still doing. */
async function remove(context: DeployContext, { id, status }: TaskSet): Promise<void> {
  const { service } = context.aws;
  if (status !== 'DRAINING') {
    await achieve(context, {
      isReached: async () => {
        const now = await service.taskSet(id);
        return !now || now.scalePercent === 0 || now.status === 'DRAINING';
      },
      change: async () => {
        await assertMayRemove(context, id);
        await service.scaleTaskSet(id, 0);
      },
      waitingFor: `task set ${id} to accept scale 0`,
    });
    await waitUntil(context, context.plan.timeouts.removalMs, async () => {
      const tasks = await context.aws.tasks.unstopped(id);
      return tasks.length === 0
        ? { done: undefined }
        : { waitingFor: `${tasks.length} tasks of stale task set ${id} to stop` };
    });
    await achieve(context, {
      isReached: async () => ((await service.taskSet(id))?.status ?? 'DRAINING') === 'DRAINING',
      change: async () => {
        await assertMayRemove(context, id);
        await service.deleteTaskSet(id);
      },
      waitingFor: `task set ${id} to be deleted`,
    });
  }
  await waitUntil(
    context,
    context.plan.timeouts.removalMs,
    async () => {
      const [byId, all] = await Promise.all([service.taskSet(id), service.describe()]);
      const isGone = !byId && !all?.taskSets.some((set) => set.id === id);
      return isGone ? { done: undefined } : { waitingFor: `stale task set ${id} to be gone` };
    },
    {
      remedy:
        'A long deregistration delay of the target group needs a longer Timeouts.RemovalSeconds.',
    },
  );
}

/**
 * Looks once more right before each change: neither call has a precondition, and deleting what
 * serves would be the worst thing that this program can do.
 */
async function assertMayRemove(context: DeployContext, id: string): Promise<void> {
  const { aws, plan } = context;
  const [rules, service] = await Promise.all([
    aws.rules.describe(plan.listenerArn),
    readService(context),
  ]);
  const colors = readColors(rules, plan.targetGroupArns);
  assertNotMovedByOthers(prioritiesOf(colors), originalPrioritiesOf(context));
  const taskSet = service.taskSets.find((set) => set.id === id);
  const serves = taskSet?.targetGroupArns.includes(plan.targetGroupArns[colors.active]) ?? false;
  if (serves || taskSet?.status === 'PRIMARY') {
    throw new NeedsHumanError(
      `Task set ${id} was stale when the deploy began, but now it ${serves ? 'serves' : 'is PRIMARY'}. It was left alone.`,
      { hint: 'Find out who changed it, then -start-over.' },
    );
  }
}
