import { NeedsHumanError } from '../errors.ts';
import type { Checkpoint, OwnCheckpoint } from './checkpoint.ts';
import { type Colors, prioritiesOf, readColors, swapped } from './colors.ts';
import type { AwsPorts } from './ports.ts';
import { swapHasBegun } from './recorded.ts';
import { restoreService } from './restore-service.ts';
import type { DeployTools } from './request.ts';
import type { DeployContext } from './step.ts';
import { achieve, onceVisible, steadily } from './waiting.ts';
import { newDeployId } from './lineage.ts';
import { type Color, type Service, type TaskSet, otherColor } from './model.ts';
import type { DeployPlan } from './plan.ts';

/** What AWS shows of a deploy that was cut off. */
interface Facts {
  readonly colors: Colors;
  readonly service: Service | undefined;
  /** The task set that the checkpoint names, when it still exists. */
  readonly newTaskSet: TaskSet | undefined;
}

/**
 * The recorded checkpoint as this process goes on with it. What the original tool does not record is
 * still missing; `adoptFacts` reads it from AWS.
 */
export function ownedCheckpoint(
  plan: DeployPlan,
  recorded: Checkpoint,
  { machine, randomBytes }: DeployTools,
): Checkpoint & { readonly own: OwnCheckpoint } {
  if (recorded.own) {
    const { yielded: _yielded, ...own } = recorded.own;
    return { ...recorded, own: { ...own, ...machine } };
  }
  return {
    ...recorded,
    own: {
      deployId: newDeployId(randomBytes),
      attempt: 1,
      // It does not tell which commands have finished. Before the swap they run again, as with it.
      preCommandsDone: 0,
      postCommandsDone: 0,
      commandsSkipped: plan.commandsSkipped,
      ...machine,
      startedAt: `unknown (step ${recorded.step} of another tool)`,
    },
  };
}

/**
 * Brings the checkpoint of a deploy that was cut off up to what AWS shows, so that every step finds
 * what it needs: what the original tool does not record is read, and a task set that is gone is to be
 * created anew.
 */
export async function adoptFacts(context: DeployContext): Promise<void> {
  const { checkpoint, plan } = context;
  const { newActiveColor, newTaskSetId, own } = checkpoint.current;
  const facts = await steadily(context, () => readFacts(plan, checkpoint.current, context.aws));
  if (newActiveColor !== '' && !own.priorities) {
    checkpoint.note({ own: unrecorded(plan, checkpoint.current, newActiveColor, facts) });
  }
  if (newTaskSetId !== '' && !facts.newTaskSet && !(await shows(context, newTaskSetId))) {
    await forgetNewTaskSet(context, facts);
  }
}

/** Somebody deleted it: it is to be created anew, and what served before must serve until then. */
async function forgetNewTaskSet(context: DeployContext, { colors }: Facts): Promise<void> {
  const { checkpoint } = context;
  const { current } = checkpoint;
  if (colors.active === current.newActiveColor && swapHasBegun(current)) {
    if (!(await restoreService(context))) {
      throw new NeedsHumanError(
        `${current.newTaskSetId} is gone, though traffic goes to ${colors.active}; the version before can't take it back.`,
        { hint: 'Begin anew with -start-over.' },
      );
    }
    await makeServingPrimary(context);
    checkpoint.note({ own: { swapBegun: false } });
  }
  // Another attempt needs another client token: for the old one ECS remembers the set that is gone.
  checkpoint.note({ newTaskSetId: '', own: { attempt: current.own.attempt + 1 } });
}

/** Whether a task set that was not found is only too new to show. */
async function shows(context: DeployContext, taskSetId: string): Promise<boolean> {
  const found = await onceVisible(context, `task set ${taskSetId} to show, if it exists`, () =>
    context.aws.service.taskSet(taskSetId),
  );
  return found !== undefined && found.status !== 'DRAINING';
}

async function readFacts(
  plan: DeployPlan,
  { newTaskSetId }: Checkpoint,
  aws: AwsPorts,
): Promise<Facts> {
  const [rules, service, byId] = await Promise.all([
    aws.rules.describe(plan.listenerArn),
    aws.service.describe(),
    newTaskSetId === '' ? undefined : aws.service.taskSet(newTaskSetId),
  ]);
  const newTaskSet = byId ?? service?.taskSets.find((set) => set.id === newTaskSetId);
  return {
    colors: readColors(rules, plan.targetGroupArns),
    service,
    newTaskSet: newTaskSet?.status === 'DRAINING' ? undefined : newTaskSet,
  };
}

/** What a checkpoint of the original tool leaves out, as far as AWS shows it. */
function unrecorded(
  plan: DeployPlan,
  recorded: Checkpoint,
  newActiveColor: Color,
  { colors, newTaskSet, service }: Facts,
): Partial<OwnCheckpoint> {
  const hasSwapped = colors.active === newActiveColor && swapHasBegun(recorded);
  const priorities = prioritiesOf(colors);
  return {
    originalColor: otherColor(newActiveColor),
    priorities: hasSwapped ? swapped(priorities) : priorities,
    originalPrimaryId: originalPrimaryOf(plan, newActiveColor, newTaskSet, service)?.id ?? '',
    ...(newTaskSet ? { taskDefinitionArn: newTaskSet.taskDefinitionArn } : {}),
    ...(hasSwapped ? { preCommandsDone: plan.preDeployCommands.length } : {}),
  };
}

/** PRIMARY until the new task set became it; since then the one that is left on the other colour. */
function originalPrimaryOf(
  plan: DeployPlan,
  newColor: Color,
  newTaskSet: TaskSet | undefined,
  service: Service | undefined,
): TaskSet | undefined {
  const primary = service?.taskSets.find((set) => set.status === 'PRIMARY');
  if (primary?.id !== newTaskSet?.id) return primary;
  const originalGroup = plan.targetGroupArns[otherColor(newColor)];
  return service?.taskSets.find(
    (set) => set.status === 'ACTIVE' && set.targetGroupArns.includes(originalGroup),
  );
}

/**
 * Before a deploy begins anew: what serves becomes PRIMARY. A deploy that was cut off between the
 * swap and that step left the old version PRIMARY on the idle colour, where nothing may touch it; the
 * next task set would be put beside it, and both versions would serve after the next swap.
 */
export async function makeServingPrimary(context: DeployContext): Promise<void> {
  const only = await steadily(context, () => findServingWithoutPrimary(context));
  if (!only) return;
  context.report({ type: 'note', message: `${only.id} serves: making it PRIMARY first` });
  await achieve(context, {
    isReached: async () => (await findServingWithoutPrimary(context)) === undefined,
    change: () => context.aws.service.makePrimary(only.id),
    waitingFor: `${only.id} to become PRIMARY`,
  });
}

/** The one task set that serves without being PRIMARY; undefined when all is well, or nothing serves. */
async function findServingWithoutPrimary({
  aws,
  plan,
}: DeployContext): Promise<TaskSet | undefined> {
  const [rules, service] = await Promise.all([
    aws.rules.describe(plan.listenerArn),
    aws.service.describe(),
  ]);
  const { active } = readColors(rules, plan.targetGroupArns);
  const serving = (service?.taskSets ?? []).filter(
    (set) =>
      set.status !== 'DRAINING' && set.targetGroupArns.includes(plan.targetGroupArns[active]),
  );
  if (serving.some((set) => set.status === 'PRIMARY')) return undefined;
  if (serving.length > 1) {
    throw new NeedsHumanError(
      `${active} serves with several task sets, none of them PRIMARY: ${serving.map((set) => set.id).join(', ')}.`,
      { hint: 'Make the right one PRIMARY and delete the others, then -start-over.' },
    );
  }
  return serving[0];
}
