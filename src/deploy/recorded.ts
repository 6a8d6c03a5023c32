import type { Checkpoint, OwnCheckpoint } from './checkpoint.ts';
import type { Priorities } from './colors.ts';
import type { Color } from './model.ts';
import type { DeployPlan } from './plan.ts';
import type { DeployContext } from './step.ts';

/**
 * What earlier steps have recorded in the checkpoint. The order of the steps guarantees that it is
 * there, so that its absence is a bug of ours.
 */
export function newColorOf(context: DeployContext): Color {
  return recorded('newActiveColor', context.checkpoint.current.newActiveColor);
}

export function newTaskSetIdOf(context: DeployContext): string {
  return recorded('newTaskSetId', context.checkpoint.current.newTaskSetId);
}

export function originalPrioritiesOf(context: DeployContext): Priorities {
  return recorded('priorities', context.checkpoint.current.own.priorities);
}

export function taskDefinitionArnOf(context: DeployContext): string {
  return recorded('taskDefinitionArn', context.checkpoint.current.own.taskDefinitionArn);
}

/**
 * Whether the swap may have been sent. The step's number alone does not tell: a resume that prepares
 * the swap anew writes lower ones, while the request of the run before may still take effect.
 */
export function swapHasBegun({ newTaskSetId, own, step }: Checkpoint): boolean {
  if (newTaskSetId === '') return false;
  return own?.swapBegun ?? step >= 9;
}

/** What a plan has decided, and whoever goes on with it shall not decide anew. */
export function decidedIn({ gateOverride, imageDigests }: DeployPlan): Partial<OwnCheckpoint> {
  return { imageDigests, ...(gateOverride === undefined ? {} : { gateOverride }) };
}

function recorded<T>(what: string, value: T | undefined): Exclude<T, ''> {
  if (value !== undefined && value !== '') return value as Exclude<T, ''>;
  throw new Error(`The checkpoint has no ${what} although the step that records it is behind us.`);
}
