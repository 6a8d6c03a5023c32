import type { Region } from '../region.ts';
import {
  clusterNotFound,
  invalidParameter,
  serviceNotActive,
  serviceNotFound,
  taskSetNotFound,
} from './errors.ts';
import type { Cluster, Service, Task, TaskDefinition, TaskSet } from './state.ts';

const NAME = /^[a-zA-Z0-9\-_]{1,255}$/;
const TASK_SET_ID = /^ecs-svc\/\d+$/;

/** @throws {ApiError} InvalidParameterException, unless the name is one that clusters may have. */
export function checkClusterName(name: string): void {
  if (!NAME.test(name)) {
    throw invalidParameter(`Cluster must match ^[a-zA-Z0-9\\-_]{1,255}$, but was ${name}`);
  }
}

/** The ACTIVE cluster of that name or ARN; `default` when none is given. */
export function findCluster(region: Region, identifier = 'default'): Cluster {
  const cluster = clusterOrNone(region, identifier);
  if (cluster?.status !== 'ACTIVE') throw clusterNotFound();
  return cluster;
}

/** As `findCluster`, also INACTIVE ones, and nothing instead of an error. */
export function clusterOrNone(region: Region, identifier: string): Cluster | undefined {
  const name = lastPart(identifier, 'cluster/');
  const cluster = region.ecs.clusters.get(name);
  if (!cluster) checkClusterName(name);
  return matches(cluster, identifier) ? cluster : undefined;
}

/** The service of that name or ARN, in any status. */
export function serviceOrNone(cluster: Cluster, identifier: string): Service | undefined {
  const service = cluster.services.get(identifier.slice(identifier.lastIndexOf('/') + 1));
  // Services made before 2018 have ARNs without their cluster's name; tools still build them.
  const shortArn = service?.arn.replace(`:service/${cluster.name}/`, ':service/');
  return matches(service, identifier) || identifier === shortArn ? service : undefined;
}

export function findService(cluster: Cluster, identifier: string | undefined): Service {
  if (!identifier) throw invalidParameter('Service cannot be empty.');
  const service = serviceOrNone(cluster, identifier);
  if (!service) throw serviceNotFound();
  return service;
}

export function findActiveService(cluster: Cluster, identifier: string | undefined): Service {
  const service = findService(cluster, identifier);
  if (service.status !== 'ACTIVE') throw serviceNotActive();
  return service;
}

/** The service that an operation on task sets names: here cluster and service are required. */
export function findTaskSetService(
  region: Region,
  input: { cluster: string | undefined; service: string | undefined },
): Service {
  if (!input.cluster) throw invalidParameter('Cluster cannot be empty.');
  return findActiveService(findCluster(region, input.cluster), input.service);
}

/** The task set of that id or ARN, DRAINING ones too. */
export function taskSetOrNone(service: Service, identifier: string): TaskSet | undefined {
  const id = identifier.startsWith('arn:') ? identifier.split('/').slice(-2).join('/') : identifier;
  if (!TASK_SET_ID.test(id) || (id !== identifier && !identifier.includes(':task-set/'))) {
    throw invalidParameter('Task Set Identifier is invalid');
  }
  const taskSet = service.taskSets.get(id);
  return taskSet && (identifier === id || identifier === taskSet.arn) ? taskSet : undefined;
}

export function findTaskSet(service: Service, identifier: string | undefined): TaskSet {
  if (!identifier) throw invalidParameter('TaskSet cannot be empty.');
  const taskSet = taskSetOrNone(service, identifier);
  if (!taskSet) throw taskSetNotFound();
  return taskSet;
}

/** As `findTaskSet`, but one that is DRAINING is as good as gone: AWS documents no other answer. */
export function findLiveTaskSet(service: Service, identifier: string | undefined): TaskSet {
  const taskSet = findTaskSet(service, identifier);
  if (taskSet.status === 'DRAINING') throw taskSetNotFound();
  return taskSet;
}

/** The task of that id or ARN, also a STOPPED one that is not forgotten yet. */
export function taskOrNone(cluster: Cluster, identifier: string): Task | undefined {
  const task = cluster.tasks.get(identifier.slice(identifier.lastIndexOf('/') + 1));
  return task && (identifier === task.id || identifier === task.arn) ? task : undefined;
}

/** The revision that `family` (its latest ACTIVE one), `family:revision` or an ARN names. */
export function taskDefinitionOrNone(
  region: Region,
  identifier: string,
): TaskDefinition | undefined {
  const [family = '', revision] = lastPart(identifier, 'task-definition/').split(':');
  const revisions = region.ecs.families.get(family);
  if (revision === undefined) return revisions?.findLast(({ status }) => status === 'ACTIVE');
  const found = /^\d+$/.test(revision) ? revisions?.[Number(revision) - 1] : undefined;
  return found && (!identifier.startsWith('arn:') || identifier === found.arn) ? found : undefined;
}

function lastPart(identifier: string, prefix: string): string {
  if (!identifier.startsWith('arn:')) return identifier;
  return identifier.slice(identifier.indexOf(prefix) + prefix.length);
}

function matches(found: { name: string; arn: string } | undefined, identifier: string): boolean {
  return found !== undefined && (identifier === found.name || identifier === found.arn);
}
