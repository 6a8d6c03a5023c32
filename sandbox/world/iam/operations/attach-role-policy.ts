import type { AttachRolePolicyRequest } from '@aws-sdk/client-iam';
import { required } from '../../constraints.ts';
import { ApiError } from '../../operation.ts';
import type { Operation } from '../../operation.ts';
import { roleOf } from '../roles.ts';

const POLICY_ARN = /^arn:aws[a-z-]*:iam::(?:aws|\d{12}):policy\/(?:.+\/)?([^/]+)$/;

/**
 * Attaches a managed policy, any whose ARN is well formed: the policies themselves are not modelled.
 * @see AttachRolePolicy, AWS Identity and Access Management API Reference
 */
export const attachRolePolicy: Operation<AttachRolePolicyRequest, object> = {
  name: 'AttachRolePolicy',
  accepts: ['RoleName', 'PolicyArn'],
  handle(input, call) {
    const role = roleOf(call, input.RoleName);
    const arn = required(input.PolicyArn, 'PolicyArn', 'ValidationError');
    const [, name] = POLICY_ARN.exec(arn) ?? [];
    if (name === undefined) throw new ApiError('InvalidInput', `ARN ${arn} is not valid.`);
    role.attached.set(name, arn);
    return {};
  },
};
