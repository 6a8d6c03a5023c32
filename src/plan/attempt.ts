import { asEnding } from '../deploy/lock-endings.ts';
import { loginHint } from '../deploy/no-credentials.ts';
import { NeedsHumanError, RefusedError } from '../errors.ts';
import { LockStoreError } from '../lock/store.ts';
import { type Trouble, troubleOf } from '../status/trouble.ts';

/** What was read, or why it could not be. */
export type Attempt<T> =
  | { readonly value: T }
  | { readonly trouble: Trouble; readonly error: unknown };

/**
 * Does something that may be refused, or be unreadable.
 * @throws what is a bug of ours, and missing credentials: with them nothing at all can be known.
 */
export async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await work() };
  } catch (thrown) {
    const error = asDeployEnds(thrown);
    const trouble = troubleOf(error);
    if (!trouble || (error instanceof Error && loginHint(error) !== undefined)) throw error;
    return { trouble, error };
  }
}

/** What others wrote wrongly stops a deploy for good; what could not be read may be there next time. */
function asDeployEnds(error: unknown): unknown {
  if (error instanceof LockStoreError) return error;
  const ending = asEnding(error);
  return ending instanceof NeedsHumanError || ending instanceof RefusedError ? ending : error;
}

export function valueOf<T>(attempted: Attempt<T>): T | undefined {
  return 'value' in attempted ? attempted.value : undefined;
}
