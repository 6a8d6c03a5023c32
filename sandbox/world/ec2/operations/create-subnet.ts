import type { CreateSubnetRequest, CreateSubnetResult } from '@aws-sdk/client-ec2';
import type { Operation } from '../../operation.ts';
import { cidrBlock } from '../cidr-block.ts';
import { required } from '../errors.ts';
import { addSubnet } from '../network.ts';
import { toSubnetShape } from '../shapes.ts';

/**
 * Makes a subnet. Whether its addresses are in the VPC's, or another subnet's, is not checked.
 * @see CreateSubnet, Amazon EC2 API Reference
 */
export const createSubnet: Operation<CreateSubnetRequest, CreateSubnetResult> = {
  name: 'CreateSubnet',
  accepts: ['VpcId', 'CidrBlock', 'AvailabilityZone'],
  handle(input, call) {
    const subnet = addSubnet(call, {
      vpcId: required(input.VpcId, 'VpcId'),
      cidrBlock: cidrBlock(input.CidrBlock),
      availabilityZone: input.AvailabilityZone ?? `${call.region.name}a`,
      mapsPublicIp: false,
    });
    return { Subnet: toSubnetShape(call.region, subnet) };
  },
};
