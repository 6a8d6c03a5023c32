import type { Color } from '../deploy/model.ts';
import type { IdleCost } from './environment-status.ts';
import type { RegionReads, TaskSize } from './ports.ts';
import type { Version } from './versions.ts';

/**
 * What the idle colour's tasks take; undefined when it runs none. It is only for showing: what can't
 * be read of it is left out, and no error.
 */
export async function readIdleCost(
  idle: Color,
  running: readonly Version[],
  reads: Pick<RegionReads, 'taskSize'>,
): Promise<IdleCost | undefined> {
  const taskSets = running
    .filter(({ color }) => color === idle)
    .map(({ taskSet }) => taskSet)
    .filter(({ runningCount }) => runningCount > 0);
  const tasks = taskSets.reduce((total, { runningCount }) => total + runningCount, 0);
  if (tasks === 0) return undefined;
  const sizes = await Promise.all(
    taskSets.map(async ({ runningCount, taskDefinitionArn }) => {
      const size = await reads.taskSize(taskDefinitionArn).catch(() => undefined);
      return size && times(runningCount, size);
    }),
  );
  const known = sizes.filter((size) => size !== undefined);
  return known.length === sizes.length ? { tasks, size: known.reduce(sumOfSizes) } : { tasks };
}

/** Of both together. */
export function sumOfSizes(a: TaskSize, b: TaskSize): TaskSize {
  return { vcpu: a.vcpu + b.vcpu, memoryGb: a.memoryGb + b.memoryGb };
}

function times(count: number, { vcpu, memoryGb }: TaskSize): TaskSize {
  return { vcpu: count * vcpu, memoryGb: count * memoryGb };
}
