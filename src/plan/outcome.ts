import type { Comparison } from './compare-serving.ts';
import type { Check, Outcome } from './model.ts';
import type { LockState } from './read-lock.ts';
import type { Running } from './running.ts';

/** What decides what a look ahead comes to. */
export interface OutcomeInput {
  readonly checks: readonly Check[];
  readonly mode: 'deploy' | 'resume' | 'start-over';
  readonly lock: LockState | undefined;
  readonly running: Running | undefined;
  readonly comparison: Comparison | undefined;
  /** Whether something has to be put right first. */
  readonly isToBePutRight: boolean;
}

/** What a look ahead comes to. Only what is known to be the same is called so. */
export function outcomeOf(input: OutcomeInput): Outcome {
  const { checks, comparison, isToBePutRight, lock, mode, running } = input;
  if (checks.some(({ verdict }) => verdict === 'refused')) return 'refused';
  if (checks.some(({ verdict }) => verdict === 'unknown')) return 'unknown';
  if (!running?.snapshot || !comparison) return 'unknown';

  const isUnfinished = mode === 'resume' || !(lock === 'free' || lock === 'done');
  if (isUnfinished || isToBePutRight || !servesAlone(running)) return 'changes';
  const { differences, isSameVersion } = comparison;
  if (differences && differences.length > 0) return 'changes';
  // Without tags it is not known which version serves.
  const [serving] = running.serving;
  const areTagsKnown = serving !== undefined && running.details.has(serving.taskSet.id);
  if (areTagsKnown && !isSameVersion) return 'changes';
  return areTagsKnown && differences ? 'no-change' : 'unknown';
}

/** One task set serves, it is PRIMARY, and not being taken down. */
function servesAlone({ serving: [serving, ...others] }: Running): boolean {
  return serving !== undefined && others.length === 0 && serving.taskSet.status === 'PRIMARY';
}
