import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { GetParametersCommand } from '@aws-sdk/client-ssm';
import type { Secret, SecretsPort } from '../verify/ports.ts';
import { call, isNamed, required } from './errors.ts';

const DESCRIBE_SECRET = 'secretsmanager:DescribeSecret';
const GET_PARAMETERS = 'ssm:GetParameters';

/** @see GetParameters, AWS Systems Manager API Reference: what one call takes. */
const NAMES_A_CALL = 10;

interface Clients {
  secretsManager(region: string): Promise<SecretsManagerClient>;
  ssm(region: string): Promise<SSMClient>;
}

/**
 * Secrets and parameters that tasks are given. No secret's value is asked for; parameters can't be
 * looked up without, so theirs are asked for undecrypted, and dropped.
 */
export function taskSecretsPort(clients: Clients): SecretsPort {
  return {
    secret: async (region, id) => describe(await clients.secretsManager(region), id),
    async missingParameters(region, names) {
      const client = await clients.ssm(region);
      const batches = Array.from({ length: Math.ceil(names.length / NAMES_A_CALL) }, (_, batch) =>
        names.slice(batch * NAMES_A_CALL, (batch + 1) * NAMES_A_CALL),
      );
      return (await Promise.all(batches.map((batch) => missingOf(client, batch)))).flat();
    },
  };
}

function describe(client: SecretsManagerClient, id: string): Promise<Secret | undefined> {
  return call(DESCRIBE_SECRET, async () => {
    try {
      const answer = await client.send(new DescribeSecretCommand({ SecretId: id }));
      return {
        isMarkedForDeletion: answer.DeletedDate !== undefined,
        stages: new Map(Object.entries(answer.VersionIdsToStages ?? {})),
      };
    } catch (error) {
      if (isNamed(error, 'ResourceNotFound')) return undefined;
      throw error;
    }
  });
}

async function missingOf(client: SSMClient, names: readonly string[]): Promise<string[]> {
  const answer = await call(GET_PARAMETERS, () =>
    client.send(new GetParametersCommand({ Names: [...names], WithDecryption: false })),
  );
  return required(GET_PARAMETERS, 'InvalidParameters', answer.InvalidParameters);
}
