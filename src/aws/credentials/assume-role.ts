import type { AwsCredentialIdentityProvider } from '@smithy/types';

export interface RoleToAssume {
  readonly roleArn: string;
  readonly region: string;
  readonly sessionName?: string;
  readonly externalId?: string;
  readonly durationSeconds?: number;
}

/**
 * Credentials of a role, assumed with those of the default chain. They are fetched at the first use
 * and fetched anew before they expire, so that a deploy may outlast them.
 * @see AssumeRole, AWS Security Token Service API Reference
 */
export async function assumeRole(role: RoleToAssume): Promise<AwsCredentialIdentityProvider> {
  const { fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
  return fromTemporaryCredentials({
    params: {
      RoleArn: role.roleArn,
      RoleSessionName: role.sessionName ?? 'ecs-deploy',
      ...(role.externalId === undefined ? {} : { ExternalId: role.externalId }),
      ...(role.durationSeconds === undefined ? {} : { DurationSeconds: role.durationSeconds }),
    },
    clientConfig: { region: role.region },
  });
}
