import { ArtifactDbError } from '../artifactdb/errors.ts';
import {
  DeployError,
  FailedBeforeSwapError,
  InterruptedError,
  NeedsHumanError,
  RefusedError,
} from '../errors.ts';
import { LeaseLostError, MalformedLockItemError } from '../lock/errors.ts';
import { LockStoreError } from '../lock/store.ts';
import type { LockTarget } from './request.ts';
import { lockCommandLine } from './next-commands.ts';
import { MalformedCheckpointError } from './checkpoint.ts';
import { Interruption } from './interruption.ts';
import { hasNoCredentials, loginHint } from './no-credentials.ts';
import { CallFailedError } from './ports.ts';

/**
 * What a failure before the lock was held means: for users, in place of what the lock, ArtifactDB and
 * AWS call it. Nothing but the lock can have been written by then. Anything else is returned as it is.
 */
export function asEnding(error: unknown, interrupt?: AbortSignal): unknown {
  const ending = endingOf(error);
  if (!interrupt?.aborted || ending instanceof InterruptedError) return ending;
  // Whoever stopped it is to be told so, and what is not certain for that.
  const { message, signal } = interrupt.reason as Interruption;
  const what = ending instanceof Error ? ending.message : String(ending);
  const hint = ending instanceof DeployError ? ending.hint : '';
  return new InterruptedError(signal, `${message} ${what}`, { hint, cause: error });
}

function endingOf(error: unknown): unknown {
  if (error instanceof LockStoreError) return lockEnding(error);
  if (error instanceof MalformedLockItemError || error instanceof MalformedCheckpointError) {
    return new NeedsHumanError(`${error.message} It was left alone.`, {
      hint: 'Look at the item in the lock table; -start-over replaces the data, but not a malformed item.',
      cause: error,
    });
  }
  if (error instanceof LeaseLostError) {
    return new NeedsHumanError(`${error.message} Nothing else was changed.`, {
      hint: 'See who has the lock now, then try again.',
      cause: error,
    });
  }
  if (error instanceof Interruption) {
    return new InterruptedError(error.signal, `${error.message} Nothing was changed.`, {
      hint: '',
    });
  }
  if (error instanceof ArtifactDbError) {
    return new RefusedError(error.message, {
      hint: 'Look at the artifact in ArtifactDB.',
      cause: error,
    });
  }
  if (error instanceof CallFailedError || (error instanceof Error && hasNoCredentials(error))) {
    return new FailedBeforeSwapError(`${error.message} Nothing was changed.`, {
      hint: hintFor(error),
      cause: error,
    });
  }
  return error;
}

/** As `asEnding`, for what people do with a lock by hand. */
export function lockCommandEnding(
  error: unknown,
  target: LockTarget,
  interrupt: AbortSignal,
): unknown {
  if (!(error instanceof LockStoreError) || isRefusal(error)) return asEnding(error, interrupt);
  const ending = new FailedBeforeSwapError(
    `The lock table does not answer: ${error.message}${error.mayHaveWritten ? ' It may still take effect.' : ' Nothing was written.'}`,
    { hint: `See how the lock is now: ${lockCommandLine(target, 'show')}`, cause: error },
  );
  return asEnding(ending, interrupt);
}

function isRefusal({ failure }: LockStoreError): boolean {
  return failure === 'denied' || failure === 'invalid';
}

/** Whether a write that got no answer took the lock, nobody can know before a lease is over. */
function lockEnding(error: LockStoreError): Error {
  if (isRefusal(error)) {
    return new RefusedError(`The lock can't be used: ${error.message}`, {
      hint: error.message.includes('ResourceNotFoundException')
        ? 'Create the tables with ecs-deploy init, or correct LockTable and ConfigRegion in the configuration.'
        : 'Check LockTable and ConfigRegion in the configuration, and that the credentials may read and update the table.',
      cause: error,
    });
  }
  if (!error.mayHaveWritten) {
    return new FailedBeforeSwapError(
      `The lock table does not answer: ${error.message} Nothing was changed.`,
      { hint: 'Try again in a while.', cause: error },
    );
  }
  const message = `The lock table does not answer: ${error.message} The lock may be held by this run until its lease is over; nothing else was changed.`;
  return new FailedBeforeSwapError(message, {
    hint: 'Try again in a while. If the lock says then that a deploy was cut off at step 1, use -start-over.',
    cause: error,
  });
}

function hintFor(error: Error): string {
  const login = loginHint(error);
  if (login !== undefined) return login;
  if (!(error instanceof CallFailedError)) return '';
  return error.isTransient
    ? 'Try again in a while.'
    : 'Check what the credentials allow; docs/steps.md lists what each step needs.';
}
