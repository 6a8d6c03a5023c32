import { RefusedError } from '../errors.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { DeployRequest } from './request.ts';

/**
 * Resuming means the same artifact and configuration, and something left to do.
 * @throws {RefusedError}
 */
export function assertResumable(request: DeployRequest, recorded: Checkpoint): void {
  const { artifact, configSha, done } = recorded;
  if (done) {
    throw new RefusedError(
      `The deploy of ${artifact.value} has succeeded; there is nothing to resume.`,
      {
        hint: 'Deploy without -resume.',
      },
    );
  }
  if (configSha !== request.configSha) {
    throw new RefusedError(
      `The deploy that was cut off used configuration ${configSha}, this is ${request.configSha}.`,
      { hint: `Check out ${configSha}, or use -start-over to deploy with this configuration.` },
    );
  }
  const recordedSha = artifact.tags?.['SHA'] ?? '';
  const { sha } = request;
  if (
    sha !== undefined &&
    !recordedSha.startsWith(sha) &&
    !(recordedSha && sha.startsWith(recordedSha))
  ) {
    throw new RefusedError(
      `The deploy that was cut off is of ${artifact.value} (SHA ${recordedSha || 'unknown'}), not of ${sha}.`,
      { hint: 'Leave out -sha to resume it, or use -start-over to deploy the other artifact.' },
    );
  }
}
