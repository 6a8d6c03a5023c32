import type { GetCallerIdentityRequest, GetCallerIdentityResponse } from '@aws-sdk/client-sts';
import type { Operation } from '../../operation.ts';
import { parseAssumedRoleArn, uniqueId } from '../identity.ts';

/** @see GetCallerIdentity, AWS Security Token Service API Reference */
export const getCallerIdentity: Operation<GetCallerIdentityRequest, GetCallerIdentityResponse> = {
  name: 'GetCallerIdentity',
  accepts: [],
  handle(_input, { caller }) {
    const { accountId, principalArn } = caller;
    const session = parseAssumedRoleArn(principalArn);
    const UserId = session
      ? `${uniqueId('AROA', session.roleArn)}:${session.sessionName}`
      : uniqueId('AIDA', principalArn);
    return { UserId, Account: accountId, Arn: principalArn };
  },
};
