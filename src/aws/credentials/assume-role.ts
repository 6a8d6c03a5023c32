import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { createStsClient } from '../clients.ts';
import { CredentialsError } from './credentials-error.ts';

export interface RoleToAssume {
  readonly roleArn: string;
  /** Of the STS that is asked. */
  readonly region: string;
  readonly sessionName?: string;
  readonly externalId?: string;
  readonly durationSeconds?: number;
  /** Whose credentials the role is assumed with; left out: those of the default chain. */
  readonly source?: AwsCredentialIdentityProvider;
}

/** What STS takes when it is not told: an hour. */
export const DEFAULT_DURATION_SECONDS = 3600;

/**
 * Credentials of a role.
 * @throws with the name and the status of AWS's error, and the role in its message.
 * @see AssumeRole, AWS Security Token Service API Reference
 */
export async function assumeRole(role: RoleToAssume): Promise<AwsCredentialIdentity> {
  const { roleArn, region, source } = role;
  const client = await createStsClient({
    region,
    ...(source === undefined ? {} : { credentials: source }),
  });
  const command = new AssumeRoleCommand({
    RoleArn: roleArn,
    RoleSessionName: role.sessionName ?? 'ecs-deploy',
    DurationSeconds: role.durationSeconds ?? DEFAULT_DURATION_SECONDS,
    ...(role.externalId === undefined ? {} : { ExternalId: role.externalId }),
  });
  try {
    const { Credentials: got } = await client.send(command);
    if (got?.AccessKeyId && got.SecretAccessKey && got.SessionToken) {
      return {
        accessKeyId: got.AccessKeyId,
        secretAccessKey: got.SecretAccessKey,
        sessionToken: got.SessionToken,
      };
    }
  } catch (error) {
    throw naming(roleArn, error);
  } finally {
    client.destroy();
  }
  throw new CredentialsError(
    `The role ${roleArn} can't be assumed: the answer has no credentials.`,
    {
      hint: 'Try again in a while.',
    },
  );
}

/** The error reaches people as that of the call which the credentials were for. */
function naming(roleArn: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, code, $metadata } = error as Error & { code?: unknown; $metadata?: unknown };
  const message = `The role ${roleArn} can't be assumed: ${error.message || name}`;
  return Object.assign(new Error(message, { cause: error }), {
    name,
    ...(code === undefined ? {} : { code }),
    ...($metadata === undefined ? {} : { $metadata }),
  });
}
