import type { ECSClient, Service as EcsService, TaskSet as EcsTaskSet } from '@aws-sdk/client-ecs';
import {
  CreateTaskSetCommand,
  DeleteTaskSetCommand,
  DescribeServicesCommand,
  DescribeTaskSetsCommand,
  UpdateServicePrimaryTaskSetCommand,
  UpdateTaskSetCommand,
} from '@aws-sdk/client-ecs';
import type { Service, TaskSet } from '../deploy/model.ts';
import type { ServicePort, TaskSetSpec } from '../deploy/ports.ts';
import { call, isNamed, required } from './errors.ts';
import { fromEcsTags, toEcsTags } from './tags.ts';

const DESCRIBE_SERVICES = 'ecs:DescribeServices';
const DESCRIBE_TASK_SETS = 'ecs:DescribeTaskSets';
const CREATE_TASK_SET = 'ecs:CreateTaskSet';
const UPDATE_TASK_SET = 'ecs:UpdateTaskSet';
const DELETE_TASK_SET = 'ecs:DeleteTaskSet';
const MAKE_PRIMARY = 'ecs:UpdateServicePrimaryTaskSet';

/** One EXTERNAL service and its task sets over ECS. */
export function servicePort(client: ECSClient, cluster: string, service: string): ServicePort {
  const here = { cluster, service };
  return {
    describe: () => describeService(client, here),
    taskSet: (taskSetId) => describeTaskSet(client, here, taskSetId),

    async createTaskSet(spec) {
      const answer = await call(CREATE_TASK_SET, () =>
        client.send(new CreateTaskSetCommand({ ...here, ...toEcsTaskSet(spec) })),
      );
      const made = required(CREATE_TASK_SET, 'taskSet', answer.taskSet);
      return toTaskSet(CREATE_TASK_SET, made, made.tags);
    },

    async scaleTaskSet(taskSetId, percent) {
      const answer = await call(UPDATE_TASK_SET, () =>
        client.send(
          new UpdateTaskSetCommand({
            ...here,
            taskSet: taskSetId,
            scale: { value: percent, unit: 'PERCENT' },
          }),
        ),
      );
      required(UPDATE_TASK_SET, 'taskSet', answer.taskSet);
    },

    async deleteTaskSet(taskSetId) {
      await call(DELETE_TASK_SET, async () => {
        try {
          const answer = await client.send(
            new DeleteTaskSetCommand({ ...here, taskSet: taskSetId, force: true }),
          );
          required(DELETE_TASK_SET, 'taskSet', answer.taskSet);
        } catch (error) {
          if (!isNamed(error, 'TaskSetNotFoundException')) throw error;
        }
      });
    },

    async makePrimary(taskSetId) {
      const answer = await call(MAKE_PRIMARY, () =>
        client.send(new UpdateServicePrimaryTaskSetCommand({ ...here, primaryTaskSet: taskSetId })),
      );
      required(MAKE_PRIMARY, 'taskSet', answer.taskSet);
    },
  };
}

interface Here {
  readonly cluster: string;
  readonly service: string;
}

async function describeService(
  client: ECSClient,
  { cluster, service }: Here,
): Promise<Service | undefined> {
  const answer = await call(DESCRIBE_SERVICES, () =>
    client.send(new DescribeServicesCommand({ cluster, services: [service] })),
  );
  const found = required(DESCRIBE_SERVICES, 'services', answer.services)[0];
  return found && toService(found); // If it is missing, AWS says so in `failures`.
}

/** A service as DescribeServices tells of it. */
export function toService(found: EcsService): Service {
  return {
    arn: required(DESCRIBE_SERVICES, 'serviceArn', found.serviceArn),
    status: found.status ?? 'UNKNOWN',
    controller: found.deploymentController?.type ?? 'ECS',
    desiredCount: required(DESCRIBE_SERVICES, 'desiredCount', found.desiredCount),
    // Its sets' tags are always an empty list here, whatever they are.
    taskSets: (found.taskSets ?? []).map((set) => toTaskSet(DESCRIBE_SERVICES, set, undefined)),
  };
}

function describeTaskSet(
  client: ECSClient,
  here: Here,
  taskSetId: string,
): Promise<TaskSet | undefined> {
  return call(DESCRIBE_TASK_SETS, async () => {
    try {
      const answer = await client.send(
        new DescribeTaskSetsCommand({ ...here, taskSets: [taskSetId], include: ['TAGS'] }),
      );
      // An answer without the list is none: taken for an empty one it would mean that the set is gone.
      const [found] = required(DESCRIBE_TASK_SETS, 'taskSets', answer.taskSets);
      return found && toTaskSet(DESCRIBE_TASK_SETS, found, found.tags);
    } catch (error) {
      // Undeclared for this operation, yet it is what others saw for a set that is gone.
      if (isNamed(error, 'TaskSetNotFoundException')) return undefined;
      throw error;
    }
  });
}

/**
 * The token is always given: the SDK makes up none for this operation, yet repeats it when an
 * answer is lost.
 * @see CreateTaskSet, Amazon ECS API Reference
 */
function toEcsTaskSet(spec: TaskSetSpec) {
  return {
    clientToken: spec.clientToken,
    externalId: spec.externalId,
    taskDefinition: spec.taskDefinitionArn,
    launchType: 'FARGATE' as const,
    scale: { value: 100, unit: 'PERCENT' as const },
    loadBalancers: [
      {
        targetGroupArn: spec.targetGroupArn,
        containerName: spec.containerName,
        containerPort: spec.containerPort,
      },
    ],
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: [...spec.subnets],
        securityGroups: [...spec.securityGroups],
        assignPublicIp: spec.assignPublicIp ? ('ENABLED' as const) : ('DISABLED' as const),
      },
    },
    tags: toEcsTags(spec.tags),
  };
}

function toTaskSet(operation: string, set: EcsTaskSet, tags: EcsTaskSet['tags']): TaskSet {
  return {
    id: required(operation, 'taskSet.id', set.id),
    arn: required(operation, 'taskSet.taskSetArn', set.taskSetArn),
    status: toStatus(operation, set.status),
    taskDefinitionArn: required(operation, 'taskSet.taskDefinition', set.taskDefinition),
    targetGroupArns: (set.loadBalancers ?? []).flatMap((lb) => lb.targetGroupArn ?? []),
    scalePercent: set.scale?.value ?? 100,
    computedDesiredCount: set.computedDesiredCount ?? 0,
    runningCount: set.runningCount ?? 0,
    pendingCount: set.pendingCount ?? 0,
    isSteady: set.stabilityStatus === 'STEADY_STATE',
    ...(set.externalId ? { externalId: set.externalId } : {}),
    ...(tags ? { tags: fromEcsTags(tags) } : {}),
  };
}

const STATUSES: readonly (string | undefined)[] = ['PRIMARY', 'ACTIVE', 'DRAINING'];

function toStatus(operation: string, status: string | undefined): TaskSet['status'] {
  const known = STATUSES.includes(status) ? (status as TaskSet['status']) : undefined;
  return required(operation, `taskSet.status that is known (it has ${status})`, known);
}
