import type { STSClient } from '@aws-sdk/client-sts';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { call, required } from './errors.ts';

const OPERATION = 'sts:GetCallerIdentity';

export interface Identity {
  readonly accountId: string;
  readonly arn: string;
}

/** Who the client's credentials belong to. Needs no permission. */
export async function callerIdentity(client: STSClient): Promise<Identity> {
  const answer = await call(OPERATION, () => client.send(new GetCallerIdentityCommand({})));
  return {
    accountId: required(OPERATION, 'Account', answer.Account),
    arn: required(OPERATION, 'Arn', answer.Arn),
  };
}
