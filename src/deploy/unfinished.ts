import { NeedsHumanError } from '../errors.ts';
import type { Checkpoint, OwnCheckpoint } from './checkpoint.ts';
import { type Colors, prioritiesOf, readColors, swapped } from './colors.ts';
import { SWAP_SEEN } from './checkpoint-log.ts';
import type { AwsPorts } from './ports.ts';
import { decidedIn, swapHasBegun } from './recorded.ts';
import { makeServingPrimary, restoreService } from './put-right.ts';
import type { DeployTools } from './request.ts';
import type { DeployContext } from './step.ts';
import { onceVisible, steadily } from './waiting.ts';
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
    // Whoever resumes after this one shall know whether the commands are wanted.
    const { commandsSkipped } = plan;
    const { contentIdentity = plan.contentIdentity } = own;
    return {
      ...recorded,
      own: { ...own, ...decidedIn(plan), ...machine, commandsSkipped, contentIdentity },
    };
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
      contentIdentity: plan.contentIdentity,
      ...decidedIn(plan),
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
  assertNotRolledBack(checkpoint.current, facts);
  if (newActiveColor !== '' && !own.priorities) {
    checkpoint.note({ own: unrecorded(plan, checkpoint.current, newActiveColor, facts) });
  }
  if (newTaskSetId === '' || facts.newTaskSet) return;
  const late = await awaitShown(context, newTaskSetId);
  if (!late) await forgetNewTaskSet(context, facts);
  else if (!own.taskDefinitionArn) {
    checkpoint.note({ own: { taskDefinitionArn: late.taskDefinitionArn } });
  }
}

/**
 * Step 10 begins only once the swap is seen: traffic that is back by then was sent back by a person,
 * who will not want a resume, perhaps one of CI, to move it once more.
 */
function assertNotRolledBack(recorded: Checkpoint, { colors, newTaskSet }: Facts): void {
  const { newActiveColor, step } = recorded;
  if (step < SWAP_SEEN || newActiveColor === '' || colors.active === newActiveColor) return;
  if (!newTaskSet) return; // Nothing to go back to: it is created anew.
  throw new NeedsHumanError(
    `Traffic went back to ${colors.active} after the swap, not by this deploy. Everything was left as it is.`,
    {
      hint: 'That looks like a rollback by hand; -start-over when you want to deploy again.',
      isResumable: false,
    },
  );
}

/** Somebody deleted it: it is to be created anew, and what served before must serve until then. */
async function forgetNewTaskSet(context: DeployContext, { colors }: Facts): Promise<void> {
  const { checkpoint } = context;
  const { current } = checkpoint;
  if (colors.active === current.newActiveColor && swapHasBegun(current)) {
    if (!(await restoreService(context))) {
      throw new NeedsHumanError(
        `${current.newTaskSetId} is gone, though traffic goes to ${colors.active}; the version before can't take it back.`,
        { hint: 'Begin anew with -start-over.', isResumable: false },
      );
    }
    await makeServingPrimary(context);
    checkpoint.note({ own: { swapBegun: false } });
  }
  // Another attempt needs another client token: for the old one ECS remembers the set that is gone.
  checkpoint.note({ newTaskSetId: '', own: { attempt: current.own.attempt + 1 } });
}

/** A task set that was not found may only be too new to show. */
async function awaitShown(context: DeployContext, taskSetId: string): Promise<TaskSet | undefined> {
  const found = await onceVisible(context, `task set ${taskSetId} to show, if it exists`, () =>
    context.aws.service.taskSet(taskSetId),
  );
  return found?.status === 'DRAINING' ? undefined : found;
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
