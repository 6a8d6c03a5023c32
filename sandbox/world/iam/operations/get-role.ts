import type { GetRoleRequest, GetRoleResponse } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { roleOf, toRoleShape } from '../roles.ts';

/** @see GetRole, AWS Identity and Access Management API Reference */
export const getRole: Operation<GetRoleRequest, GetRoleResponse> = {
  name: 'GetRole',
  accepts: ['RoleName'],
  handle: (input, call) => ({ Role: toRoleShape(roleOf(call, input.RoleName)) }),
};
