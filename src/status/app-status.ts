import type { Artifact, ArtifactRef } from '../artifactdb/artifact.ts';
import { ArtifactNotFoundError } from '../artifactdb/errors.ts';
import type { EnvironmentConfig } from '../config/config.ts';
import type { Checkpoint } from '../deploy/checkpoint.ts';
import { readColors } from '../deploy/colors.ts';
import { lockKeyOf, readCheckpoint } from '../deploy/held-lock.ts';
import { type Hold, holdIn } from '../deploy/hold.ts';
import { type Color, familyAndRevision, otherColor, type TaskSet } from '../deploy/model.ts';
import type { AwsPorts } from '../deploy/ports.ts';
import { BUILD_NUMBER_TAG, CONFIG_SHA_TAG } from '../deploy/tags.ts';
import { inspect } from '../lock/inspect.ts';
import type { LockStore } from '../lock/store.ts';

/** What is deployed of one app, and what is being deployed. */
export interface AppStatus {
  readonly app: string;
  /** The value of the newest artifact for automated deploys; left out when there is none. */
  readonly latest?: string;
  /** By name. */
  readonly environments: readonly EnvironmentStatus[];
}

export interface EnvironmentStatus {
  readonly environment: string;
  /** Left out when the active colour has no task set. */
  readonly serving?: VersionStatus;
  /** Left out when no deploy holds the lock. */
  readonly deploying?: UnfinishedDeploy;
  /** Left out unless a person keeps everybody from deploying. */
  readonly hold?: Hold;
  /** What runs on the idle colour: the version before, or the one to come. */
  readonly idle: readonly VersionStatus[];
}

/** One task set, and the version that its tags name. */
export interface VersionStatus {
  readonly color: Color;
  readonly artifact?: string;
  readonly configSha?: string;
  /** `family:revision`. */
  readonly taskDefinition: string;
  readonly taskSetId: string;
  readonly status: TaskSet['status'];
  readonly runningCount: number;
}

/** A deploy that is running, or was cut off and waits for a decision. */
interface UnfinishedDeploy {
  /** These are left out when its lock doesn't say: it has only just begun, or is not understood. */
  readonly artifact?: string;
  readonly configSha?: string;
  readonly step?: number;
  /** Why it gave the lock up. Left out while it runs, and when it was cut off. */
  readonly yielded?: string;
}

export interface StatusTools {
  readonly aws: Pick<AwsPorts, 'rules' | 'service'>;
  readonly artifacts: { get(ref: ArtifactRef): Promise<Artifact> };
  readonly lockStore: LockStore;
}

/**
 * Reads what one environment runs. Writes nothing and takes no lock, so that it may show a state
 * between two steps of a running deploy.
 * @throws {RefusedError} when the listener's rules are not those of two colours
 * @throws {CallFailedError} when AWS can't be asked
 * @throws {LockStoreError} when the lock can't be read
 */
export async function readEnvironmentStatus(
  app: { readonly name: string; readonly artifactDbProjectName: string },
  environment: EnvironmentConfig,
  tools: StatusTools,
): Promise<EnvironmentStatus> {
  const { aws, lockStore } = tools;
  const [rules, service, lock] = await Promise.all([
    aws.rules.describe(environment.listenerArn),
    aws.service.describe(),
    readLock(lockStore, lockKeyOf({ app, environment })),
  ]);
  const { active } = readColors(rules, environment.targetGroupArns);
  const on = (color: Color) =>
    (service?.taskSets ?? [])
      .filter((set) => set.targetGroupArns.includes(environment.targetGroupArns[color]))
      .filter(({ status }) => status !== 'DRAINING')
      // Of several the primary one is meant to serve.
      .sort((a, b) => Number(b.status === 'PRIMARY') - Number(a.status === 'PRIMARY'))
      .map((set) => describeVersion(app.artifactDbProjectName, color, set, tools));
  const [[serving], idle] = await Promise.all([
    Promise.all(on(active).slice(0, 1)),
    Promise.all(on(otherColor(active))),
  ]);
  return {
    environment: environment.name,
    ...(serving === undefined ? {} : { serving }),
    ...lock,
    idle,
  };
}

/** A service's description names no tags of its task sets: each is asked for them. */
async function describeVersion(
  projectName: string,
  color: Color,
  taskSet: TaskSet,
  { aws, artifacts }: StatusTools,
): Promise<VersionStatus> {
  const tags = (await aws.service.taskSet(taskSet.id))?.tags ?? {};
  const configSha = tags[CONFIG_SHA_TAG];
  const artifact = await artifactValue(projectName, tags[BUILD_NUMBER_TAG], artifacts);
  return {
    color,
    ...(artifact === undefined ? {} : { artifact }),
    ...(configSha === undefined ? {} : { configSha }),
    taskDefinition: familyAndRevision(taskSet.taskDefinitionArn),
    taskSetId: taskSet.id,
    status: taskSet.status,
    runningCount: taskSet.runningCount,
  };
}

/** A name is only for showing: a build that was deleted must not hide what runs. */
async function artifactValue(
  projectName: string,
  build: string | undefined,
  artifacts: StatusTools['artifacts'],
): Promise<string | undefined> {
  const buildNumber = Number(build);
  if (!Number.isSafeInteger(buildNumber)) return undefined;
  try {
    return (await artifacts.get({ projectName, buildNumber })).value;
  } catch (error) {
    if (error instanceof ArtifactNotFoundError) return undefined;
    throw error;
  }
}

async function readLock(
  store: LockStore,
  key: string,
): Promise<Pick<EnvironmentStatus, 'deploying' | 'hold'>> {
  const holder = await inspect(store, key);
  if (!holder || holder.isReleased) return {};
  const hold = holdIn(holder);
  const checkpoint = readCheckpoint(holder);
  // The original writes its checkpoint only some seconds after it has taken the lock.
  const deploying = checkpoint ? unfinished(checkpoint) : {};
  return { ...(hold && { hold }), ...(checkpoint?.done ? {} : { deploying }) };
}

function unfinished({ artifact, configSha, step, own }: Checkpoint): UnfinishedDeploy {
  return {
    artifact: artifact.value,
    configSha,
    step,
    ...(own?.yielded === undefined ? {} : { yielded: own.yielded }),
  };
}
