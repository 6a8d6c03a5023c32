import type {
  DescribeServicesRequest,
  DescribeServicesResponse,
  Failure,
  Service,
} from '@aws-sdk/client-ecs';
import { operation } from '../../operation.ts';
import { invalidParameter } from '../errors.ts';
import { missing } from '../failures.ts';
import { findCluster, serviceOrNone } from '../find.ts';
import { includesTags } from '../parameters.ts';
import { serviceShape } from '../service-shape.ts';

/**
 * Describes 1 to 10 services, each with all its task sets: the only call that lists sets. Their
 * tags are left out even when the service's are asked for.
 * @see DescribeServices, Amazon ECS API Reference
 */
export const describeServices = operation<DescribeServicesRequest, DescribeServicesResponse>({
  name: 'DescribeServices',
  accepts: ['cluster', 'services', 'include'],
  handle(input, call) {
    const cluster = findCluster(call.region, input.cluster);
    const identifiers = input.services ?? [];
    if (identifiers.length === 0) throw invalidParameter('Services cannot be empty.');
    if (identifiers.length > 10) throw invalidParameter('Services cannot have more than 10 items.');
    const withTags = includesTags(input.include);
    const services: Service[] = [];
    const failures: Failure[] = [];
    for (const identifier of identifiers) {
      const service = serviceOrNone(cluster, identifier);
      if (service) services.push(serviceShape(call, service, withTags));
      else failures.push(missing(call.region, `service/${cluster.name}`, identifier));
    }
    return { services, failures };
  },
});
