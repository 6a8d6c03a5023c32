import { InvalidArtifactIdError } from './errors.ts';

/** The name of one build: the table's key. */
export interface ArtifactRef {
  readonly projectName: string;
  /** 1 for a project's first build, and one more for each that follows. */
  readonly buildNumber: number;
}

/** One build of a project, and what is known about it. */
export interface Artifact extends ArtifactRef {
  /** What the build made, e.g. an image's `repository:tag`. */
  readonly value: string;
  /** `null` when it was registered without tags. */
  readonly tags: Tags | null;
  /** The builds inside this one, each as `project:build`. */
  readonly containedArtifacts: readonly string[];
}

/** Names and values are case-sensitive. */
export type Tags = Readonly<Record<string, string>>;

/** How a deployment of an artifact to an environment ended. */
export type Outcome = 'success' | 'failure';

/** The tag that holds the commit an artifact was built from. */
export const SHA_TAG = 'SHA';

/** The tag that holds how the deployment with this configuration to this environment ended. */
export function deployTag(env: string, configSha: string): string {
  return `deploy-${env}-${configSha}`;
}

/** The tag's value, or `undefined` when the artifact has no such tag. */
export function tagOf(artifact: Artifact, key: string): string | undefined {
  return artifact.tags && Object.hasOwn(artifact.tags, key) ? artifact.tags[key] : undefined;
}

/** Whether the artifact has all these tags. As for the old tool, a missing tag equals an empty one. */
export function hasTags(artifact: Artifact, wanted: Tags): boolean {
  return Object.entries(wanted).every(([key, value]) => (tagOf(artifact, key) ?? '') === value);
}

/** The artifact with these tags, whatever it had there before. */
export function withTags(artifact: Artifact, tags: Tags): Artifact {
  return { ...artifact, tags: { ...artifact.tags, ...tags } };
}

/** The artifact without this tag. */
export function withoutTag(artifact: Artifact, key: string): Artifact {
  if (!artifact.tags) return artifact;
  const { [key]: _removed, ...tags } = artifact.tags;
  return { ...artifact, tags };
}

/** What the artifact's tags say; `undefined` when they don't. */
export function outcomeIn(artifact: Artifact, env: string, configSha: string): Outcome | undefined {
  const value = tagOf(artifact, deployTag(env, configSha));
  return value === 'success' || value === 'failure' ? value : undefined;
}

/** `project:build`, as artifacts name those that they contain. */
export function artifactId(artifact: ArtifactRef): string {
  return `${artifact.projectName}:${artifact.buildNumber}`;
}

/**
 * Reads `project:build`.
 * @throws {InvalidArtifactIdError}
 */
export function parseArtifactId(id: string): ArtifactRef {
  const [, projectName, digits] = /^([^:]+):(\d+)$/.exec(id) ?? [];
  const buildNumber = Number(digits);
  if (projectName === undefined || !Number.isSafeInteger(buildNumber)) {
    throw new InvalidArtifactIdError(id);
  }
  return { projectName, buildNumber };
}
