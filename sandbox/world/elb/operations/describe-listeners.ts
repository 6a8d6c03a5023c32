import type {
  DescribeListenersInput,
  DescribeListenersOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../../operation.ts';
import { listenerBy, loadBalancerBy, validationError } from '../errors.ts';
import { listenersOf, toListenerShape } from '../listeners.ts';
import { page } from '../paging.ts';

/** @see DescribeListeners, Elastic Load Balancing API Reference (2015-12-01) */
export const describeListeners: Operation<DescribeListenersInput, DescribeListenersOutput> = {
  name: 'DescribeListeners',
  accepts: ['LoadBalancerArn', 'ListenerArns', 'Marker', 'PageSize'],
  handle(input, { region }) {
    const { LoadBalancerArn: owner, ListenerArns: arns = [] } = input;
    if ((owner === undefined) === (arns.length === 0)) {
      throw validationError('You must specify either listener ARNs or a load balancer ARN');
    }
    const found =
      owner === undefined
        ? arns.map((arn) => listenerBy(region, arn))
        : listenersOf(region, loadBalancerBy(region, owner).loadBalancerArn);
    const sorted = [...new Set(found)].sort((a, b) => a.sequence - b.sequence);
    const { items, NextMarker } = page(sorted, (listener) => listener.sequence, input);
    return { Listeners: items.map(toListenerShape), NextMarker };
  },
};
