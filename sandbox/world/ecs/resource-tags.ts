import { ApiError } from '../operation.ts';
import type { Region } from '../region.ts';
import { clusterNotFound, invalidParameter } from './errors.ts';
import { taskDefinitionOrNone } from './find.ts';
import type { Tags } from './state.ts';

/**
 * The tags of the resource with that ARN: a cluster, service, task set, task or task definition.
 * @param notFoundCode What a missing resource is called; it depends on the operation.
 * @throws {ApiError} ClusterNotFoundException, InvalidParameterException or `notFoundCode`
 */
export function findTags(
  region: Region,
  arn = '',
  notFoundCode = 'ResourceNotFoundException',
): Tags {
  const [kind, ...names] = arn.split(':').slice(5).join(':').split('/');
  const resource =
    kind === 'task-definition'
      ? taskDefinitionOrNone(region, arn)
      : findInCluster(region, kind, names, arn);
  if (resource?.arn !== arn) {
    throw new ApiError(notFoundCode, 'The specified resource could not be found.');
  }
  return resource.tags;
}

function findInCluster(
  region: Region,
  kind: string | undefined,
  [clusterName = '', name = '', ...rest]: readonly string[],
  arn: string,
): { arn: string; tags: Tags } | undefined {
  if (!arn.startsWith('arn:')) throw invalidParameter(`Invalid resource ARN: ${arn}`);
  const cluster = region.ecs.clusters.get(clusterName);
  if (!cluster) throw clusterNotFound();
  if (cluster.status !== 'ACTIVE') {
    throw invalidParameter(
      'The specified cluster is inactive. Specify an active cluster and try again.',
    );
  }
  if (kind === 'cluster') return cluster;
  if (kind === 'task') return cluster.tasks.get(name);
  const service = cluster.services.get(name);
  return kind === 'task-set' ? service?.taskSets.get(rest.join('/')) : service;
}
