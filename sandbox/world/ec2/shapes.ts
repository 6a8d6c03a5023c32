import type {
  SecurityGroup as SecurityGroupShape,
  Subnet as SubnetShape,
  Vpc as VpcShape,
} from '@aws-sdk/client-ec2';
import type { Region } from '../region.ts';
import type { SecurityGroup, Subnet, Vpc } from './state.ts';

/** AWS keeps five addresses of each subnet for itself. */
const RESERVED_ADDRESSES = 5;

/** A VPC as the API answers it. */
export function toVpcShape(region: Region, vpc: Vpc): VpcShape {
  return {
    VpcId: vpc.id,
    CidrBlock: vpc.cidrBlock,
    State: 'available',
    OwnerId: region.accountId,
    InstanceTenancy: 'default',
    IsDefault: false,
  };
}

/** A subnet as the API answers it. */
export function toSubnetShape(region: Region, subnet: Subnet): SubnetShape {
  const bits = Number(subnet.cidrBlock.split('/')[1] ?? '24');
  return {
    SubnetId: subnet.id,
    SubnetArn: region.arn('ec2', `subnet/${subnet.id}`),
    VpcId: subnet.vpcId,
    State: 'available',
    CidrBlock: subnet.cidrBlock,
    AvailabilityZone: subnet.availabilityZone,
    AvailableIpAddressCount: 2 ** (32 - bits) - RESERVED_ADDRESSES,
    DefaultForAz: false,
    MapPublicIpOnLaunch: subnet.mapsPublicIp,
    OwnerId: region.accountId,
  };
}

/** A security group as the API answers it, without rules: no packet is ever filtered. */
export function toSecurityGroupShape(region: Region, group: SecurityGroup): SecurityGroupShape {
  return {
    GroupId: group.id,
    GroupName: group.name,
    Description: group.description,
    VpcId: group.vpcId,
    OwnerId: region.accountId,
    SecurityGroupArn: region.arn('ec2', `security-group/${group.id}`),
  };
}
