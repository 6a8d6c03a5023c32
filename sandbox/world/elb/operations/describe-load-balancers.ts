import type {
  DescribeLoadBalancersInput,
  DescribeLoadBalancersOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ApiError } from '../../operation.ts';
import type { Operation } from '../../operation.ts';
import type { Region } from '../../region.ts';
import { validationError } from '../errors.ts';
import { toLoadBalancerShape } from '../load-balancers.ts';
import { page } from '../paging.ts';
import type { LoadBalancer } from '../state.ts';

/** @see DescribeLoadBalancers, Elastic Load Balancing API Reference (2015-12-01) */
export const describeLoadBalancers: Operation<
  DescribeLoadBalancersInput,
  DescribeLoadBalancersOutput
> = {
  name: 'DescribeLoadBalancers',
  accepts: ['LoadBalancerArns', 'Names', 'Marker', 'PageSize'],
  handle(input, { region }) {
    const { items, NextMarker } = page(select(region, input), (found) => found.sequence, input);
    return { LoadBalancers: items.map((item) => toLoadBalancerShape(region, item)), NextMarker };
  },
};

function select(region: Region, input: DescribeLoadBalancersInput): LoadBalancer[] {
  const all = [...region.elb.loadBalancers.values()];
  const { LoadBalancerArns: arns = [], Names: names = [] } = input;
  if (arns.length > 0 && names.length > 0) {
    throw validationError(
      'Load balancer names and load balancer ARNs cannot be specified at the same time',
    );
  }
  checkKnown(
    arns,
    all.map((one) => one.loadBalancerArn),
  );
  checkKnown(
    names,
    all.map((one) => one.name),
  );
  if (arns.length > 0) return all.filter((one) => arns.includes(one.loadBalancerArn));
  return names.length > 0 ? all.filter((one) => names.includes(one.name)) : all;
}

function checkKnown(wanted: readonly string[], known: readonly string[]): void {
  const missing = wanted.filter((name) => !known.includes(name));
  if (missing.length === 0) return;
  throw new ApiError('LoadBalancerNotFound', `Load balancers '[${missing.join(', ')}]' not found`);
}
