import type { ECSClient, TaskSet as EcsTaskSet } from '@aws-sdk/client-ecs';
import { DescribeTaskDefinitionCommand, DescribeTaskSetsCommand } from '@aws-sdk/client-ecs';
import type { JsonObject } from '../config/json.ts';
import type { DescribedDefinition, PlanReads, TaskSetDetails } from '../plan/ports.ts';
import { call, isNamed, required } from './errors.ts';
import { fromEcsTags } from './tags.ts';

const DESCRIBE_TASK_SETS = 'ecs:DescribeTaskSets';
const DESCRIBE_TASK_DEFINITION = 'ecs:DescribeTaskDefinition';

/** What a look ahead reads of one EXTERNAL service over ECS. */
export function planReads(
  client: ECSClient,
  here: { readonly cluster: string; readonly service: string },
): Omit<PlanReads, 'targetGroups'> {
  return {
    taskSets: (ids) => describeTaskSets(client, here, ids),
    taskDefinition: (arn) => describeTaskDefinition(client, arn),
  };
}

function describeTaskSets(
  client: ECSClient,
  { cluster, service }: { readonly cluster: string; readonly service: string },
  ids: readonly string[],
): Promise<ReadonlyMap<string, TaskSetDetails>> {
  return call(DESCRIBE_TASK_SETS, async () => {
    if (ids.length === 0) return new Map(); // ECS refuses an empty list.
    try {
      const answer = await client.send(
        new DescribeTaskSetsCommand({ cluster, service, taskSets: [...ids], include: ['TAGS'] }),
      );
      return new Map(
        required(DESCRIBE_TASK_SETS, 'taskSets', answer.taskSets).map((set) => [
          required(DESCRIBE_TASK_SETS, 'taskSet.id', set.id),
          detailsOf(set),
        ]),
      );
    } catch (error) {
      // Undeclared for this operation, yet it is what others saw for sets that are gone.
      if (isNamed(error, 'TaskSetNotFoundException')) return new Map();
      throw error;
    }
  });
}

function detailsOf({ loadBalancers, networkConfiguration, tags }: EcsTaskSet): TaskSetDetails {
  const { subnets, securityGroups, assignPublicIp } =
    networkConfiguration?.awsvpcConfiguration ?? {};
  return {
    tags: fromEcsTags(tags ?? []),
    network: {
      subnets: subnets ?? [],
      securityGroups: securityGroups ?? [],
      assignPublicIp: assignPublicIp === 'ENABLED',
      servedBy: (loadBalancers ?? []).map(
        ({ containerName, containerPort }) => `${containerName}:${containerPort}`,
      ),
    },
  };
}

function describeTaskDefinition(
  client: ECSClient,
  taskDefinition: string,
): Promise<DescribedDefinition | undefined> {
  return call(DESCRIBE_TASK_DEFINITION, async () => {
    try {
      const answer = await client.send(
        new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] }),
      );
      const found = required(DESCRIBE_TASK_DEFINITION, 'taskDefinition', answer.taskDefinition);
      return {
        // Dates become text by this, which the SDK has made of numbers.
        definition: JSON.parse(JSON.stringify(found)) as JsonObject,
        tags: fromEcsTags(answer.tags ?? []),
        status: found.status ?? 'unknown',
      };
    } catch (error) {
      const { message } = error as { readonly message?: unknown };
      const isGone =
        isNamed(error, 'ClientException') &&
        String(message).startsWith('Unable to describe task definition');
      if (isGone) return undefined;
      throw error;
    }
  });
}
