import { ArtifactDbError } from '../artifactdb/errors.ts';
import { loginHint } from '../deploy/no-credentials.ts';
import { CallFailedError } from '../deploy/ports.ts';
import { DeployError } from '../errors.ts';
import { MalformedLockItemError } from '../lock/errors.ts';
import { LockStoreError } from '../lock/store.ts';

/** Why something could not be read. Nothing was written. */
export interface Trouble {
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

/** What an error means to those who wanted to know something; undefined for a bug of ours. */
export function troubleOf(error: unknown): Trouble | undefined {
  if (!(error instanceof Error)) return undefined;
  // The lock table's adapter tells in its own words that nothing was signed.
  const { cause } = error;
  const origin = error instanceof LockStoreError && cause instanceof Error ? cause : error;
  const hint = loginHint(origin);
  if (hint !== undefined) return { message: noCredentials(origin), hint };
  if (error instanceof DeployError) return { message: error.message, hint: error.hint };
  if (error instanceof CallFailedError && error.code.includes('NotFound'))
    return {
      message: error.message,
      hint: 'Check that what the config names is in this account and Region.',
    };
  if (error instanceof CallFailedError || error instanceof LockStoreError)
    return {
      message: error.message,
      hint: 'Check whose credentials these are, and what they allow; else try again.',
    };
  if (error instanceof MalformedLockItemError)
    return { message: error.message, hint: 'Something else wrote to the lock table.' };
  if (error instanceof ArtifactDbError)
    return { message: error.message, hint: 'Something else wrote to ArtifactDB.' };
  return undefined;
}

function noCredentials(error: Error): string {
  return error instanceof CallFailedError ? error.message : `No AWS credentials: ${error.message}`;
}
