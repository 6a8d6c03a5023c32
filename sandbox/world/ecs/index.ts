import type { AnyOperation } from '../operation.ts';
import { createCluster } from './operations/create-cluster.ts';
import { createService } from './operations/create-service.ts';
import { createTaskSet } from './operations/create-task-set.ts';
import { deleteCluster } from './operations/delete-cluster.ts';
import { deleteService } from './operations/delete-service.ts';
import { deleteTaskSet } from './operations/delete-task-set.ts';
import { deregisterTaskDefinition } from './operations/deregister-task-definition.ts';
import { describeClusters } from './operations/describe-clusters.ts';
import { describeServices } from './operations/describe-services.ts';
import { describeTaskDefinition } from './operations/describe-task-definition.ts';
import { describeTaskSets } from './operations/describe-task-sets.ts';
import { describeTasks } from './operations/describe-tasks.ts';
import { listClusters } from './operations/list-clusters.ts';
import { listServices } from './operations/list-services.ts';
import { listTagsForResource } from './operations/list-tags-for-resource.ts';
import { listTaskDefinitions } from './operations/list-task-definitions.ts';
import { listTasks } from './operations/list-tasks.ts';
import { registerTaskDefinition } from './operations/register-task-definition.ts';
import { stopTask } from './operations/stop-task.ts';
import { tagResource } from './operations/tag-resource.ts';
import { untagResource } from './operations/untag-resource.ts';
import { updateService } from './operations/update-service.ts';
import { updateServicePrimaryTaskSet } from './operations/update-service-primary-task-set.ts';
import { updateTaskSet } from './operations/update-task-set.ts';

/**
 * What the sandbox has of Amazon ECS: all that a deployer of EXTERNAL services uses.
 * @see Actions, Amazon ECS API Reference
 */
export const ECS_OPERATIONS: readonly AnyOperation[] = [
  createCluster,
  describeClusters,
  listClusters,
  deleteCluster,
  createService,
  describeServices,
  listServices,
  updateService,
  deleteService,
  createTaskSet,
  describeTaskSets,
  updateTaskSet,
  deleteTaskSet,
  updateServicePrimaryTaskSet,
  registerTaskDefinition,
  describeTaskDefinition,
  deregisterTaskDefinition,
  listTaskDefinitions,
  listTasks,
  describeTasks,
  stopTask,
  tagResource,
  untagResource,
  listTagsForResource,
];
