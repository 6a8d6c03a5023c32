import { fromIni } from '@aws-sdk/credential-providers';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';

/**
 * Credentials of one profile of the AWS configuration and of nothing else: with a profile that can't
 * be used, the default chain would go on to the machine's own role.
 */
export function profileCredentials(
  profile: string,
  region: string,
  learn: (identity: AwsCredentialIdentity) => void,
): AwsCredentialIdentityProvider {
  const provide = fromIni({ profile, clientConfig: { region } });
  return async (properties) => {
    const identity = await provide(properties);
    learn(identity);
    return identity;
  };
}
