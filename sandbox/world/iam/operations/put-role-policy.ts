import type { PutRolePolicyRequest } from '@aws-sdk/client-iam';
import { required } from '../../constraints.ts';
import type { Operation } from '../../operation.ts';
import { assertPolicy, roleOf } from '../roles.ts';

/** @see PutRolePolicy, AWS Identity and Access Management API Reference */
export const putRolePolicy: Operation<PutRolePolicyRequest, object> = {
  name: 'PutRolePolicy',
  accepts: ['RoleName', 'PolicyName', 'PolicyDocument'],
  handle(input, call) {
    const role = roleOf(call, input.RoleName);
    const name = required(input.PolicyName, 'PolicyName', 'ValidationError');
    const document = required(input.PolicyDocument, 'PolicyDocument', 'ValidationError');
    assertPolicy(document);
    role.policies.set(name, document);
    return {};
  },
};
