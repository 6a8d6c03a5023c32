import type { CreateSecretRequest, CreateSecretResponse } from '@aws-sdk/client-secrets-manager';
import { required } from '../../constraints.ts';
import { ApiError } from '../../operation.ts';
import type { Operation } from '../../operation.ts';
import { invalidParameter, invalidRequest } from '../errors.ts';
import type { Secret } from '../state.ts';
import { addVersion, isSameValue, valueIn } from '../versions.ts';

const NAME = /^[\w/+=.@-]{1,512}$/;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * Creates a secret, with a first version when a value is given. Keys are not modelled: who may call,
 * may read. The same token with the same value again answers the same secret.
 * @see CreateSecret, AWS Secrets Manager API Reference
 */
export const createSecret: Operation<CreateSecretRequest, CreateSecretResponse> = {
  name: 'CreateSecret',
  accepts: [
    'Name',
    'SecretString',
    'SecretBinary',
    'Description',
    'KmsKeyId',
    'ClientRequestToken',
  ],
  handle(input, { world, region }) {
    const name = toName(required(input.Name, 'Name', 'ValidationException'));
    const value = valueIn(input);
    const token = input.ClientRequestToken ?? world.randomString(32);
    const known = region.secretsManager.secrets.get(name);
    if (known) {
      const version = known.versions.get(token);
      if (version && isSameValue(version.value, value)) return answer(known, token);
      throw alreadyThere(known);
    }
    const secret: Secret = {
      name,
      arn: region.arn('secretsmanager', `secret:${name}-${world.randomString(6, ALPHABET)}`),
      createdAt: world.now(),
      changedAt: world.now(),
      description: input.Description,
      kmsKeyId: input.KmsKeyId,
      deletedAt: undefined,
      goneAtMs: Infinity,
      versions: new Map(),
    };
    region.secretsManager.secrets.set(name, secret);
    if (!value) return answer(secret, undefined);
    return answer(secret, addVersion(secret, token, value, world.now()).id);
  },
};

function answer({ arn, name }: Secret, versionId: string | undefined): CreateSecretResponse {
  return { ARN: arn, Name: name, VersionId: versionId };
}

function toName(name: string): string {
  if (NAME.test(name)) return name;
  throw invalidParameter(
    'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
  );
}

function alreadyThere({ name, deletedAt }: Secret): ApiError {
  if (deletedAt) {
    return invalidRequest(
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  }
  return new ApiError(
    'ResourceExistsException',
    `The operation failed because the secret ${name} already exists.`,
  );
}
