import type { AwsCredentialIdentityProvider } from '@smithy/types';
import type { CredentialsConfig } from '../../config/config.ts';
import { assumeRole } from './assume-role.ts';

/** The account that credentials are for. */
export interface Account {
  readonly accountId: string;
  readonly region: string;
}

/**
 * Where the credentials for one account come from. Undefined: from the SDK's default chain
 * (environment, profile, container or instance).
 * @param renderRoleArn Puts the account into the configured template.
 */
export async function credentialsFor(
  config: CredentialsConfig,
  account: Account,
  renderRoleArn: (template: string, account: Account) => string,
): Promise<AwsCredentialIdentityProvider | undefined> {
  if (config.provider === 'default') return undefined;
  const { roleArnTemplate, provider: _provider, ...role } = config;
  return assumeRole({
    ...role,
    roleArn: renderRoleArn(roleArnTemplate, account),
    region: account.region,
  });
}
