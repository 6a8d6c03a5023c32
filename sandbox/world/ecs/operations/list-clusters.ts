import type { ListClustersRequest, ListClustersResponse } from '@aws-sdk/client-ecs';
import { operation } from '../../operation.ts';
import { pageOf } from '../pages.ts';

/** Lists ACTIVE clusters. @see ListClusters, Amazon ECS API Reference */
export const listClusters = operation<ListClustersRequest, ListClustersResponse>({
  name: 'ListClusters',
  accepts: ['nextToken', 'maxResults'],
  handle(input, { region }) {
    const active = Array.from(region.ecs.clusters.values()).filter((c) => c.status === 'ACTIVE');
    const { arns, nextToken } = pageOf(
      active.map(({ arn }) => arn),
      input,
    );
    return { clusterArns: arns, nextToken };
  },
});
