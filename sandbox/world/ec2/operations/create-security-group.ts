import type { CreateSecurityGroupRequest, CreateSecurityGroupResult } from '@aws-sdk/client-ec2';
import type { Operation } from '../../operation.ts';
import { required } from '../errors.ts';
import { addSecurityGroup } from '../network.ts';

/**
 * Makes a security group in a VPC; AWS's default VPC, for one that names none, does not exist here.
 * @see CreateSecurityGroup, Amazon EC2 API Reference
 */
export const createSecurityGroup: Operation<CreateSecurityGroupRequest, CreateSecurityGroupResult> =
  {
    name: 'CreateSecurityGroup',
    accepts: ['GroupName', 'Description', 'VpcId'],
    handle(input, call) {
      const { id } = addSecurityGroup(call, {
        name: required(input.GroupName, 'GroupName'),
        description: required(input.Description, 'GroupDescription'),
        vpcId: required(input.VpcId, 'VpcId'),
      });
      return {
        GroupId: id,
        SecurityGroupArn: call.region.arn('ec2', `security-group/${id}`),
      };
    },
  };
