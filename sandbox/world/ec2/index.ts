import { operation } from '../operation.ts';
import type { AnyOperation } from '../operation.ts';
import { createSecurityGroup } from './operations/create-security-group.ts';
import { createSubnet } from './operations/create-subnet.ts';
import { createVpc } from './operations/create-vpc.ts';
import { describeSecurityGroups } from './operations/describe-security-groups.ts';
import { describeSubnets } from './operations/describe-subnets.ts';
import { describeVpcs } from './operations/describe-vpcs.ts';

/** Every operation of EC2 that the world implements. */
export const EC2_OPERATIONS: readonly AnyOperation[] = [
  operation(createSecurityGroup),
  operation(createSubnet),
  operation(createVpc),
  operation(describeSecurityGroups),
  operation(describeSubnets),
  operation(describeVpcs),
];
