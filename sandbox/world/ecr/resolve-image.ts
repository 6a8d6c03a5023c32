import type { World } from '../world.ts';
import { defaultChild, parseObject, readManifest } from './manifest.ts';
import type { Image, Repository } from './state.ts';

/** The program that an image's manifest names, in annotations that the sandbox alone knows. */
export const COMMAND_ANNOTATION = 'ecs-deploy.sandbox/command';
export const ENVIRONMENT_ANNOTATION = 'ecs-deploy.sandbox/environment';

/** A program to run. */
export interface ResolvedImage {
  command: string[];
  environment: Record<string, string>;
  /** Of the image itself, also when the reference led to it through an index. */
  digest: string;
}

interface Reference {
  readonly accountId: string;
  readonly region: string;
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

const REFERENCE =
  /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([a-z0-9._/-]+?)(?::([\w.-]+))?(?:@(sha256:[0-9a-f]{64}))?$/;

/**
 * Finds the program of an image. A digest wins over a tag beside it; with neither, the tag is
 * `latest`. `notFound` is what follows `CannotPullContainerError: ` in a task's stopped reason.
 * @param reference `<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>` or `…@sha256:…`.
 * @see CannotPullContainer task errors, Amazon ECS Developer Guide
 */
export function resolveImage(
  world: World,
  reference: string,
): ResolvedImage | { notFound: string } {
  const parsed = parseReference(reference);
  if (!parsed) return denied(reference, 'the sandbox has only its own ECR to pull from');
  const { accountId, region, repository: name, tag, digest } = parsed;
  const repository = world.region(accountId, region).ecr.repositories.get(name);
  if (!repository) {
    return denied(
      reference,
      'pull access denied, repository does not exist or may require authorization',
    );
  }
  const image = repository.images.get(digest ?? repository.tags.get(tag ?? 'latest') ?? '');
  if (!image) return missing(reference);
  return programOf(repository, image, reference);
}

function parseReference(reference: string): Reference | undefined {
  const [, accountId, region, repository, tag, digest] = REFERENCE.exec(reference) ?? [];
  return accountId && region && repository
    ? { accountId, region, repository, tag, digest }
    : undefined;
}

function programOf(
  repository: Repository,
  image: Image,
  reference: string,
): ResolvedImage | { notFound: string } {
  const manifest = readManifest(image.manifest);
  if (manifest?.children) {
    const child = repository.images.get(defaultChild(manifest)?.digest ?? '');
    // An index of indexes is followed no further; OCI allows it, ECR's clients do not push it.
    if (!child || readManifest(child.manifest)?.children) return missing(reference);
    return programOf(repository, child, reference);
  }
  const command = readCommand(manifest?.annotations[COMMAND_ANNOTATION]);
  if (!command) {
    return { notFound: `${reference}: no program in the annotation ${COMMAND_ANNOTATION}` };
  }
  const environment = readEnvironment(manifest?.annotations[ENVIRONMENT_ANNOTATION]);
  if (!environment) {
    return { notFound: `${reference}: no JSON object in the annotation ${ENVIRONMENT_ANNOTATION}` };
  }
  return { command, environment, digest: image.digest };
}

function readCommand(annotation: unknown): string[] | undefined {
  if (typeof annotation !== 'string') return undefined;
  const command: unknown = parseObject(`{"command":${annotation}}`)?.['command'];
  return Array.isArray(command) &&
    command.length > 0 &&
    command.every((word): word is string => typeof word === 'string')
    ? command
    : undefined;
}

function readEnvironment(annotation: unknown): Record<string, string> | undefined {
  if (annotation === undefined) return {};
  const environment = typeof annotation === 'string' ? parseObject(annotation) : undefined;
  if (!environment) return undefined;
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

function missing(reference: string): { notFound: string } {
  return {
    notFound:
      'pull image manifest has been retried 5 time(s): ' +
      `failed to resolve ref ${reference}: ${reference}: not found`,
  };
}

function denied(reference: string, why: string): { notFound: string } {
  return {
    notFound: `inspect image has been retried 1 time(s): failed to resolve ref "${reference}": ${why}`,
  };
}
