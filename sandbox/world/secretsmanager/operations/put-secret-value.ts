import type {
  PutSecretValueRequest,
  PutSecretValueResponse,
} from '@aws-sdk/client-secrets-manager';
import { ApiError } from '../../operation.ts';
import type { Operation } from '../../operation.ts';
import { invalidRequest } from '../errors.ts';
import { usableSecretOf } from '../find.ts';
import { addVersion, isSameValue, valueIn } from '../versions.ts';

/**
 * Adds a version to a secret and makes it the current one. Stages other than AWS's own are not
 * implemented.
 * @see PutSecretValue, AWS Secrets Manager API Reference
 */
export const putSecretValue: Operation<PutSecretValueRequest, PutSecretValueResponse> = {
  name: 'PutSecretValue',
  accepts: ['SecretId', 'SecretString', 'SecretBinary', 'ClientRequestToken'],
  handle(input, { world, region }) {
    const secret = usableSecretOf(world, region, input.SecretId);
    const value = valueIn(input);
    if (!value) throw invalidRequest('You must provide either SecretString or SecretBinary.');
    const token = input.ClientRequestToken ?? world.randomString(32);
    const known = secret.versions.get(token);
    if (known && !isSameValue(known.value, value)) {
      throw new ApiError(
        'ResourceExistsException',
        `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${secret.arn}.`,
      );
    }
    const version = known ?? addVersion(secret, token, value, world.now());
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      VersionStages: [...version.stages],
    };
  },
};
