/**
 * Goal: to the official SDK, the sandbox's subnets and security groups are EC2's.
 * Method: each operation is called with success and with its errors, through the real protocol.
 */
import { expect } from '@jest/globals';
import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { EC2_OPERATIONS } from '../../../sandbox/world/ec2/index.ts';
import { proveOperations, type Proofs } from './proofs.ts';
import { ACCOUNT, REGION, type Scene } from './scene.ts';

const nothingDeclared = 'AWS declares no error of any operation of EC2.';
const noVpc = (id: string) =>
  ['InvalidVpcID.NotFound', `The vpc ID '${id}' does not exist`] as const;
const NO_FILTER = ['InvalidParameterValue', /^The filter 'colour' is invalid/] as const;
const COLOUR = { Filters: [{ Name: 'colour', Values: ['blue'] }] };

const ec2 = (scene: Scene) => scene.clientOf(EC2Client);
const createVpc = async (scene: Scene) =>
  (await ec2(scene).send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }))).Vpc!;
const createSubnet = async (scene: Scene, VpcId: string) => {
  const command = new CreateSubnetCommand({ VpcId, CidrBlock: '10.0.1.0/24' });
  return (await ec2(scene).send(command)).Subnet!;
};
const createGroup = (scene: Scene, VpcId: string, GroupName = 'web') =>
  ec2(scene).send(new CreateSecurityGroupCommand({ VpcId, GroupName, Description: 'of tasks' }));
/** A filter that names one thing that is there and one that is not. */
const filterOf = (Name: string, id: string | undefined) => ({
  Filters: [{ Name, Values: [id!, 'nothing'] }],
});

const NETWORK: Proofs = {
  CreateVpc: {
    command: CreateVpcCommand,
    works: {
      'creates a VPC': async (scene) => {
        expect(await createVpc(scene)).toEqual({
          VpcId: expect.stringMatching(/^vpc-[0-9a-f]{17}$/),
          CidrBlock: '10.0.0.0/16',
          State: 'available',
          OwnerId: ACCOUNT,
          InstanceTenancy: 'default',
          IsDefault: false,
        });
      },
    },
    refuses: {
      'for what is no block of addresses': {
        input: { CidrBlock: '10.0.0.0/8' },
        error: ['InvalidParameterValue', /This is not a valid CIDR block\.$/],
      },
      'without addresses': {
        input: {},
        error: ['MissingParameter', 'The request must contain the parameter cidrBlock'],
      },
    },
    nothingDeclared,
  },
  DescribeVpcs: {
    command: DescribeVpcsCommand,
    works: {
      'lists those that are asked for': async (scene) => {
        const vpc = await createVpc(scene);
        await createVpc(scene);
        const { Vpcs } = await ec2(scene).send(new DescribeVpcsCommand({ VpcIds: [vpc.VpcId!] }));
        expect(Vpcs).toEqual([vpc]);
      },
    },
    refuses: {
      'when one is not there': { input: { VpcIds: ['vpc-0'] }, error: noVpc('vpc-0') },
      'for a filter that there is not': { input: COLOUR, error: NO_FILTER },
    },
    nothingDeclared,
  },
  CreateSubnet: {
    command: CreateSubnetCommand,
    works: {
      'creates a subnet': async (scene) => {
        const { VpcId } = await createVpc(scene);
        const subnet = await createSubnet(scene, VpcId!);

        expect(subnet).toMatchObject({
          SubnetId: expect.stringMatching(/^subnet-[0-9a-f]{17}$/),
          SubnetArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:subnet/${subnet.SubnetId}`,
          VpcId,
          AvailabilityZone: `${REGION}a`,
          AvailableIpAddressCount: 251,
          MapPublicIpOnLaunch: false,
        });
      },
    },
    refuses: {
      'when the VPC is not there': {
        input: { VpcId: 'vpc-0', CidrBlock: '10.0.1.0/24' },
        error: noVpc('vpc-0'),
      },
    },
    nothingDeclared,
  },
  DescribeSubnets: {
    command: DescribeSubnetsCommand,
    works: {
      'lists what a filter lets through, without an error for what is missing': async (scene) => {
        const { VpcId } = await createVpc(scene);
        const subnet = await createSubnet(scene, VpcId!);
        await createSubnet(scene, VpcId!);

        const { Subnets } = await ec2(scene).send(
          new DescribeSubnetsCommand(filterOf('subnet-id', subnet.SubnetId)),
        );

        expect(Subnets).toEqual([subnet]);
      },
      'lists nothing where there is nothing': async (scene) => {
        const answer = await ec2(scene).send(new DescribeSubnetsCommand({}));
        expect(answer.Subnets ?? []).toEqual([]);
      },
    },
    refuses: {
      'when one of several is not there': {
        input: { SubnetIds: ['subnet-0', 'subnet-1'] },
        error: ['InvalidSubnetID.NotFound', "The subnet IDs 'subnet-0, subnet-1' do not exist"],
      },
      'for a filter that there is not': { input: COLOUR, error: NO_FILTER },
      'for a wildcard': {
        input: filterOf('subnet-id', 'subnet-*'),
        error: ['InvalidParameterValue', /does not implement wildcards/],
      },
    },
    nothingDeclared,
  },
  CreateSecurityGroup: {
    command: CreateSecurityGroupCommand,
    works: {
      'creates a security group': async (scene) => {
        const { VpcId } = await createVpc(scene);
        const { GroupId } = await createGroup(scene, VpcId!);
        expect(GroupId).toMatch(/^sg-[0-9a-f]{17}$/);
      },
    },
    refuses: {
      'when one of that name is in the VPC': {
        input: async (scene) => {
          const { VpcId } = await createVpc(scene);
          await createGroup(scene, VpcId!);
          return { VpcId, GroupName: 'web', Description: 'another' };
        },
        error: ['InvalidGroup.Duplicate', /^The security group 'web' already exists for VPC/],
      },
      'when the VPC is not there': {
        input: { VpcId: 'vpc-0', GroupName: 'web', Description: 'x' },
        error: noVpc('vpc-0'),
      },
    },
    nothingDeclared,
  },
  DescribeSecurityGroups: {
    command: DescribeSecurityGroupsCommand,
    works: {
      'lists what a filter lets through, without an error for what is missing': async (scene) => {
        const { VpcId } = await createVpc(scene);
        const { GroupId } = await createGroup(scene, VpcId!);
        await createGroup(scene, VpcId!, 'other');

        const { SecurityGroups } = await ec2(scene).send(
          new DescribeSecurityGroupsCommand(filterOf('group-id', GroupId)),
        );

        expect(SecurityGroups).toMatchObject([
          { GroupId, VpcId, GroupName: 'web', Description: 'of tasks', OwnerId: ACCOUNT },
        ]);
      },
    },
    refuses: {
      'when one is not there': {
        input: { GroupIds: ['sg-0'] },
        error: ['InvalidGroup.NotFound', "The security group 'sg-0' does not exist"],
      },
      'for a filter that there is not': { input: COLOUR, error: NO_FILTER },
    },
    nothingDeclared,
  },
};

proveOperations(
  {
    client: ec2,
    sdkPackage: '@aws-sdk/client-ec2',
    operations: EC2_OPERATIONS.map(({ name }) => name),
    commonErrors: [
      'InvalidGroup.Duplicate',
      'InvalidGroup.NotFound',
      'InvalidParameterValue',
      'InvalidSubnetID.NotFound',
      'InvalidVpcID.NotFound',
      'MissingParameter',
    ],
  },
  NETWORK,
);
