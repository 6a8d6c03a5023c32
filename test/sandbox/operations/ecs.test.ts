/**
 * Goal: to the official SDK, the sandbox's ECS is AWS's.
 * Method: each operation is called with success and with its errors, through the real protocol.
 * @see test/sandbox/world for the rules in depth
 */
import { ECS_OPERATIONS } from '../../../sandbox/world/ecs/index.ts';
import { CLUSTER_PROOFS } from './ecs-clusters.ts';
import { SERVICE_PROOFS } from './ecs-services.ts';
import { TASK_SET_PROOFS } from './ecs-task-sets.ts';
import { TASK_PROOFS } from './ecs-tasks.ts';
import { proveOperations } from './proofs.ts';

proveOperations(
  {
    client: 'ecs',
    sdkPackage: '@aws-sdk/client-ecs',
    operations: ECS_OPERATIONS.map(({ name }) => name),
    commonErrors: [],
  },
  { ...CLUSTER_PROOFS, ...SERVICE_PROOFS, ...TASK_SET_PROOFS, ...TASK_PROOFS },
);
