import type { Compatibility, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { clientError } from './errors.ts';

/** CPU units and MiB, as strings, in the API's own form. */
export interface TaskSize {
  cpu?: string;
  memory?: string;
}

/** Per CPU value the least and the greatest memory, and the steps between them, in MiB. */
const FARGATE_MEMORY = new Map([
  ['256', { min: 512, max: 2048, step: 512 }],
  ['512', { min: 1024, max: 4096, step: 1024 }],
  ['1024', { min: 2048, max: 8192, step: 1024 }],
  ['2048', { min: 4096, max: 16_384, step: 1024 }],
  ['4096', { min: 8192, max: 30_720, step: 1024 }],
  ['8192', { min: 16_384, max: 61_440, step: 4096 }],
  ['16384', { min: 32_768, max: 122_880, step: 8192 }],
]);

/** The task's size; `1 vCPU` and `2 GB` become `1024` and `2048`. */
export function taskSizeOf({ cpu, memory }: RegisterTaskDefinitionRequest): TaskSize {
  return {
    ...(cpu && { cpu: inUnits('cpu', cpu, 'vcpu') }),
    ...(memory && { memory: inUnits('memory', memory, 'gb') }),
  };
}

/**
 * What a definition can run on.
 * @throws {ApiError} ClientException, when it requires Fargate and cannot run there.
 * @see Amazon ECS task definition differences for Fargate, Amazon ECS Developer Guide
 */
export function compatibilitiesOf(
  input: RegisterTaskDefinitionRequest,
  size: TaskSize,
): Compatibility[] {
  const obstacle = fargateObstacle(input, size);
  if (obstacle === undefined) return ['EC2', 'FARGATE'];
  if (input.requiresCompatibilities?.includes('FARGATE')) throw clientError(obstacle);
  return ['EC2'];
}

function fargateObstacle(
  { networkMode }: RegisterTaskDefinitionRequest,
  { cpu, memory }: TaskSize,
): string | undefined {
  if (networkMode !== 'awsvpc') return 'Fargate only supports network mode ‘awsvpc’.';
  if (cpu === undefined) return "Fargate requires that 'cpu' be defined at the task level.";
  if (memory === undefined) return "Fargate requires that 'memory' be defined at the task level.";
  const range = FARGATE_MEMORY.get(cpu);
  const mib = Number(memory);
  // The smallest size alone goes by powers of two: 512, 1024 and 2048.
  const isOffered = range && mib >= range.min && mib <= range.max && mib % range.step === 0;
  if (isOffered && !(cpu === '256' && mib === 1536)) return undefined;
  return `No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory.`;
}

function inUnits(name: string, value: string, unit: string): string {
  const text = value.toLowerCase().replaceAll(' ', '');
  const isLarge = text.endsWith(unit);
  const number = Number(isLarge ? text.slice(0, -unit.length) : text);
  if (!(number > 0)) throw clientError(`Invalid '${name}' setting for task: ${value}`);
  return String(isLarge ? number * 1024 : number);
}
