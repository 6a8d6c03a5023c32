import type { CreateLogGroupRequest } from '@aws-sdk/client-cloudwatch-logs';
import { ApiError } from '../../operation.ts';
import type { Operation } from '../../operation.ts';
import { groupName } from '../group-name.ts';

/** @see CreateLogGroup, Amazon CloudWatch Logs API Reference */
export const createLogGroup: Operation<CreateLogGroupRequest, object> = {
  name: 'CreateLogGroup',
  accepts: ['logGroupName'],
  handle(input, { world, region }) {
    const name = groupName(input.logGroupName);
    if (region.logs.groups.has(name)) {
      throw new ApiError(
        'ResourceAlreadyExistsException',
        'The specified log group already exists',
      );
    }
    const arn = region.arn('logs', `log-group:${name}`);
    region.logs.groups.set(name, { name, arn, createdAt: world.now() });
    return {};
  },
};
