import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { ReferenceAnswer } from '../templates/references.ts';
import { call, isNamed, required } from './errors.ts';

const DESCRIBE_SECRET = 'secretsmanager:DescribeSecret';

/**
 * The full ARNs of secrets of the Secrets Manager: with the six characters that AWS adds to a name,
 * without which ECS may find another secret. Their values are never read.
 * @param names each a name or an ARN
 * @returns one answer for each, in their order
 * @throws {CallFailedError}
 * @see DescribeSecret, AWS Secrets Manager API Reference
 */
export function describeSecrets(
  client: SecretsManagerClient,
  names: readonly string[],
): Promise<ReferenceAnswer[]> {
  return Promise.all(names.map((name) => describeSecret(client, name)));
}

function describeSecret(client: SecretsManagerClient, name: string): Promise<ReferenceAnswer> {
  return call(DESCRIBE_SECRET, async () => {
    try {
      const answer = await client.send(new DescribeSecretCommand({ SecretId: name }));
      if (answer.DeletedDate) {
        return {
          problem: 'is going to be deleted',
          hint: 'Restore the secret, or name another one.',
        };
      }
      return { value: required(DESCRIBE_SECRET, 'ARN', answer.ARN) };
    } catch (error) {
      if (isNamed(error, 'ResourceNotFound')) return { problem: 'is not there', hint: HINT };
      if (isNamed(error, 'Validation', 'InvalidParameter')) {
        return { problem: "is no secret's name" };
      }
      throw error;
    }
  });
}

const HINT = "Parameters and secrets are looked for in the environment's account and region.";
