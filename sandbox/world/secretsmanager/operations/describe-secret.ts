import type {
  DescribeSecretRequest,
  DescribeSecretResponse,
} from '@aws-sdk/client-secrets-manager';
import type { Operation } from '../../operation.ts';
import { secretOf } from '../find.ts';

/**
 * Shows a secret without its value, also one that is marked for deletion.
 * @see DescribeSecret, AWS Secrets Manager API Reference
 */
export const describeSecret: Operation<DescribeSecretRequest, DescribeSecretResponse> = {
  name: 'DescribeSecret',
  accepts: ['SecretId'],
  handle(input, { world, region }) {
    const secret = secretOf(world, region, input.SecretId);
    const staged = [...secret.versions.values()].filter(({ stages }) => stages.length > 0);
    return {
      ARN: secret.arn,
      Name: secret.name,
      Description: secret.description,
      KmsKeyId: secret.kmsKeyId,
      CreatedDate: secret.createdAt,
      LastChangedDate: secret.changedAt,
      DeletedDate: secret.deletedAt,
      VersionIdsToStages:
        staged.length === 0
          ? undefined
          : Object.fromEntries(staged.map(({ id, stages }) => [id, [...stages]])),
    };
  },
};
