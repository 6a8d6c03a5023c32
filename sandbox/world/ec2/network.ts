import { ApiError, type Call } from '../operation.ts';
import { notFound } from './errors.ts';
import type { SecurityGroup, Subnet, Vpc } from './state.ts';

type At = Pick<Call, 'region' | 'world'>;
/** Made up when absent. */
type WithId<T extends { readonly id: string }> = Omit<T, 'id'> & { readonly id?: string };

const HEX_DIGITS = 17;

export function addVpc({ world, region }: At, spec: WithId<Vpc>): Vpc {
  const vpc = { ...spec, id: spec.id ?? `vpc-${world.randomString(HEX_DIGITS)}` };
  region.ec2.vpcs.set(vpc.id, vpc);
  return vpc;
}

/** @throws {ApiError} InvalidVpcID.NotFound */
export function addSubnet({ world, region }: At, spec: WithId<Subnet>): Subnet {
  assertVpc(region, spec.vpcId);
  const subnet = { ...spec, id: spec.id ?? `subnet-${world.randomString(HEX_DIGITS)}` };
  region.ec2.subnets.set(subnet.id, subnet);
  return subnet;
}

/** @throws {ApiError} InvalidVpcID.NotFound, InvalidGroup.Duplicate */
export function addSecurityGroup(
  { world, region }: At,
  spec: WithId<SecurityGroup>,
): SecurityGroup {
  assertVpc(region, spec.vpcId);
  const { name, vpcId } = spec;
  const twin = [...region.ec2.securityGroups.values()].find(
    (group) => group.name === name && group.vpcId === vpcId,
  );
  if (twin) {
    throw new ApiError(
      'InvalidGroup.Duplicate',
      `The security group '${name}' already exists for VPC '${vpcId}'`,
    );
  }
  const group = { ...spec, id: spec.id ?? `sg-${world.randomString(HEX_DIGITS)}` };
  region.ec2.securityGroups.set(group.id, group);
  return group;
}

function assertVpc(region: At['region'], vpcId: string): void {
  if (region.ec2.vpcs.has(vpcId)) return;
  throw notFound('InvalidVpcID.NotFound', 'vpc', [vpcId]);
}
