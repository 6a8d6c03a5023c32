import type {
  CreateLoadBalancerInput,
  CreateLoadBalancerOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../../operation.ts';
import { required, validationError } from '../errors.ts';
import { createLoadBalancer as create, toLoadBalancerShape } from '../load-balancers.ts';
import { toTags } from '../tags.ts';

/**
 * Creates an application load balancer; other types are refused by name. It is active at once,
 * where AWS takes minutes to provision one.
 * @see CreateLoadBalancer, Elastic Load Balancing API Reference (2015-12-01)
 */
export const createLoadBalancer: Operation<CreateLoadBalancerInput, CreateLoadBalancerOutput> = {
  name: 'CreateLoadBalancer',
  accepts: ['Name', 'Subnets', 'SecurityGroups', 'Scheme', 'Tags', 'Type', 'IpAddressType'],
  handle(input, { world, region }) {
    const name = required(input.Name, 'Name');
    if ((input.Type ?? 'application') !== 'application') {
      throw validationError(`Type=${input.Type} is not implemented by the sandbox`);
    }
    if ((input.IpAddressType ?? 'ipv4') !== 'ipv4') {
      throw validationError(
        `IpAddressType=${input.IpAddressType} is not implemented by the sandbox`,
      );
    }
    const subnets = input.Subnets ?? [];
    if (new Set(subnets).size < 2) {
      throw validationError(
        'At least two subnets in two different Availability Zones must be specified',
      );
    }
    const loadBalancer = create(world, region, {
      name,
      subnets,
      scheme: input.Scheme ?? 'internet-facing',
      securityGroups: input.SecurityGroups ?? [],
      tags: toTags(input.Tags),
    });
    return { LoadBalancers: [toLoadBalancerShape(region, loadBalancer)] };
  },
};
