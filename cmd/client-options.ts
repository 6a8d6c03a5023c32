import type { CallLog } from '../src/aws/call-log.ts';
import type { ClientOptions } from '../src/aws/clients.ts';
import { type Account, credentialsFor } from '../src/aws/credentials/index.ts';
import type { DeployConfig } from '../src/config/config.ts';

/** What the clients of one account and region need, with the credentials that the config asks for. */
export async function clientOptions(
  config: DeployConfig,
  account: Account,
  log?: CallLog,
): Promise<ClientOptions> {
  const options = { region: account.region, ...(log === undefined ? {} : { log }) };
  if (config.credentials.provider === 'default') return options;
  // Brings the template engine.
  const { renderRoleArn } = await import('../src/templates/role-arn.ts');
  const credentials = await credentialsFor(config.credentials, account, renderRoleArn);
  return { ...options, ...(credentials === undefined ? {} : { credentials }) };
}

/** Where the lock table and ArtifactDB are. */
export function homeOf(config: DeployConfig): Account {
  return { accountId: config.configAccountId, region: config.configRegion };
}
