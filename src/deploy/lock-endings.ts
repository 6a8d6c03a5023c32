import { ArtifactDbError } from '../artifactdb/errors.ts';
import {
  FailedBeforeSwapError,
  InterruptedError,
  NeedsHumanError,
  RefusedError,
} from '../errors.ts';
import { MalformedLockItemError } from '../lock/errors.ts';
import { LockStoreError } from '../lock/store.ts';
import { MalformedCheckpointError } from './checkpoint.ts';
import { Interruption } from './interruption.ts';
import { CallFailedError } from './ports.ts';

/**
 * What a failure before the first step means: for users, in place of what the lock, ArtifactDB and
 * AWS call it. Anything else is returned as it is.
 */
export function asEnding(error: unknown): unknown {
  if (error instanceof MalformedLockItemError || error instanceof MalformedCheckpointError) {
    return new NeedsHumanError(`${error.message} It was left alone.`, {
      hint: 'Look at the item in the lock table; -start-over replaces the data, but not a malformed item.',
      cause: error,
    });
  }
  if (error instanceof LockStoreError) {
    return new RefusedError(`The lock can't be used: ${error.message}`, {
      hint: 'Check LockTable and ConfigRegion in the configuration, and that the credentials may read and update the table.',
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
  if (error instanceof CallFailedError) {
    return new FailedBeforeSwapError(`${error.message} Nothing was changed.`, {
      hint: error.isTransient
        ? 'Try again in a while.'
        : 'Check what the credentials allow; docs/steps.md lists what each step needs.',
      cause: error,
    });
  }
  return error;
}
