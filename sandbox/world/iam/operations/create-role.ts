import type { CreateRoleRequest, CreateRoleResponse } from '@aws-sdk/client-iam';
import { required } from '../../constraints.ts';
import type { Operation } from '../../operation.ts';
import { createRole as create, toRoleShape } from '../roles.ts';

/** @see CreateRole, AWS Identity and Access Management API Reference */
export const createRole: Operation<CreateRoleRequest, CreateRoleResponse> = {
  name: 'CreateRole',
  accepts: ['RoleName', 'AssumeRolePolicyDocument', 'Path', 'Description', 'MaxSessionDuration'],
  handle(input, call) {
    const role = create(call, {
      name: required(input.RoleName, 'RoleName', 'ValidationError'),
      trustPolicy: required(
        input.AssumeRolePolicyDocument,
        'AssumeRolePolicyDocument',
        'ValidationError',
      ),
      path: input.Path,
      description: input.Description,
      maxSessionSeconds: input.MaxSessionDuration,
    });
    return { Role: toRoleShape(role) };
  },
};
