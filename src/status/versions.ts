import type { Artifact, ArtifactRef, Outcome } from '../artifactdb/artifact.ts';
import { outcomeIn } from '../artifactdb/artifact.ts';
import { ArtifactNotFoundError } from '../artifactdb/errors.ts';
import type { EnvironmentConfig } from '../config/config.ts';
import type { Color, ListenerRule, Service, TaskSet } from '../deploy/model.ts';
import { BUILD_NUMBER_TAG, CONFIG_SHA_TAG } from '../deploy/tags.ts';
import type { Home, RegionReads } from './ports.ts';

/** What an environment runs, and what decides who of it serves. */
export interface Versions {
  readonly rules: readonly ListenerRule[];
  /** Undefined when there is none. */
  readonly service: Service | undefined;
  /** Those that are not on their way out, the primary one first. */
  readonly running: readonly Version[];
  readonly draining: readonly TaskSet[];
}

/** One task set, and the version that its tags name. */
export interface Version {
  /** Whose target group it is attached to; undefined when it is neither's. */
  readonly color: Color | undefined;
  readonly taskSet: TaskSet;
  readonly configSha: string | undefined;
  readonly buildNumber: number | undefined;
  /** Undefined when its tags name none, or one that was deleted. */
  readonly artifact: Artifact | undefined;
  /** What is recorded of its deploy to this environment with its configuration. */
  readonly outcome: Outcome | undefined;
}

/** What versions are read with. */
export interface VersionTools {
  readonly reads: Pick<RegionReads, 'rules' | 'service' | 'taskSetTags'>;
  readonly artifacts: Pick<Home['artifacts'], 'get'>;
  /** Told what an artifact can't be read for, whose name is then left out. Unless given, it is thrown. */
  readonly onArtifactError?: (error: unknown) => void;
}

/** Reads what one environment runs: three calls to AWS, fewer if others ask for the same. */
export async function readVersions(
  app: { readonly artifactDbProjectName: string },
  environment: EnvironmentConfig,
  tools: VersionTools,
): Promise<Versions> {
  const { reads } = tools;
  const [rules, service] = await Promise.all([
    reads.rules(environment.listenerArn),
    reads.service(environment),
  ]);
  const taskSets = service?.taskSets ?? [];
  const running = taskSets
    .filter(({ status }) => status !== 'DRAINING')
    .sort((a, b) => Number(b.status === 'PRIMARY') - Number(a.status === 'PRIMARY'));
  // A service's description names no tags of its task sets: they have to be asked for.
  const tags = await reads.taskSetTags(
    environment,
    running.map(({ id }) => id),
  );
  return {
    rules,
    service,
    running: await Promise.all(
      running.map((taskSet) => toVersion(app, environment, taskSet, tags.get(taskSet.id), tools)),
    ),
    draining: taskSets.filter(({ status }) => status === 'DRAINING'),
  };
}

async function toVersion(
  app: { readonly artifactDbProjectName: string },
  environment: EnvironmentConfig,
  taskSet: TaskSet,
  tags: TaskSet['tags'] = {},
  tools: VersionTools,
): Promise<Version> {
  const configSha = tags[CONFIG_SHA_TAG];
  const build = Number(tags[BUILD_NUMBER_TAG]);
  const buildNumber = Number.isSafeInteger(build) ? build : undefined;
  const artifact =
    buildNumber === undefined
      ? undefined
      : await readArtifact({ projectName: app.artifactDbProjectName, buildNumber }, tools);
  return {
    color: colorOf(taskSet, environment.targetGroupArns),
    taskSet,
    configSha,
    buildNumber,
    artifact,
    outcome:
      artifact && configSha !== undefined
        ? outcomeIn(artifact, environment.name, configSha)
        : undefined,
  };
}

/** Whose target group the task set is attached to. */
export function colorOf(
  taskSet: TaskSet,
  targetGroupArns: Readonly<Record<Color, string>>,
): Color | undefined {
  const colors: readonly Color[] = ['blue', 'green'];
  return colors.find((color) => taskSet.targetGroupArns.includes(targetGroupArns[color]));
}

/** A name is only for showing: a build that was deleted must not hide what runs. */
async function readArtifact(
  ref: ArtifactRef,
  { artifacts, onArtifactError }: VersionTools,
): Promise<Artifact | undefined> {
  try {
    return await artifacts.get(ref);
  } catch (error) {
    if (error instanceof ArtifactNotFoundError) return undefined;
    if (!onArtifactError) throw error;
    onArtifactError(error);
    return undefined;
  }
}
