import type { JsonObject } from '../config/json.ts';
import type { DeployPlan } from '../deploy/plan.ts';
import type { DeployRequest } from '../deploy/request.ts';
import type { Acted } from './act-out.ts';
import { attempt, valueOf } from './attempt.ts';
import type { Comparison } from './compare-serving.ts';
import { containersOf, definitionOf } from './definition.ts';
import { type Duration, durationOf, type GroupTimes } from './duration.ts';
import type { Unknown } from './model.ts';
import type { PlanReads } from './ports.ts';
import type { FoundLock } from './read-lock.ts';

/** The settings of both target groups that take time, as far as they can be read. */
export interface FoundTimes {
  /** By ARN. */
  readonly groups: ReadonlyMap<string, GroupTimes>;
  readonly unknown: readonly Unknown[];
}

export async function readGroupTimes(
  { targetGroupArns }: DeployPlan,
  { targetGroups }: Pick<PlanReads, 'targetGroups'>,
): Promise<FoundTimes> {
  const unknown: Unknown[] = [];
  const read = async (color: 'blue' | 'green') => {
    const arn = targetGroupArns[color];
    const [group, delay] = await Promise.all([
      attempt(() => targetGroups.find(arn)),
      attempt(() => targetGroups.deregistrationDelaySeconds(arn)),
    ]);
    for (const attempted of [group, delay]) {
      if (!('trouble' in attempted)) continue;
      unknown.push({ what: `how long ${color} takes`, message: attempted.trouble.message });
    }
    const found = valueOf(group);
    if (!found) return [];
    const { healthyThreshold, intervalSeconds } = found.healthCheck;
    const seconds = valueOf(delay);
    const rest = seconds === undefined ? {} : { deregistrationDelaySeconds: seconds };
    return [[arn, { healthyThreshold, intervalSeconds, ...rest }] as const];
  };
  const groups = await Promise.all([read('blue'), read('green')]);
  return { groups: new Map(groups.flat()), unknown };
}

/** How long the deploy that was acted out would take; undefined when it would not get far. */
export function durationAhead(
  request: DeployRequest,
  known: {
    readonly plan: DeployPlan;
    readonly acted: Acted;
    readonly comparison?: Comparison;
    readonly lock: FoundLock;
    readonly times: FoundTimes;
  },
): Duration | undefined {
  const { acted, comparison, lock, plan, times } = known;
  const { newActiveColor: newColor } = acted.checkpoint;
  if (newColor === '' || acted.failed) return undefined;
  const { bakeMs, targetGroupArns, timeouts } = plan;
  const commandsIn = (step: number) => acted.commandCounts.get(step) ?? 0;
  return durationOf({
    ahead: new Set(
      acted.steps.filter(({ state }) => state === 'ahead').map(({ number }) => number),
    ),
    takeOverSeconds: isTakenOver(request, lock) ? (lock.holder?.leaseDurationMs ?? 0) / 1000 : 0,
    removed: acted.removedTaskSets,
    newColor,
    groups: times.groups,
    preCommands: commandsIn(2),
    postCommands: commandsIn(12),
    stopSeconds: stopSeconds(comparison?.definition ?? definitionOf(plan)),
    bakeMs,
    targetGroupArns,
    timeouts,
  });
}

/** Yielded ones are taken over at once: their lease is 0 s. */
function isTakenOver({ mode }: DeployRequest, { state }: FoundLock): boolean {
  return state === 'done' || (mode !== 'deploy' && (state === 'silent' || state === 'yielded'));
}

/** @see ContainerDefinition.stopTimeout, Amazon ECS API Reference */
const STOP_SECONDS = 30;

/** The longest that a container has between being asked to stop and being killed. */
function stopSeconds(definition: Parameters<typeof containersOf>[0]): number {
  const times = containersOf(definition).map(({ stopTimeout }: JsonObject) =>
    typeof stopTimeout === 'number' ? stopTimeout : STOP_SECONDS,
  );
  return Math.max(...times, 0);
}
