import type { Checkpoint } from '../deploy/checkpoint.ts';
import type { TaskSet } from '../deploy/model.ts';
import type { DeployPlan } from '../deploy/plan.ts';
import type { DeployRequest, DeployTools } from '../deploy/request.ts';
import { attempt } from './attempt.ts';
import { checkOf } from './checks.ts';
import type { Check, LookAhead } from './model.ts';
import type { FoundLock } from './read-lock.ts';
import { type Rehearsal, rehearse } from './rehearse.ts';
import { describeRunning, nameOfTaskSet, type Running } from './running.ts';
import { scriptOf } from './script.ts';
import { type Snapshot, Stage } from './stage.ts';
import { firstText, type Scene, stepsAhead, swapOf } from './steps-ahead.ts';

/** What a deploy would do, step by step. */
export interface Acted extends Pick<
  LookAhead,
  'first' | 'removed' | 'steps' | 'swap' | 'warnings'
> {
  readonly removedTaskSets: readonly TaskSet[];
  /** How many commands each step would run. */
  readonly commandCounts: ReadonlyMap<number, number>;
  readonly checkpoint: Checkpoint;
  /** Why it would come to no good end. */
  readonly failed?: Check;
}

/** Acts the deploy out on a copy of what runs, as if it had the lock. */
export async function actOut(
  request: DeployRequest,
  plan: DeployPlan,
  options: {
    readonly snapshot: Snapshot;
    readonly running: Running;
    readonly lock: FoundLock;
    /** What step 1 would do. */
    readonly lockText: string;
    readonly recorded?: Checkpoint;
    readonly tools: DeployTools;
  },
): Promise<Acted> {
  const { lockText, running, snapshot, tools } = options;
  const { taskDefinitions, targets } = tools.aws;
  const stage = new Stage(snapshot, {
    targets,
    findTagged: (family, tag) => taskDefinitions.findTagged(family, tag),
  });
  const script = scriptOf(request, plan, options);
  const rehearsal = await rehearse(script, stage, tools);
  const scene: Scene = {
    plan,
    snapshot,
    lock: lockText,
    nameOf: (taskSet) => nameOfTaskSet(taskSet, running.versions),
  };
  const removedTaskSets = removedIn(rehearsal, snapshot);
  const swap = swapOf(rehearsal, plan, snapshot);
  const failed = await failureIn(rehearsal);
  return {
    first: rehearsal.first.map((change) => firstText(change, scene)),
    steps: stepsAhead(rehearsal, scene),
    removedTaskSets,
    commandCounts: new Map(rehearsal.steps.map((step) => [step.number, step.commands.length])),
    removed: removedTaskSets.map((taskSet) => {
      const color = running.versions.find((each) => each.taskSet.id === taskSet.id)?.color;
      return { ...describeRunning(taskSet, running.versions), ...(color && { color }) };
    }),
    ...(swap && { swap }),
    checkpoint: rehearsal.checkpoint,
    warnings: rehearsal.warnings,
    ...(failed && { failed }),
  };
}

/** Those that are removed, and those that are waited for because they are leaving already. */
function removedIn({ steps }: Rehearsal, { service }: Snapshot): TaskSet[] {
  const step = steps.find(({ number }) => number === 4);
  if (!step || step.skipped !== undefined) return [];
  const leaving = service.taskSets.filter(({ status }) => status === 'DRAINING');
  const removed = step.changes.flatMap((change) =>
    change.kind === 'remove' ? service.taskSets.filter(({ id }) => id === change.taskSet.id) : [],
  );
  return [...leaving, ...removed];
}

async function failureIn({ failure }: Rehearsal): Promise<Check | undefined> {
  if (failure === undefined) return undefined;
  const attempted = await attempt(async () => {
    throw failure;
  });
  return checkOf('deploy', attempted, () => '');
}
