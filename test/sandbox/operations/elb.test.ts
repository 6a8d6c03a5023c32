/**
 * Goal: to the official SDK, the sandbox's load balancing is AWS's.
 * Method: each operation is called with success and with its errors, through the real protocol.
 */
import { ELB_OPERATIONS } from '../../../sandbox/world/elb/index.ts';
import { LOAD_BALANCER_PROOFS } from './elb-load-balancers.ts';
import { RULE_PROOFS } from './elb-rules.ts';
import { TARGET_GROUP_PROOFS } from './elb-target-groups.ts';
import { proveOperations } from './proofs.ts';

proveOperations(
  {
    client: 'elb',
    sdkPackage: '@aws-sdk/client-elastic-load-balancing-v2',
    operations: ELB_OPERATIONS.map(({ name }) => name),
    commonErrors: ['ValidationError'],
  },
  { ...LOAD_BALANCER_PROOFS, ...RULE_PROOFS, ...TARGET_GROUP_PROOFS },
);
