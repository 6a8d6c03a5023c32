import type { Json, JsonObject } from '../config/json.ts';
import type { DeployPlan } from '../deploy/plan.ts';

/** What is registered as a task definition, or was, in ECS's own spelling. */
export type Definition = JsonObject;

/** What every task definition of this tool has beside what the config says. */
const FARGATE = { networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'] } as const;

/** The task definition that a deploy would register, without its tags. */
export function definitionOf(plan: DeployPlan): Definition {
  return {
    family: plan.family,
    cpu: plan.cpu,
    memory: plan.memory,
    executionRoleArn: plan.executionRoleArn,
    ...(plan.taskRoleArn === undefined ? {} : { taskRoleArn: plan.taskRoleArn }),
    ...FARGATE,
    containerDefinitions: plan.containerDefinitions as readonly JsonObject[],
  };
}

/** Its containers; none when it has no such list. */
export function containersOf({ containerDefinitions }: Definition): readonly JsonObject[] {
  return Array.isArray(containerDefinitions) ? containerDefinitions.filter(isObject) : [];
}

/** Whether a JSON value is an object. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text as it is, everything else as JSON; nothing for nothing. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
