import type {
  Cluster,
  DescribeClustersRequest,
  DescribeClustersResponse,
  Failure,
} from '@aws-sdk/client-ecs';
import { operation } from '../../operation.ts';
import { clusterShape } from '../cluster-shape.ts';
import { notImplemented } from '../errors.ts';
import { missing } from '../failures.ts';
import { clusterOrNone } from '../find.ts';

/** @see DescribeClusters, Amazon ECS API Reference */
export const describeClusters = operation<DescribeClustersRequest, DescribeClustersResponse>({
  name: 'DescribeClusters',
  accepts: ['clusters', 'include'],
  handle({ clusters: identifiers = ['default'], include = [] }, { region }) {
    const other = include.find((field) => field !== 'TAGS' && field !== 'SETTINGS');
    if (other) throw notImplemented(`include ${other}`);
    const shown = { tags: include.includes('TAGS'), settings: include.includes('SETTINGS') };
    const clusters: Cluster[] = [];
    const failures: Failure[] = [];
    for (const identifier of identifiers) {
      const cluster = clusterOrNone(region, identifier);
      if (cluster) clusters.push(clusterShape(cluster, shown));
      else failures.push(missing(region, 'cluster', identifier));
    }
    return { clusters, failures };
  },
});
