import type { ServiceName } from '../world/operation.ts';
import type { World } from '../world/world.ts';

/** Holds `burst` tokens at most and gains `refill` of them each second. */
interface Limit {
  readonly burst: number;
  readonly refill: number;
}

/**
 * ECS's limits, each shared by the operations that are named with it. AWS's table says nothing of
 * task sets: they are counted with the services that they belong to.
 * @see Request throttling for the Amazon ECS API, Amazon ECS API Reference
 */
const ECS_LIMITS: Readonly<Record<string, Limit & { readonly operations: readonly string[] }>> = {
  clusterModify: {
    burst: 20,
    refill: 1,
    operations: [
      'CreateCluster',
      'DeleteCluster',
      'PutClusterCapacityProviders',
      'UpdateCluster',
      'UpdateClusterSettings',
    ],
  },
  clusterRead: { burst: 50, refill: 20, operations: ['DescribeClusters', 'ListClusters'] },
  taskDefinitionModify: {
    burst: 20,
    refill: 1,
    operations: ['DeregisterTaskDefinition', 'RegisterTaskDefinition'],
  },
  taskDefinitionRead: {
    burst: 50,
    refill: 20,
    operations: ['DescribeTaskDefinition', 'ListTaskDefinitionFamilies', 'ListTaskDefinitions'],
  },
  tagModify: { burst: 20, refill: 10, operations: ['TagResource', 'UntagResource'] },
  serviceModify: {
    burst: 50,
    refill: 5,
    operations: [
      'CreateService',
      'CreateTaskSet',
      'DeleteService',
      'DeleteTaskSet',
      'UpdateService',
      'UpdateServicePrimaryTaskSet',
      'UpdateTaskSet',
    ],
  },
  serviceRead: {
    burst: 100,
    refill: 20,
    operations: ['DescribeServices', 'DescribeTaskSets', 'ListServices'],
  },
  clusterResourceModify: {
    burst: 100,
    refill: 40,
    operations: ['RunTask', 'StartTask', 'StopTask'],
  },
  clusterResourceRead: { burst: 100, refill: 20, operations: ['DescribeTasks', 'ListTasks'] },
};

/** @see Request throttling for the Elastic Load Balancing API, Elastic Load Balancing API Reference */
const ELB_LIMITS = {
  all: { burst: 40, refill: 10 },
  modify: { burst: 20, refill: 3 },
  read: { burst: 40, refill: 10 },
  register: { burst: 20, refill: 4 },
} as const satisfies Readonly<Record<string, Limit>>;

/** AWS's token buckets, one set for each account and Region, on the world's clock. */
export class Throttles {
  readonly #world: World;
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Takes a token from every bucket that the call counts against; takes none if one is empty. */
  admits(call: {
    service: ServiceName | 'dynamodb';
    operation: string;
    accountId: string;
    region: string;
  }): boolean {
    const buckets = limitsOf(call.service, call.operation).map(({ name, limit }) =>
      this.#refilled(`${call.accountId}/${call.region}/${call.service}/${name}`, limit),
    );
    if (buckets.some(({ tokens }) => tokens < 1)) return false;
    for (const bucket of buckets) bucket.tokens -= 1;
    return true;
  }

  #refilled(key: string, limit: Limit): { tokens: number } {
    const atMs = this.#world.clock.monotonicMs();
    const bucket = this.#buckets.get(key) ?? { tokens: limit.burst, atMs };
    const seconds = (atMs - bucket.atMs) / this.#world.scaledMs(1);
    bucket.tokens = Math.min(limit.burst, bucket.tokens + seconds * limit.refill);
    bucket.atMs = atMs;
    this.#buckets.set(key, bucket);
    return bucket;
  }
}

function limitsOf(service: string, operation: string): { name: string; limit: Limit }[] {
  if (service === 'ecs') {
    return Object.entries(ECS_LIMITS)
      .filter(([, limit]) => limit.operations.includes(operation))
      .map(([name, limit]) => ({ name, limit }));
  }
  if (service === 'elasticloadbalancing') {
    const name = elbLimitOf(operation);
    return [
      { name: 'all', limit: ELB_LIMITS.all },
      { name, limit: ELB_LIMITS[name] },
    ];
  }
  return [];
}

function elbLimitOf(operation: string): keyof typeof ELB_LIMITS {
  if (operation === 'RegisterTargets' || operation === 'DeregisterTargets') return 'register';
  return operation.startsWith('Describe') ? 'read' : 'modify';
}
