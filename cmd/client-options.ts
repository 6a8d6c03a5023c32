import type { CallLog } from '../src/aws/call-log.ts';
import type { ClientOptions } from '../src/aws/clients.ts';
import { type Account, credentialsBy } from '../src/aws/credentials/index.ts';
import { systemClock } from '../src/clock.ts';
import type { DeployConfig } from '../src/config/config.ts';
import { createRedactor, type Redactor } from '../src/report/redactor.ts';
import type { CommandIo } from './options.ts';

/** What the clients of one account and region need, with the credentials that the config asks for. */
export type ClientOptionsFor = (account: Account) => Promise<ClientOptions>;

/** What else a command has. */
export interface Surroundings {
  readonly env: CommandIo['env'];
  /** Learns the secrets that are fetched. */
  readonly redactor?: Redactor;
  /** Told where credentials come from, if the config doesn't say. */
  readonly note?: (message: string) => void;
  readonly log?: CallLog | undefined;
}

/** Makes the options for all clients of a command: they share credentials. */
export function clientOptionsBy(config: DeployConfig, around: Surroundings): ClientOptionsFor {
  const { env, redactor = createRedactor(), note = () => {}, log } = around;
  const credentialsFor = credentialsBy(config.credentials, {
    env,
    clock: systemClock,
    redactor,
    note,
    renderRoleArn: async (template, account) => {
      const { renderRoleArn } = await import('../src/templates/role-arn.ts'); // Brings the template engine.
      return renderRoleArn(template, account);
    },
  });
  return async (account) => {
    const credentials = await credentialsFor(account);
    return {
      region: account.region,
      ...(credentials === undefined ? {} : { credentials }),
      ...(log === undefined ? {} : { log }),
    };
  };
}

/** Where the lock table and ArtifactDB are. */
export function homeOf(config: DeployConfig): Account {
  return { accountId: config.configAccountId, region: config.configRegion };
}
