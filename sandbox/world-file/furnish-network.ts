import { addSecurityGroup, addSubnet, addVpc } from '../world/ec2/network.ts';
import type { Call } from '../world/operation.ts';
import { at } from './at.ts';
import type { VpcEntry } from './world-file.ts';

/** Makes VPCs with their subnets and security groups, under the ids that the world file names. */
export function furnishNetwork(call: Call, vpcs: readonly VpcEntry[], prefix: string): void {
  const zones = ['a', 'b', 'c'].map((letter) => `${call.region.name}${letter}`);
  for (const [index, vpc] of vpcs.entries()) {
    at(`${prefix}vpcs/${index}`, () => {
      addVpc(call, { id: vpc.id, cidrBlock: `10.${index % 256}.0.0/16` });
      for (const [number, id] of (vpc.subnets ?? []).entries()) {
        addSubnet(call, {
          id,
          vpcId: vpc.id,
          cidrBlock: `10.${index % 256}.${number % 256}.0/24`,
          availabilityZone: zones[number % zones.length] ?? '',
          mapsPublicIp: false,
        });
      }
      for (const id of vpc.securityGroups ?? []) {
        addSecurityGroup(call, { id, vpcId: vpc.id, name: id, description: 'of a world file' });
      }
    });
  }
}
