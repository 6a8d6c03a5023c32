import type { DeleteSecretRequest, DeleteSecretResponse } from '@aws-sdk/client-secrets-manager';
import { dateOf } from '../../../epoch.ts';
import type { Operation } from '../../operation.ts';
import { invalidParameter } from '../errors.ts';
import { usableSecretOf } from '../find.ts';

const DAY_SECONDS = 24 * 3600;

/**
 * Marks a secret for deletion, or deletes it at once. Unlike AWS, which takes it for done, deleting
 * by force what is not there is refused.
 * @see DeleteSecret, AWS Secrets Manager API Reference
 */
export const deleteSecret: Operation<DeleteSecretRequest, DeleteSecretResponse> = {
  name: 'DeleteSecret',
  accepts: ['SecretId', 'RecoveryWindowInDays', 'ForceDeleteWithoutRecovery'],
  handle(input, { world, region }) {
    const secret = usableSecretOf(world, region, input.SecretId);
    const { RecoveryWindowInDays: days = 30, ForceDeleteWithoutRecovery: isForced } = input;
    if (isForced && input.RecoveryWindowInDays !== undefined) {
      throw invalidParameter(
        "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
      );
    }
    if (!Number.isInteger(days) || days < 7 || days > 30) {
      throw invalidParameter(
        'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
      );
    }
    if (isForced) region.secretsManager.secrets.delete(secret.name);
    const waitMs = isForced ? 0 : world.scaledMs(days * DAY_SECONDS);
    secret.deletedAt = world.now();
    secret.goneAtMs = world.clock.wallMs() + waitMs;
    return { ARN: secret.arn, Name: secret.name, DeletionDate: dateOf(secret.goneAtMs) };
  },
};
