import { resolveImage } from '../ecr/resolve-image.ts';
import { resolveSecret } from '../ssm/resolve-secret.ts';
import type { ContainerToRun } from '../task-runtime.ts';
import type { At } from './at.ts';
import type { Container, NormalContainerDefinition, Task } from './state.ts';

/** What is to run, or the task's `stoppedReason`. */
export type Pulled = { containers: ContainerToRun[] } | { failure: string };

/**
 * Pulls a task's images and secrets as they are at this moment: a tag that moved since the last
 * task started gives another program.
 */
export function pullContainers(at: At, task: Task): Pulled {
  const containers: ContainerToRun[] = [];
  for (const container of task.containers) {
    const secrets = secretsOf(at, container.definition);
    if ('failure' in secrets) return secrets;
    const toRun = pullOne(at, container, secrets.values);
    if ('failure' in toRun) {
      container.reason = toRun.failure;
      return toRun;
    }
    containers.push(toRun);
  }
  return { containers };
}

function pullOne(
  { world }: At,
  container: Container,
  secrets: Record<string, string>,
): ContainerToRun | { failure: string } {
  const { definition } = container;
  const image = resolveImage(world, definition.image);
  if ('notFound' in image) return { failure: `CannotPullContainerError: ${image.notFound}` };
  container.imageDigest = image.digest;
  const environment: Record<string, string> = { ...image.environment };
  for (const { name = '', value = '' } of definition.environment ?? []) environment[name] = value;
  Object.assign(environment, secrets);
  return {
    name: definition.name,
    image: definition.image,
    command: commandOf(definition, image.command),
    environment,
    ports: (definition.portMappings ?? []).flatMap(({ containerPort }) => containerPort ?? []),
  };
}

/** As Docker does it: an entry point of one's own drops the image's command too. */
function commandOf(definition: NormalContainerDefinition, ofImage: string[]): readonly string[] {
  const { entryPoint = [], command = [] } = definition;
  if (entryPoint.length > 0) return [...entryPoint, ...command];
  return command.length > 0 ? command : ofImage;
}

function secretsOf(
  { world, region }: At,
  definition: NormalContainerDefinition,
): { values: Record<string, string> } | { failure: string } {
  const values: Record<string, string> = {};
  for (const { name = '', valueFrom = '' } of definition.secrets ?? []) {
    const secret = resolveSecret(world, region, valueFrom);
    if ('error' in secret) {
      return {
        failure: `ResourceInitializationError: unable to pull secrets or registry auth: ${secret.error}`,
      };
    }
    values[name] = secret.value;
  }
  return { values };
}
