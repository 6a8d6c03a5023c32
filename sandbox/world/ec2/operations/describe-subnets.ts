import type { DescribeSubnetsRequest, DescribeSubnetsResult } from '@aws-sdk/client-ec2';
import type { Operation } from '../../operation.ts';
import { notFound } from '../errors.ts';
import { chosen } from '../filters.ts';
import { toSubnetShape } from '../shapes.ts';
import type { Subnet } from '../state.ts';

/**
 * Lists subnets, all on one page.
 * @see DescribeSubnets, Amazon EC2 API Reference
 */
export const describeSubnets: Operation<DescribeSubnetsRequest, DescribeSubnetsResult> = {
  name: 'DescribeSubnets',
  accepts: ['SubnetIds', 'Filters'],
  handle: (input, { region }) => ({
    Subnets: chosen(
      region.ec2.subnets,
      { ids: input.SubnetIds, filters: input.Filters },
      {
        'subnet-id': (subnet: Subnet) => subnet.id,
        'vpc-id': (subnet: Subnet) => subnet.vpcId,
        'availability-zone': (subnet: Subnet) => subnet.availabilityZone,
      },
      (ids) => notFound('InvalidSubnetID.NotFound', 'subnet', ids),
    ).map((subnet) => toSubnetShape(region, subnet)),
  }),
};
