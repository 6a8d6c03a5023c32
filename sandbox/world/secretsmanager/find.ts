import type { Region } from '../region.ts';
import type { World } from '../world.ts';
import { required } from '../constraints.ts';
import { invalidRequest, secretNotFound } from './errors.ts';
import type { Secret, SecretVersion } from './state.ts';

/**
 * A secret by its name, its ARN, or its ARN without the random end. One whose recovery window is
 * over is gone.
 * @throws {ApiError} ResourceNotFoundException; ValidationException without an id.
 * @see What's in a Secrets Manager secret?, AWS Secrets Manager User Guide
 */
export function secretOf(world: World, region: Region, secretId: string | undefined): Secret {
  const id = required(secretId, 'SecretId', 'ValidationException');
  const found = [...region.secretsManager.secrets.values()].find(
    ({ name, arn }) => id === name || id === arn || id === arn.slice(0, -7),
  );
  if (!found) throw secretNotFound();
  if (found.deletedAt && world.clock.wallMs() >= found.goneAtMs) {
    region.secretsManager.secrets.delete(found.name);
    throw secretNotFound();
  }
  return found;
}

/**
 * As `secretOf`, for what does not work on a secret that is marked for deletion.
 * @throws {ApiError} InvalidRequestException for such a one.
 */
export function usableSecretOf(world: World, region: Region, secretId: string | undefined): Secret {
  const secret = secretOf(world, region, secretId);
  if (secret.deletedAt) {
    throw invalidRequest(
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  }
  return secret;
}

/** The version with an id, or a stage, or both; the current one when neither is given. */
export function versionOf(
  secret: Secret,
  { id, stage }: { id?: string | undefined; stage?: string | undefined },
): SecretVersion | undefined {
  const wanted = id === undefined ? (stage ?? 'AWSCURRENT') : stage;
  return [...secret.versions.values()].find(
    (version) =>
      (id === undefined || version.id === id) &&
      (wanted === undefined || version.stages.includes(wanted)),
  );
}
