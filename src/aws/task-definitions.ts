import type { ContainerDefinition, ECSClient } from '@aws-sdk/client-ecs';
import {
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import type { TaskDefinitionsPort } from '../deploy/ports.ts';
import { call, required } from './errors.ts';
import { toEcsTags } from './tags.ts';

const REGISTER = 'ecs:RegisterTaskDefinition';
const LIST = 'ecs:ListTaskDefinitions';
const DESCRIBE = 'ecs:DescribeTaskDefinition';

/** How far back a revision of a cut-off deploy is looked for: others may have registered since. */
const NEWEST_FEW = 5;

/** Task definitions for Fargate over ECS. */
export function taskDefinitionsPort(client: ECSClient): TaskDefinitionsPort {
  return {
    async register(spec) {
      const answer = await call(REGISTER, () =>
        client.send(
          new RegisterTaskDefinitionCommand({
            family: spec.family,
            cpu: spec.cpu,
            memory: spec.memory,
            executionRoleArn: spec.executionRoleArn,
            ...(spec.taskRoleArn === undefined ? {} : { taskRoleArn: spec.taskRoleArn }),
            requiresCompatibilities: ['FARGATE'],
            networkMode: 'awsvpc',
            containerDefinitions: [...spec.containerDefinitions] as ContainerDefinition[],
            tags: toEcsTags(spec.tags),
          }),
        ),
      );
      return required(REGISTER, 'taskDefinitionArn', answer.taskDefinition?.taskDefinitionArn);
    },

    async findTagged(family, tag) {
      const listed = await call(LIST, () =>
        client.send(
          new ListTaskDefinitionsCommand({
            familyPrefix: family,
            sort: 'DESC',
            maxResults: NEWEST_FEW,
          }),
        ),
      );
      const arns = required(LIST, 'taskDefinitionArns', listed.taskDefinitionArns);
      const described = await Promise.all(
        arns.map((taskDefinition) =>
          call(DESCRIBE, () =>
            client.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] })),
          ),
        ),
      );
      // Newest first, as listed.
      const found = described.find(({ tags }) =>
        tags?.some(({ key, value }) => key === tag.key && value === tag.value),
      );
      return found?.taskDefinition?.taskDefinitionArn;
    },
  };
}
