import type { TaskSet } from './state.ts';

/**
 * The capacity provider of a set's next task: first every base is filled, then the one that is the
 * furthest behind its weight. Undefined for a set with a launch type.
 * @see CapacityProviderStrategyItem, Amazon ECS API Reference
 */
export function capacityProviderFor(taskSet: TaskSet): string | undefined {
  const { capacityProviderStrategy, tasks } = taskSet;
  if (capacityProviderStrategy.length === 0) return undefined;
  const counts = new Map<string | undefined, number>();
  for (const { capacityProviderName: name, desiredStatus } of tasks) {
    if (desiredStatus === 'RUNNING') counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  let best: { name: string; load: number } | undefined;
  for (const { capacityProvider: name = '', base = 0, weight = 0 } of capacityProviderStrategy) {
    const count = counts.get(name) ?? 0;
    const load = count < base ? -1 : weight > 0 ? (count - base) / weight : Infinity;
    if (!best || load < best.load) best = { name, load };
  }
  return best?.name;
}
