import { operation } from '../operation.ts';
import type { AnyOperation } from '../operation.ts';
import { attachRolePolicy } from './operations/attach-role-policy.ts';
import { createRole } from './operations/create-role.ts';
import { deleteRole } from './operations/delete-role.ts';
import { getRolePolicy } from './operations/get-role-policy.ts';
import { getRole } from './operations/get-role.ts';
import { listAttachedRolePolicies } from './operations/list-attached-role-policies.ts';
import { listRolePolicies } from './operations/list-role-policies.ts';
import { putRolePolicy } from './operations/put-role-policy.ts';
import { simulatePrincipalPolicy } from './operations/simulate-principal-policy.ts';

/** Every operation of IAM that the world implements. */
export const IAM_OPERATIONS: readonly AnyOperation[] = [
  operation(attachRolePolicy),
  operation(createRole),
  operation(deleteRole),
  operation(getRole),
  operation(getRolePolicy),
  operation(listAttachedRolePolicies),
  operation(listRolePolicies),
  operation(putRolePolicy),
  operation(simulatePrincipalPolicy),
];
