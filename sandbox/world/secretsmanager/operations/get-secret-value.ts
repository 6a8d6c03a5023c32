import type {
  GetSecretValueRequest,
  GetSecretValueResponse,
} from '@aws-sdk/client-secrets-manager';
import { ApiError } from '../../operation.ts';
import type { Operation } from '../../operation.ts';
import { usableSecretOf, versionOf } from '../find.ts';

/** What the API answers; bytes are base64 on the wire. */
type Output = Omit<GetSecretValueResponse, 'SecretBinary'> & { SecretBinary?: string | undefined };

/** @see GetSecretValue, AWS Secrets Manager API Reference */
export const getSecretValue: Operation<GetSecretValueRequest, Output> = {
  name: 'GetSecretValue',
  accepts: ['SecretId', 'VersionId', 'VersionStage'],
  handle(input, { world, region }) {
    const secret = usableSecretOf(world, region, input.SecretId);
    const version = versionOf(secret, { id: input.VersionId, stage: input.VersionStage });
    if (!version) {
      const which =
        input.VersionId === undefined
          ? `staging label: ${input.VersionStage ?? 'AWSCURRENT'}`
          : `VersionId: ${input.VersionId}`;
      throw new ApiError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for ${which}`,
      );
    }
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      VersionStages: [...version.stages],
      CreatedDate: version.createdAt,
      ...('text' in version.value
        ? { SecretString: version.value.text }
        : { SecretBinary: version.value.base64 }),
    };
  },
};
