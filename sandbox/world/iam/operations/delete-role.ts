import type { DeleteRoleRequest } from '@aws-sdk/client-iam';
import { ApiError } from '../../operation.ts';
import type { Operation } from '../../operation.ts';
import { roleOf } from '../roles.ts';

/** @see DeleteRole, AWS Identity and Access Management API Reference */
export const deleteRole: Operation<DeleteRoleRequest, object> = {
  name: 'DeleteRole',
  accepts: ['RoleName'],
  handle(input, call) {
    const role = roleOf(call, input.RoleName);
    if (role.attached.size > 0) throw conflict('must detach all policies first.');
    if (role.policies.size > 0) throw conflict('must delete policies first.');
    call.world.iam.roles.delete(role.arn);
    return {};
  },
};

function conflict(what: string): ApiError {
  return new ApiError('DeleteConflict', `Cannot delete entity, ${what}`, { httpStatus: 409 });
}
