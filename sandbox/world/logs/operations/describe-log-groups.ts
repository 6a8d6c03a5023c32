import type {
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
  LogGroup as LogGroupShape,
} from '@aws-sdk/client-cloudwatch-logs';
import { within } from '../../constraints.ts';
import { ApiError } from '../../operation.ts';
import type { Operation } from '../../operation.ts';
import type { LogGroup } from '../state.ts';

const MAX_LIMIT = 50;

/**
 * Lists log groups by name. A prefix is no pattern and a longer name begins with it too: whoever
 * looks for one group has to compare.
 * @see DescribeLogGroups, Amazon CloudWatch Logs API Reference
 */
export const describeLogGroups: Operation<DescribeLogGroupsRequest, DescribeLogGroupsResponse> = {
  name: 'DescribeLogGroups',
  accepts: ['logGroupNamePrefix', 'limit', 'nextToken'],
  handle(input, { region }) {
    const limit = within(input.limit, {
      name: 'limit',
      min: 1,
      max: MAX_LIMIT,
      otherwise: MAX_LIMIT,
      code: 'InvalidParameterException',
    });
    const after = input.nextToken === undefined ? '' : decode(input.nextToken);
    const rest = [...region.logs.groups.values()]
      .filter(({ name }) => name.startsWith(input.logGroupNamePrefix ?? '') && name > after)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const shown = rest.slice(0, limit);
    const last = shown.at(-1);
    return {
      logGroups: shown.map(toShape),
      nextToken: last && rest.length > shown.length ? btoa(last.name) : undefined,
    };
  },
};

/** Times are plain numbers here, in milliseconds. */
function toShape({ name, arn, createdAt }: LogGroup): LogGroupShape {
  return {
    logGroupName: name,
    creationTime: createdAt.getTime(),
    metricFilterCount: 0,
    arn: `${arn}:*`,
    storedBytes: 0,
    logGroupClass: 'STANDARD',
    logGroupArn: arn,
  };
}

function decode(token: string): string {
  try {
    return atob(token);
  } catch {
    throw new ApiError('InvalidParameterException', 'The specified nextToken is invalid.');
  }
}
