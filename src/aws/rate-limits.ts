/** A token bucket: it holds `burst` tokens at most and gains `refillPerSecond` of them. */
interface ApiLimit {
  readonly burst: number;
  readonly refillPerSecond: number;
}

/** A bucket that one or more operations share, in each account and Region. */
export interface ApiBucket extends ApiLimit {
  readonly name: string;
}

/**
 * What AWS publishes for the reads of a status. AWS's table names no operation of task sets; they
 * are counted with the services that they belong to, which at worst is slower than it had to be.
 * @see Request throttling for the Amazon ECS API, Amazon ECS API Reference
 */
const ECS_SERVICE_READ: ApiBucket = { name: 'ecs service read', burst: 100, refillPerSecond: 20 };
const ECS_TASK_DEFINITION_READ: ApiBucket = {
  name: 'ecs task definition read',
  burst: 50,
  refillPerSecond: 20,
};

/**
 * Every call counts against the bucket of the whole account, and each kind of call once more against
 * its own; for reads both are the same size. What ECS itself asks does not count.
 * @see Request throttling for the Elastic Load Balancing API, Elastic Load Balancing User Guide
 */
const ELB_ACCOUNT: ApiBucket = { name: 'elb account', burst: 40, refillPerSecond: 10 };
const ELB_READ: ApiBucket = { name: 'elb read', burst: 40, refillPerSecond: 10 };

const BUCKETS: Readonly<Record<string, readonly ApiBucket[]>> = {
  'ECS.DescribeServices': [ECS_SERVICE_READ],
  'ECS.DescribeTaskSets': [ECS_SERVICE_READ],
  'ECS.DescribeTaskDefinition': [ECS_TASK_DEFINITION_READ],
  'ElasticLoadBalancingV2.DescribeRules': [ELB_ACCOUNT, ELB_READ],
  'ElasticLoadBalancingV2.DescribeTargetHealth': [ELB_ACCOUNT, ELB_READ],
};

/**
 * The buckets that a call takes a token from; none when AWS publishes no limit that matters here.
 * @param operation The SDK's names, e.g. `ECS.DescribeServices`.
 */
export function bucketsOf(operation: string): readonly ApiBucket[] {
  return BUCKETS[operation] ?? [];
}
