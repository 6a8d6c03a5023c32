import type { At } from './at.ts';
import { addEvent } from './service-events.ts';
import { settleStaleSteady } from './stability.ts';
import type { TaskSet } from './state.ts';

/**
 * How many tasks a set should run: always rounded up. The epsilon keeps floating-point noise from
 * rounding up a whole number: 250 * 64.4 / 100 is a little more than 161.
 * @see TaskSet computedDesiredCount, Amazon ECS API Reference
 */
function computedCount(desiredCount: number, scalePercent: number): number {
  return Math.max(0, Math.ceil((desiredCount * scalePercent) / 100 - 1e-9));
}

/** Recomputes a set's count after its scale, its status or the service's count changed. */
export function rescale(at: At, taskSet: TaskSet): void {
  const { service, status, scalePercent } = taskSet;
  const count = status === 'DRAINING' ? 0 : computedCount(service.desiredCount, scalePercent);
  if (count === taskSet.computedDesiredCount) return;
  taskSet.computedDesiredCount = count;
  taskSet.updatedAt = at.world.now();
  addEvent(
    at,
    service,
    `(service ${service.name}) updated computedDesiredCount for taskSet ${taskSet.id} to ${count}.`,
  );
  settleStaleSteady(at, taskSet);
}
