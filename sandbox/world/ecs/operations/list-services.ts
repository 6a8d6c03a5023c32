import type { ListServicesRequest, ListServicesResponse } from '@aws-sdk/client-ecs';
import { operation } from '../../operation.ts';
import { findCluster } from '../find.ts';
import { pageOf } from '../pages.ts';

/**
 * Lists a cluster's services, 10 per page unless asked otherwise; INACTIVE ones are left out.
 * @see ListServices, Amazon ECS API Reference
 */
export const listServices = operation<ListServicesRequest, ListServicesResponse>({
  name: 'ListServices',
  accepts: ['cluster', 'nextToken', 'maxResults', 'schedulingStrategy'],
  handle(input, { region }) {
    const cluster = findCluster(region, input.cluster);
    const isAsked = (input.schedulingStrategy ?? 'REPLICA') === 'REPLICA';
    const live = Array.from(cluster.services.values()).filter(
      ({ status }) => isAsked && status !== 'INACTIVE',
    );
    const { arns, nextToken } = pageOf(
      live.map(({ arn }) => arn),
      input,
      10,
    );
    return { serviceArns: arns, nextToken };
  },
});
