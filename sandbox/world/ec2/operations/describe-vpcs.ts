import type { DescribeVpcsRequest, DescribeVpcsResult } from '@aws-sdk/client-ec2';
import type { Operation } from '../../operation.ts';
import { notFound } from '../errors.ts';
import { chosen } from '../filters.ts';
import { toVpcShape } from '../shapes.ts';
import type { Vpc } from '../state.ts';

/**
 * Lists VPCs, all on one page.
 * @see DescribeVpcs, Amazon EC2 API Reference
 */
export const describeVpcs: Operation<DescribeVpcsRequest, DescribeVpcsResult> = {
  name: 'DescribeVpcs',
  accepts: ['VpcIds', 'Filters'],
  handle: (input, { region }) => ({
    Vpcs: chosen(
      region.ec2.vpcs,
      { ids: input.VpcIds, filters: input.Filters },
      { 'vpc-id': (vpc: Vpc) => vpc.id },
      (ids) => notFound('InvalidVpcID.NotFound', 'vpc', ids),
    ).map((vpc) => toVpcShape(region, vpc)),
  }),
};
