import type { LoadBalancer as LoadBalancerShape } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ApiError } from '../operation.ts';
import type { Region } from '../region.ts';
import type { World } from '../world.ts';
import type { LoadBalancer } from './state.ts';
import { resourceName } from './validate.ts';

/** What a new load balancer is made of. It is an application load balancer for IPv4. */
export interface LoadBalancerSpec {
  readonly name: string;
  readonly scheme?: LoadBalancer['scheme'];
  readonly subnets?: readonly string[];
  readonly securityGroups?: readonly string[];
  readonly vpcId?: string;
  /** Made up when absent. */
  readonly arn?: string;
  readonly tags?: Map<string, string>;
}

const DEFAULT_VPC_ID = 'vpc-0123456789abcdef0';
const DEFAULT_SUBNETS = ['subnet-0aaaaaaaaaaaaaaa0', 'subnet-0bbbbbbbbbbbbbbb0'];

/**
 * Makes a load balancer, active at once. The same one again is that load balancer.
 * @throws {ApiError} DuplicateLoadBalancerName when another one has the name.
 */
export function createLoadBalancer(
  world: World,
  region: Region,
  spec: LoadBalancerSpec,
): LoadBalancer {
  const name = resourceName(spec.name, 'load balancer');
  const scheme = spec.scheme ?? 'internet-facing';
  const subnets = spec.subnets ?? DEFAULT_SUBNETS;
  const securityGroups = spec.securityGroups ?? [];
  const twin = [...region.elb.loadBalancers.values()].find((other) => other.name === name);
  if (twin) {
    const isSame =
      JSON.stringify([scheme, subnets, securityGroups]) ===
      JSON.stringify([twin.scheme, twin.subnets, twin.securityGroups]);
    if (isSame) return twin;
    throw new ApiError(
      'DuplicateLoadBalancerName',
      `A load balancer with the same name '${name}' exists, but with different settings`,
    );
  }
  const id = world.randomString(16);
  const digits = world.randomString(10, '0123456789');
  const prefix = scheme === 'internal' ? 'internal-' : '';
  const loadBalancer: LoadBalancer = {
    sequence: region.elb.nextSequence(),
    loadBalancerArn:
      spec.arn ?? region.arn('elasticloadbalancing', `loadbalancer/app/${name}/${id}`),
    name,
    dnsName: `${prefix}${name}-${digits}.${region.name}.elb.amazonaws.com`,
    scheme,
    subnets: [...subnets],
    securityGroups: [...securityGroups],
    vpcId: spec.vpcId ?? DEFAULT_VPC_ID,
    createdTime: world.now(),
    tags: spec.tags ?? new Map(),
  };
  region.elb.loadBalancers.set(loadBalancer.loadBalancerArn, loadBalancer);
  return loadBalancer;
}

/** A load balancer as the API answers it. Each of its subnets is in a zone of its own. */
export function toLoadBalancerShape(region: Region, loadBalancer: LoadBalancer): LoadBalancerShape {
  return {
    LoadBalancerArn: loadBalancer.loadBalancerArn,
    DNSName: loadBalancer.dnsName,
    CreatedTime: loadBalancer.createdTime,
    LoadBalancerName: loadBalancer.name,
    Scheme: loadBalancer.scheme,
    VpcId: loadBalancer.vpcId,
    State: { Code: 'active' },
    Type: 'application',
    AvailabilityZones: loadBalancer.subnets.map((SubnetId, index) => ({
      ZoneName: `${region.name}${'abcdef'[index % 6]}`,
      SubnetId,
      LoadBalancerAddresses: [],
    })),
    SecurityGroups: [...loadBalancer.securityGroups],
    IpAddressType: 'ipv4',
  };
}
