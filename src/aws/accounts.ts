import { RefusedError } from '../errors.ts';
import type { ClientOptions } from './clients.ts';
import { createStsClient } from './clients.ts';
import { callerIdentity } from './identity.ts';

/** Credentials and the account that they have to belong to. */
export interface ExpectedAccount {
  readonly accountId: string;
  /** Where the configuration names it. */
  readonly setting: string;
  readonly client: ClientOptions;
}

/**
 * Asks AWS whose the credentials are, before anything is written with them.
 * @throws {RefusedError} naming both accounts.
 */
export async function assertAccounts(expected: readonly ExpectedAccount[]): Promise<void> {
  await Promise.all(
    expected.map(async ({ accountId, setting, client }) => {
      const identity = await callerIdentity(await createStsClient(client));
      if (identity.accountId === accountId) return;
      throw new RefusedError(
        `The credentials belong to account ${identity.accountId} (${identity.arn}), but ${setting} is ${accountId}.`,
        { hint: 'Use credentials of that account, or set Credentials to assume a role in it.' },
      );
    }),
  );
}
