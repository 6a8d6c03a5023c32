import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { LogGroupsPort } from '../verify/ports.ts';
import { call, required } from './errors.ts';

const DESCRIBE = 'logs:DescribeLogGroups';

/** Log groups over CloudWatch Logs. */
export function logGroupsPort(
  clientFor: (region: string) => Promise<CloudWatchLogsClient>,
): LogGroupsPort {
  return {
    async exists(region, name) {
      const client = await clientFor(region);
      const answer = await call(DESCRIBE, () =>
        client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name })),
      );
      // Sorted by name: of all that begin with it, the group itself comes first.
      return required(DESCRIBE, 'logGroups', answer.logGroups).some(
        ({ logGroupName }) => logGroupName === name,
      );
    },
  };
}
