import * as z from 'zod/mini';
import type { JsonObject } from './json.ts';

/**
 * ECS's ContainerDefinition with every member it has, by name and kind. It gives the mapper the
 * SDK's spelling of keys that a Go tool took in any case; values are checked for their kind only,
 * because ECS knows the rest better and most strings are templates.
 * @see ContainerDefinition, Amazon ECS API Reference (2014-11-13)
 */

const text = z.string('expected a string');
const flag = z.boolean('expected true or false');
const count = z.int('expected a whole number');
const texts = z.array(text, 'expected a list of strings');
// The keys of a map are data: they reach ECS letter by letter.
const textMap = z.record(z.string(), text, 'expected an object of strings');

/** A structure of ECS. Keys that are not in the table are passed on. */
function members(shape: Readonly<Record<string, z.core.$ZodType>>) {
  const optional = Object.entries(shape).map(([name, type]) => [name, z.optional(type)] as const);
  return z.looseObject(Object.fromEntries(optional), 'expected an object');
}

function listOf<T extends z.core.SomeType>(item: T) {
  return z.array(item, 'expected a list of objects');
}

const secret = members({ name: text, valueFrom: text });

const logConfiguration = members({
  logDriver: text,
  options: textMap,
  secretOptions: listOf(secret),
});

const linuxParameters = members({
  capabilities: members({ add: texts, drop: texts }),
  devices: listOf(members({ hostPath: text, containerPath: text, permissions: texts })),
  initProcessEnabled: flag,
  sharedMemorySize: count,
  tmpfs: listOf(members({ containerPath: text, size: count, mountOptions: texts })),
  maxSwap: count,
  swappiness: count,
});

const portMapping = members({
  containerPort: count,
  hostPort: count,
  protocol: text,
  name: text,
  appProtocol: text,
  containerPortRange: text,
});

const OPTIONAL_MEMBERS = {
  repositoryCredentials: members({ credentialsParameter: text }),
  cpu: count,
  memory: count,
  memoryReservation: count,
  links: texts,
  portMappings: listOf(portMapping),
  essential: flag,
  restartPolicy: members({
    enabled: flag,
    ignoredExitCodes: z.array(count, 'expected a list of whole numbers'),
    restartAttemptPeriod: count,
  }),
  entryPoint: texts,
  command: texts,
  environment: listOf(members({ name: text, value: text })),
  environmentFiles: listOf(members({ value: text, type: text })),
  mountPoints: listOf(members({ sourceVolume: text, containerPath: text, readOnly: flag })),
  volumesFrom: listOf(members({ sourceContainer: text, readOnly: flag })),
  linuxParameters,
  secrets: listOf(secret),
  dependsOn: listOf(members({ containerName: text, condition: text })),
  startTimeout: count,
  stopTimeout: count,
  versionConsistency: text,
  hostname: text,
  user: text,
  workingDirectory: text,
  disableNetworking: flag,
  privileged: flag,
  readonlyRootFilesystem: flag,
  dnsServers: texts,
  dnsSearchDomains: texts,
  extraHosts: listOf(members({ hostname: text, ipAddress: text })),
  dockerSecurityOptions: texts,
  interactive: flag,
  pseudoTerminal: flag,
  dockerLabels: textMap,
  ulimits: listOf(members({ name: text, softLimit: count, hardLimit: count })),
  logConfiguration,
  healthCheck: members({
    command: texts,
    interval: count,
    timeout: count,
    retries: count,
    startPeriod: count,
  }),
  systemControls: listOf(members({ namespace: text, value: text })),
  resourceRequirements: listOf(members({ value: text, type: text, sharingStrategy: text })),
  firelensConfiguration: members({ type: text, options: textMap }),
  credentialSpecs: texts,
};

const required = text.check(z.minLength(1, 'expected a string that is not empty'));

/** One entry of `ContainerDefinitionTemplates`. Any string in it may be a template. */
export const containerDefinitionSchema = z.looseObject(
  { name: required, image: required, ...members(OPTIONAL_MEMBERS).shape },
  'expected an object',
);

/** The container and the port in it that the load balancer sends traffic to. */
export interface ServingContainer {
  readonly name: string;
  readonly containerPort: number;
}

/**
 * The first container and its only port: what `CreateTaskSet` registers in the target group. Works
 * on rendered definitions and on templates alike.
 * @returns undefined when there is no container, or its port mappings are not exactly one
 */
export function servingContainer(
  containerDefinitions: readonly JsonObject[],
): ServingContainer | undefined {
  const first = containerDefinitions[0];
  const ports = first?.['portMappings'];
  if (!Array.isArray(ports) || ports.length !== 1) return undefined;
  const name = first?.['name'];
  const containerPort = (ports[0] as JsonObject)['containerPort'];
  if (typeof name !== 'string' || typeof containerPort !== 'number') return undefined;
  return { name, containerPort };
}
