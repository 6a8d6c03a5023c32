import { isNamed } from './errors.ts';

interface ConditionFailed extends Error {
  readonly $metadata?: Attempts;
}

/** What the SDK tells of how it got an answer. */
interface Attempts {
  readonly attempts?: number | undefined;
}

/** Whether AWS refused a write because its condition does not hold. */
export function isConditionFailed(error: unknown): error is ConditionFailed {
  return isNamed(error, 'ConditionalCheckFailedException');
}

/**
 * Whether an earlier attempt of the same call may have made the change, and its answer was lost. The
 * SDK tells only how many attempts there were, not how those before the last one ended.
 */
export function mayHaveBeenDone({ $metadata }: { readonly $metadata?: Attempts }): boolean {
  return ($metadata?.attempts ?? 1) > 1;
}
