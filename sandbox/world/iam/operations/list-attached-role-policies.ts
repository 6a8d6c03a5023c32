import type {
  ListAttachedRolePoliciesRequest,
  ListAttachedRolePoliciesResponse,
} from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { roleOf } from '../roles.ts';

/**
 * Lists the managed policies of a role, all of them on one page.
 * @see ListAttachedRolePolicies, AWS Identity and Access Management API Reference
 */
export const listAttachedRolePolicies: Operation<
  ListAttachedRolePoliciesRequest,
  ListAttachedRolePoliciesResponse
> = {
  name: 'ListAttachedRolePolicies',
  accepts: ['RoleName'],
  handle: (input, call) => ({
    AttachedPolicies: [...roleOf(call, input.RoleName).attached].map(([PolicyName, PolicyArn]) => ({
      PolicyName,
      PolicyArn,
    })),
    IsTruncated: false,
  }),
};
