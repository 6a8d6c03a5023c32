import type { CreateVpcRequest, CreateVpcResult } from '@aws-sdk/client-ec2';
import type { Operation } from '../../operation.ts';
import { cidrBlock } from '../cidr-block.ts';
import { addVpc } from '../network.ts';
import { toVpcShape } from '../shapes.ts';

/** @see CreateVpc, Amazon EC2 API Reference */
export const createVpc: Operation<CreateVpcRequest, CreateVpcResult> = {
  name: 'CreateVpc',
  accepts: ['CidrBlock'],
  handle(input, call) {
    const vpc = addVpc(call, { cidrBlock: cidrBlock(input.CidrBlock) });
    return { Vpc: toVpcShape(call.region, vpc) };
  },
};
