import type { EC2Client } from '@aws-sdk/client-ec2';
import { DescribeSecurityGroupsCommand, DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import type { NetworkPort } from '../verify/ports.ts';
import { call, required } from './errors.ts';

const DESCRIBE_SUBNETS = 'ec2:DescribeSubnets';
const DESCRIBE_SECURITY_GROUPS = 'ec2:DescribeSecurityGroups';

/**
 * Subnets and security groups over EC2. They are asked for by a filter: asked for by id, one that is
 * missing would be an error that hides the others.
 */
export function networkPort(client: () => Promise<EC2Client>): NetworkPort {
  return {
    async subnets(ids) {
      if (ids.length === 0) return [];
      const ec2 = await client();
      const { Subnets } = await call(DESCRIBE_SUBNETS, () =>
        ec2.send(
          new DescribeSubnetsCommand({ Filters: [{ Name: 'subnet-id', Values: [...ids] }] }),
        ),
      );
      return (Subnets ?? []).map((subnet) => ({
        id: required(DESCRIBE_SUBNETS, 'SubnetId', subnet.SubnetId),
        vpcId: required(DESCRIBE_SUBNETS, 'VpcId', subnet.VpcId),
        freeAddresses: required(
          DESCRIBE_SUBNETS,
          'AvailableIpAddressCount',
          subnet.AvailableIpAddressCount,
        ),
      }));
    },

    async securityGroups(ids) {
      if (ids.length === 0) return [];
      const ec2 = await client();
      const { SecurityGroups } = await call(DESCRIBE_SECURITY_GROUPS, () =>
        ec2.send(
          new DescribeSecurityGroupsCommand({
            Filters: [{ Name: 'group-id', Values: [...ids] }],
          }),
        ),
      );
      return (SecurityGroups ?? []).map((group) => ({
        id: required(DESCRIBE_SECURITY_GROUPS, 'GroupId', group.GroupId),
        vpcId: required(DESCRIBE_SECURITY_GROUPS, 'VpcId', group.VpcId),
      }));
    },
  };
}
