import type { GetRolePolicyRequest, GetRolePolicyResponse } from '@aws-sdk/client-iam';
import { required } from '../../constraints.ts';
import type { Operation } from '../../operation.ts';
import { noSuchEntity } from '../errors.ts';
import { roleOf } from '../roles.ts';

/** @see GetRolePolicy, AWS Identity and Access Management API Reference */
export const getRolePolicy: Operation<GetRolePolicyRequest, GetRolePolicyResponse> = {
  name: 'GetRolePolicy',
  accepts: ['RoleName', 'PolicyName'],
  handle(input, call) {
    const role = roleOf(call, input.RoleName);
    const name = required(input.PolicyName, 'PolicyName', 'ValidationError');
    const document = role.policies.get(name);
    if (document === undefined) {
      throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
    }
    return {
      RoleName: role.name,
      PolicyName: name,
      PolicyDocument: encodeURIComponent(document),
    };
  },
};
