import { NeedsHumanError } from '../errors.ts';
import type { Checkpoint, OwnCheckpoint } from './checkpoint.ts';
import { type Colors, prioritiesOf, readColors, swapped } from './colors.ts';
import type { DeployTools } from './request.ts';
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
 * Brings a recorded checkpoint up to what AWS shows, so that every step finds what it needs: what the
 * original tool does not record is read, and a task set that is gone is to be created anew.
 */
export async function adoptFacts(
  plan: DeployPlan,
  recorded: Checkpoint,
  tools: DeployTools,
): Promise<Checkpoint & { readonly own: OwnCheckpoint }> {
  const facts = await readFacts(plan, recorded, tools);
  const own = recorded.own
    ? { ...withoutYield(recorded.own), ...tools.machine }
    : ownOf(plan, recorded, facts, tools);
  const isGone = recorded.newTaskSetId !== '' && !facts.newTaskSet;
  if (!isGone) return { ...recorded, own };
  // Another attempt needs another client token: for the old one ECS remembers the set that is gone.
  return { ...recorded, newTaskSetId: '', own: { ...own, attempt: own.attempt + 1 } };
}

async function readFacts(
  plan: DeployPlan,
  { newTaskSetId }: Checkpoint,
  { aws }: DeployTools,
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

function withoutYield({ yielded: _yielded, ...own }: OwnCheckpoint): OwnCheckpoint {
  return own;
}

/** For a checkpoint of the original tool, which has only its own six members. */
function ownOf(
  plan: DeployPlan,
  { newActiveColor, step }: Checkpoint,
  { colors, newTaskSet, service }: Facts,
  { clock: _clock, machine, randomBytes }: DeployTools,
): OwnCheckpoint {
  const hasSwapped = newActiveColor !== '' && colors.active === newActiveColor;
  const priorities = prioritiesOf(colors);
  return {
    deployId: newDeployId(randomBytes),
    attempt: 1,
    ...(newActiveColor === ''
      ? {}
      : {
          originalColor: otherColor(newActiveColor),
          priorities: hasSwapped ? swapped(priorities) : priorities,
          originalPrimaryId: originalPrimaryOf(plan, newActiveColor, newTaskSet, service)?.id ?? '',
        }),
    ...(newTaskSet ? { taskDefinitionArn: newTaskSet.taskDefinitionArn } : {}),
    // It does not tell which commands have finished. Before the swap they run again, as with it.
    preCommandsDone: hasSwapped ? plan.preDeployCommands.length : 0,
    postCommandsDone: 0,
    commandsSkipped: plan.commandsSkipped,
    ...machine,
    startedAt: `unknown (step ${step} of another tool)`,
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
export async function makeServingPrimary(plan: DeployPlan, { aws }: DeployTools): Promise<void> {
  const [rules, service] = await Promise.all([
    aws.rules.describe(plan.listenerArn),
    aws.service.describe(),
  ]);
  const { active } = readColors(rules, plan.targetGroupArns);
  const serving = (service?.taskSets ?? []).filter(
    (set) =>
      set.status !== 'DRAINING' && set.targetGroupArns.includes(plan.targetGroupArns[active]),
  );
  if (serving.some((set) => set.status === 'PRIMARY')) return;
  const [only, another] = serving;
  if (!only) return; // Nothing has ever served.
  if (another) {
    throw new NeedsHumanError(
      `${active} serves with several task sets, none of them PRIMARY: ${serving.map((set) => set.id).join(', ')}.`,
      { hint: 'Make the right one PRIMARY and delete the others, then -start-over.' },
    );
  }
  await aws.service.makePrimary(only.id);
}
