import type { At } from './at.ts';
import { reconcile } from './reconcile.ts';
import { addEventOnce, resolveEvent } from './service-events.ts';
import { reviewStability } from './stability.ts';
import type { Service, TaskSet } from './state.ts';
import { forgetStoppedTasks } from './task-stop.ts';

/** Sees to it that the scheduler looks at this Region's services from now on, as long as there are any. */
export function wakeScheduler(at: At): void {
  const { ecs } = at.region;
  if (ecs.ticking) return;
  ecs.ticking = true;
  at.world.afterSeconds(at.world.settings.schedulerTickSeconds, () => {
    ecs.ticking = false;
    for (const service of ecs.liveServices) schedule(at, service);
    forgetStoppedTasks(at);
    if (ecs.liveServices.size > 0) wakeScheduler(at);
  });
}

function schedule(at: At, service: Service): void {
  for (const taskSet of service.taskSets.values()) {
    reconcile(at, taskSet);
    if (taskSet.status === 'DRAINING' && taskSet.tasks.size === 0) remove(at, taskSet);
    else reviewStability(at, taskSet);
  }
  if (service.status === 'DRAINING' && service.taskSets.size === 0) close(at, service);
  else tellSteadyState(at, service);
}

function remove({ world }: At, { id, arn, service }: TaskSet): void {
  service.taskSets.delete(id);
  world.emit({ type: 'taskSet.removed', taskSetArn: arn });
}

function close({ region }: At, service: Service): void {
  service.status = 'INACTIVE';
  region.ecs.liveServices.delete(service);
}

function tellSteadyState(at: At, service: Service): void {
  const sets = Array.from(service.taskSets.values());
  const isSteady = sets.length > 0 && sets.every((s) => s.stabilityStatus === 'STEADY_STATE');
  const message = `(service ${service.name}) has reached a steady state.`;
  if (isSteady) addEventOnce(at, service, message);
  else resolveEvent(service, message);
}
