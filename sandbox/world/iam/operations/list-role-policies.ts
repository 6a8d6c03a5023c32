import type { ListRolePoliciesRequest, ListRolePoliciesResponse } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { roleOf } from '../roles.ts';

/**
 * Lists a role's own policies, all of them on one page.
 * @see ListRolePolicies, AWS Identity and Access Management API Reference
 */
export const listRolePolicies: Operation<ListRolePoliciesRequest, ListRolePoliciesResponse> = {
  name: 'ListRolePolicies',
  accepts: ['RoleName'],
  handle: (input, call) => ({
    PolicyNames: [...roleOf(call, input.RoleName).policies.keys()].sort(),
    IsTruncated: false,
  }),
};
