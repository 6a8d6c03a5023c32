import type {
  DeleteLoadBalancerInput,
  DeleteLoadBalancerOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../../operation.ts';
import { required } from '../errors.ts';
import { listenersOf, removeListener } from '../listeners.ts';

/**
 * Deletes a load balancer with its listeners and rules. One that is gone already is no error.
 * @see DeleteLoadBalancer, Elastic Load Balancing API Reference (2015-12-01)
 */
export const deleteLoadBalancer: Operation<DeleteLoadBalancerInput, DeleteLoadBalancerOutput> = {
  name: 'DeleteLoadBalancer',
  accepts: ['LoadBalancerArn'],
  handle(input, { world, region }) {
    const arn = required(input.LoadBalancerArn, 'LoadBalancerArn');
    for (const listener of listenersOf(region, arn)) removeListener(world, region, listener);
    region.elb.loadBalancers.delete(arn);
    return {};
  },
};
