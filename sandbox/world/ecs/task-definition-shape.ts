import type { TaskDefinition as TaskDefinitionShape } from '@aws-sdk/client-ecs';
import type { TaskDefinition } from './state.ts';

/** A revision as the API shows it. @see TaskDefinition, Amazon ECS API Reference */
export function taskDefinitionShape(taskDefinition: TaskDefinition): TaskDefinitionShape {
  const { shape, status, deregisteredAt } = taskDefinition;
  return {
    ...structuredClone(shape),
    status,
    ...(deregisteredAt && { deregisteredAt }),
  };
}
