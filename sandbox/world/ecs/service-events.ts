import type { At } from './at.ts';
import { randomUuid } from './random-ids.ts';
import type { Service, TaskSet } from './state.ts';

const MAX_EVENTS = 100;
const QUIET_SECONDS = 6 * 3600;

/**
 * Adds a message to a service's events, which keep the newest 100.
 * @see Viewing Amazon ECS service event messages, Amazon ECS Developer Guide
 */
export function addEvent(at: At, service: Service, message: string): void {
  const id = randomUuid(at.world);
  // Frozen, so that answers can share them: polls would copy a hundred each time.
  service.events.push(Object.freeze({ id, createdAt: at.world.now(), message }));
  if (service.events.length > MAX_EVENTS) service.events.shift();
  at.world.emit({ type: 'service.event', serviceArn: service.arn, message });
}

/** As `addEvent`, unless the same message was added within 6 hours and is not resolved yet. */
export function addEventOnce(at: At, service: Service, message: string): void {
  const nowMs = at.world.clock.monotonicMs();
  const lastMs = service.quietMessages.get(message);
  if (lastMs !== undefined && nowMs - lastMs < at.world.scaledMs(QUIET_SECONDS)) return;
  service.quietMessages.set(message, nowMs);
  addEvent(at, service, message);
}

/** Lets a message be added again: what it tells of is over. */
export function resolveEvent(service: Service, message: string): void {
  service.quietMessages.delete(message);
}

/** `(service S, taskSet ecs-svc/N)`, as most messages begin. */
export function inSet({ id, service }: TaskSet): string {
  return `(service ${service.name}, taskSet ${id})`;
}
