import type {
  ContainerDefinition,
  PortMapping,
  RegisterTaskDefinitionRequest,
} from '@aws-sdk/client-ecs';
import { clientError } from './errors.ts';
import { refuseOthers } from './parameters.ts';
import type { NormalContainerDefinition } from './state.ts';

const MAX_STOP_TIMEOUT_SECONDS = 120;

/** What the sandbox's containers are started and stopped by. */
const USED = [
  'name',
  'image',
  'essential',
  'entryPoint',
  'command',
  'environment',
  'secrets',
  'portMappings',
  'stopTimeout',
] as const;

/** What is kept and shown but cannot matter to a process without a container around it. */
const SHOWN_ONLY = [
  'cpu',
  'memory',
  'memoryReservation',
  'logConfiguration',
  'dockerLabels',
  'user',
  'readonlyRootFilesystem',
  'ulimits',
  'mountPoints',
  'volumesFrom',
  'linuxParameters',
  'systemControls',
  'startTimeout',
  'interactive',
  'pseudoTerminal',
  'versionConsistency',
] as const;

/**
 * A task definition's containers, checked, with AWS's defaults filled in.
 * @throws {ApiError} ClientException as AWS words it; InvalidParameterException for what the
 * sandbox has not.
 * @see ContainerDefinition, Amazon ECS API Reference
 */
export function normalContainers(
  input: RegisterTaskDefinitionRequest,
  hasTaskMemory: boolean,
): NormalContainerDefinition[] {
  const { containerDefinitions = [], networkMode } = input;
  if (containerDefinitions.length === 0) throw clientError('Container list cannot be empty.');
  const containers = containerDefinitions.map((definition, i) => {
    refuseOthers(`containerDefinitions[${i}]`, definition, [...USED, ...SHOWN_ONLY]);
    checkContainer(definition, hasTaskMemory);
    return normal(definition, networkMode === 'awsvpc');
  });
  if (!containers.some(({ essential }) => essential)) {
    throw clientError(
      'Invalid setting for task definition. At least one container must be essential.',
    );
  }
  if (new Set(containers.map(({ name }) => name)).size < containers.length) {
    throw clientError('Container names must be unique within a task definition.');
  }
  return containers;
}

function checkContainer(definition: ContainerDefinition, hasTaskMemory: boolean): void {
  const { name, image, memory, memoryReservation, stopTimeout = 0 } = definition;
  if (!name) throw clientError('Container.name should not be null or empty.');
  if (!image) throw clientError('Container.image should not be null or empty.');
  if (!hasTaskMemory && memory === undefined && memoryReservation === undefined) {
    throw clientError(
      `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
    );
  }
  if (stopTimeout < 0 || stopTimeout > MAX_STOP_TIMEOUT_SECONDS) {
    throw clientError(
      `Invalid setting for container '${name}'. 'stopTimeout' must be at most ${MAX_STOP_TIMEOUT_SECONDS} seconds.`,
    );
  }
}

function normal(definition: ContainerDefinition, isAwsvpc: boolean): NormalContainerDefinition {
  const copy = structuredClone(definition);
  return {
    ...copy,
    name: copy.name ?? '',
    image: copy.image ?? '',
    cpu: copy.cpu ?? 0,
    essential: copy.essential ?? true,
    environment: copy.environment ?? [],
    mountPoints: copy.mountPoints ?? [],
    volumesFrom: copy.volumesFrom ?? [],
    systemControls: copy.systemControls ?? [],
    portMappings: (copy.portMappings ?? []).map((mapping, i) => {
      refuseOthers(`portMappings[${i}]`, mapping, [
        'containerPort',
        'hostPort',
        'protocol',
        'name',
        'appProtocol',
      ]);
      return normalPort(mapping, isAwsvpc);
    }),
  };
}

function normalPort(mapping: PortMapping, isAwsvpc: boolean): PortMapping {
  const { containerPort, protocol = 'tcp' } = mapping;
  const hostPort = mapping.hostPort ?? (isAwsvpc ? containerPort : 0);
  if (isAwsvpc && hostPort !== containerPort) {
    throw clientError(
      'When networkMode=awsvpc, the host ports and container ports in port mappings must match.',
    );
  }
  return { ...mapping, hostPort, protocol };
}
