import type { StabilityStatus } from '@aws-sdk/client-ecs';
import type { At } from './at.ts';
import { countTasks } from './counts.ts';
import { addEvent, inSet } from './service-events.ts';
import type { TaskSet } from './state.ts';
import { targetHealth } from './targets.ts';

/**
 * Whether a set is steady now: as many tasks RUNNING as it should have, none on its way, and every
 * one of them healthy to its load balancer.
 * @see TaskSet stabilityStatus, Amazon ECS API Reference
 */
function isSteady(at: At, taskSet: TaskSet): boolean {
  const { running, pending } = countTasks(taskSet.tasks);
  if (running !== taskSet.computedDesiredCount || pending > 0) return false;
  for (const task of taskSet.tasks) {
    if (task.lastStatus === 'RUNNING' && targetHealth(at, task).state !== 'healthy') return false;
  }
  return true;
}

/** Brings a set's `stabilityStatus` up to date. The scheduler does it on each tick, nobody before. */
export function reviewStability(at: At, taskSet: TaskSet): void {
  const status: StabilityStatus = isSteady(at, taskSet) ? 'STEADY_STATE' : 'STABILIZING';
  if (status === taskSet.stabilityStatus) return;
  if (status === 'STABILIZING' && at.world.clock.monotonicMs() < taskSet.staleSteadyUntilMs) return;
  taskSet.stabilityStatus = status;
  taskSet.stabilityStatusAt = at.world.now();
  emitTaskSet(at, taskSet);
  if (status === 'STEADY_STATE') {
    addEvent(at, taskSet.service, `${inSet(taskSet)} updated state to STEADY_STATE.`);
  }
}

/**
 * After a change of scale a STEADY_STATE from before is shown for `staleSteadySeconds` more, even
 * over a tick: what it says is then about another count.
 */
export function settleStaleSteady(at: At, taskSet: TaskSet): void {
  if (taskSet.stabilityStatus !== 'STEADY_STATE') return;
  const { staleSteadySeconds } = at.world.settings;
  if (staleSteadySeconds <= 0) {
    reviewStability(at, taskSet);
    return;
  }
  const { world } = at;
  taskSet.staleSteadyUntilMs = world.clock.monotonicMs() + world.scaledMs(staleSteadySeconds);
  world.afterSeconds(staleSteadySeconds, () => reviewStability(at, taskSet));
}

/** Tells the world of a change of a set's status, scale or stability. */
export function emitTaskSet({ world }: At, taskSet: TaskSet): void {
  const { arn: taskSetArn, status, stabilityStatus } = taskSet;
  world.emit({ type: 'taskSet.changed', taskSetArn, status, stabilityStatus });
}
