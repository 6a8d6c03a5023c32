import type { DeleteLogGroupRequest } from '@aws-sdk/client-cloudwatch-logs';
import { ApiError } from '../../operation.ts';
import type { Operation } from '../../operation.ts';
import { groupName } from '../group-name.ts';

/** @see DeleteLogGroup, Amazon CloudWatch Logs API Reference */
export const deleteLogGroup: Operation<DeleteLogGroupRequest, object> = {
  name: 'DeleteLogGroup',
  accepts: ['logGroupName'],
  handle(input, { region }) {
    if (region.logs.groups.delete(groupName(input.logGroupName))) return {};
    throw new ApiError('ResourceNotFoundException', 'The specified log group does not exist.');
  },
};
