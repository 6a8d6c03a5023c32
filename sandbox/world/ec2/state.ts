/**
 * The network of one account in one Region, by id: as much of it as a deployer looks at. No packet
 * goes through it; ECS and the load balancers take subnets and security groups that are not here.
 */
export class Ec2State {
  readonly vpcs = new Map<string, Vpc>();
  readonly subnets = new Map<string, Subnet>();
  readonly securityGroups = new Map<string, SecurityGroup>();
}

export interface Vpc {
  readonly id: string;
  readonly cidrBlock: string;
}

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly cidrBlock: string;
  readonly availabilityZone: string;
  readonly mapsPublicIp: boolean;
}

export interface SecurityGroup {
  readonly id: string;
  readonly vpcId: string;
  readonly name: string;
  readonly description: string;
}
