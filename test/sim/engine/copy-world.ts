import type { At } from '../../../sandbox/world/ecs/at.ts';
import { wakeScheduler } from '../../../sandbox/world/ecs/scheduler.ts';
import type { Task } from '../../../sandbox/world/ecs/state.ts';
import { containerExited, watchTargets } from '../../../sandbox/world/ecs/task-stop.ts';
import type { Region } from '../../../sandbox/world/region.ts';
import type { ScriptedRuntime } from '../../../sandbox/world/scripted-runtime.ts';

/** Members whose values are never changed in place, by their names: copies share them. */
const SHARED = new Set([
  'action',
  'capacityProviderStrategy',
  'conditions',
  'definition',
  'healthCheck',
  'loadBalancers',
  'matchers',
  'network',
  'rules',
  'shape',
]);

/**
 * Puts a copy of everything that `from` holds into the empty Region of another world. To build the
 * world by its operations takes longer than to deploy in it.
 *
 * Only for a Region at rest: its task sets steady, no task on its way, no target draining. All that
 * goes on by itself in such a world is the scheduler, which is woken here.
 */
export function copyRegion(from: Region, runtimeBefore: ScriptedRuntime, to: At): void {
  const { world, region } = to;
  const copies = new Map<object, object>();
  fill(region.elb.loadBalancers, from.elb.loadBalancers, copies);
  fill(region.elb.targetGroups, from.elb.targetGroups, copies);
  fill(region.elb.listeners, from.elb.listeners, copies);
  // A listener shares its rules with nobody's copy: they are told apart from `rules` of its nodes.
  for (const [arn, listener] of from.elb.listeners) {
    const copy = region.elb.listeners.get(arn);
    if (copy) Object.assign(copy, { rules: copyOf(listener.rules, copies) });
  }
  fill(region.elb.rules, from.elb.rules, copies);
  // Nobody pushes images during a run.
  for (const [name, repository] of from.ecr.repositories) {
    region.ecr.repositories.set(name, repository);
  }
  fill(region.ecs.families, from.ecs.families, copies);
  fill(region.ecs.clusters, from.ecs.clusters, copies);
  fill(region.ecs.clientTokens, from.ecs.clientTokens, copies);
  for (const service of from.ecs.liveServices) {
    region.ecs.liveServices.add(copyOf(service, copies));
  }
  for (const { taskArn, ...rest } of runtimeBefore.running()) {
    const task = taskOf(region, taskArn);
    world.runtime.start({ taskArn, ...rest }, (exit) => containerExited(to, task, exit));
  }
  watchTargets(to);
  wakeScheduler(to);
}

function taskOf(region: Region, arn: string): Task {
  for (const { tasks } of region.ecs.clusters.values()) {
    for (const task of tasks.values()) if (task.arn === arn) return task;
  }
  throw new Error(`The copied world has no task ${arn}.`);
}

function fill<V>(to: Map<string, V>, from: ReadonlyMap<string, V>, copies: Copies): void {
  for (const [key, value] of from) to.set(key, copyOf(value, copies));
}

type Copies = Map<object, object>;

/** Copies what is reachable, once each, so that the copy hangs together as the original does. */
function copyOf<T>(value: T, copies: Copies): T {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date || Object.isFrozen(value)) return value;
  const known = copies.get(value);
  if (known) return known as T;
  const copy = emptyLike(value);
  copies.set(value, copy);
  if (value instanceof Map) {
    for (const [key, member] of value)
      (copy as Map<unknown, unknown>).set(key, copyOf(member, copies));
  } else if (value instanceof Set) {
    for (const member of value) (copy as Set<unknown>).add(copyOf(member, copies));
  } else if (Array.isArray(value)) {
    for (const member of value) (copy as unknown[]).push(copyOf(member, copies));
  } else {
    const from = value as Record<string, unknown>;
    const to = copy as Record<string, unknown>;
    for (const key of Object.keys(from)) {
      to[key] = SHARED.has(key) ? from[key] : copyOf(from[key], copies);
    }
  }
  return copy as T;
}

function emptyLike(value: object): object {
  if (value instanceof Map) return new Map();
  if (value instanceof Set) return new Set();
  return Array.isArray(value) ? [] : {};
}
