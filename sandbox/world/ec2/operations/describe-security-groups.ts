import type {
  DescribeSecurityGroupsRequest,
  DescribeSecurityGroupsResult,
} from '@aws-sdk/client-ec2';
import { ApiError } from '../../operation.ts';
import type { Operation } from '../../operation.ts';
import { chosen } from '../filters.ts';
import { toSecurityGroupShape } from '../shapes.ts';
import type { SecurityGroup } from '../state.ts';

/**
 * Lists security groups, all on one page.
 * @see DescribeSecurityGroups, Amazon EC2 API Reference
 */
export const describeSecurityGroups: Operation<
  DescribeSecurityGroupsRequest,
  DescribeSecurityGroupsResult
> = {
  name: 'DescribeSecurityGroups',
  accepts: ['GroupIds', 'Filters'],
  handle: (input, { region }) => ({
    SecurityGroups: chosen(
      region.ec2.securityGroups,
      { ids: input.GroupIds, filters: input.Filters },
      {
        'group-id': (group: SecurityGroup) => group.id,
        'group-name': (group: SecurityGroup) => group.name,
        'vpc-id': (group: SecurityGroup) => group.vpcId,
      },
      (ids) => {
        const [id] = ids;
        return new ApiError('InvalidGroup.NotFound', `The security group '${id}' does not exist`);
      },
    ).map((group) => toSecurityGroupShape(region, group)),
  }),
};
