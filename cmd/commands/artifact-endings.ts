import {
  ArtifactCycleError,
  ArtifactDbError,
  ArtifactNotFoundError,
  InvalidArtifactIdError,
  InvalidProjectNameError,
  InvalidTagError,
  MalformedArtifactError,
  MalformedJournalError,
} from '../../src/artifactdb/errors.ts';
import { CallFailedError } from '../../src/deploy/ports.ts';
import { DeployError, EXIT, RefusedError, UsageError } from '../../src/errors.ts';
import type { CommandIo } from '../options.ts';

/** ArtifactDB could not be asked, or not be changed. */
class ArtifactDbFailedError extends DeployError {
  readonly code = 'artifact-db';
  readonly exitCode = EXIT.failedBeforeSwap;
}

/** Where the artifacts are. */
export interface Place {
  readonly region: string;
  readonly table: string;
  readonly env: CommandIo['env'];
}

/** Turns what went wrong in ArtifactDB into an ending. What it does not know, it returns as it is. */
export function toEnding(error: unknown, place: Place): unknown {
  if (!(error instanceof Error) || error instanceof DeployError) return error;
  if (error.name === 'CredentialsProviderError') return noCredentials(error);

  if (error instanceof CallFailedError) return callFailed(error, place);
  if (error instanceof ArtifactNotFoundError) {
    return new RefusedError(`${error.message} in table ${place.table} (${place.region})`, {
      hint: 'The command list -p <project> shows what there is.',
      cause: error,
    });
  }
  if (isInputError(error)) return new UsageError(error.message, { hint: '', cause: error });
  if (error instanceof ArtifactCycleError) {
    return new RefusedError(error.message, { hint: 'One of them is wrong.', cause: error });
  }
  if (error instanceof ArtifactDbError) {
    return new ArtifactDbFailedError(error.message, { hint: hintForOwn(error), cause: error });
  }
  return error;
}

function isInputError(error: Error): boolean {
  return (
    error instanceof InvalidArtifactIdError ||
    error instanceof InvalidTagError ||
    error instanceof InvalidProjectNameError
  );
}

function hintForOwn(error: ArtifactDbError): string {
  return error instanceof MalformedArtifactError || error instanceof MalformedJournalError
    ? 'Something else wrote that item: correct or delete it in the table.'
    : 'Try again.';
}

function noCredentials(error: Error): ArtifactDbFailedError {
  return new ArtifactDbFailedError(`No AWS credentials: ${error.message}`, {
    hint: 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    cause: error,
  });
}

function callFailed(error: CallFailedError, { region, table, env }: Place): ArtifactDbFailedError {
  if (error.code === 'ResourceNotFoundException') {
    const other = env['AWS_REGION'];
    const why =
      other && other !== region ? `AWS_REGION is ${other}, which is not heeded here. ` : '';
    return new ArtifactDbFailedError(`There is no table ${table} in ${region}`, {
      hint: `${why}Check --table, --region and whose credentials these are.`,
      cause: error,
    });
  }
  return new ArtifactDbFailedError(`Table ${table} (${region}): ${error.message}`, {
    hint: hintFor(error),
    cause: error,
  });
}

function hintFor(error: CallFailedError): string {
  const { code, operation, isTransient, isOutcomeUnknown } = error;
  if (/Item size .*has exceeded/.test(error.message)) {
    return 'An artifact has room for 400 KB, its tags and their names included.';
  }
  const isChange = /:(Put|Update)/.test(operation);
  if (isChange && isOutcomeUnknown) {
    return 'It may have been done all the same: look before you try again.';
  }
  if (isTransient) return 'Try again.';
  return /Expired|AccessDenied|UnrecognizedClient|InvalidSignature/.test(code)
    ? 'Check whose credentials these are, and what they allow.'
    : '';
}
