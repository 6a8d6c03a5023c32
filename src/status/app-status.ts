import type { AppConfig, EnvironmentConfig } from '../config/config.ts';
import type { Checkpoint } from '../deploy/checkpoint.ts';
import { readColors } from '../deploy/colors.ts';
import { lockKeyOf, readCheckpoint } from '../deploy/held-lock.ts';
import { type Hold, holdIn } from '../deploy/hold.ts';
import { type Color, familyAndRevision, type TaskSet } from '../deploy/model.ts';
import { inspect } from '../lock/inspect.ts';
import type { LockStore } from '../lock/store.ts';
import { readLatest } from './latest.ts';
import type { Home, RegionReads } from './ports.ts';
import { type Trouble, troubleOf } from './trouble.ts';
import { readVersions, type Version } from './versions.ts';

/** What is deployed of one app, and what is being deployed: as much as `ecs-app-status` tells. */
export interface AppStatus {
  readonly app: string;
  /** The value of the newest artifact for automated deploys; left out when there is none. */
  readonly latest?: string;
  /** Why it is not known. */
  readonly latestError?: Trouble;
  /** By name. */
  readonly environments: readonly (EnvironmentVersions | UnreadEnvironment)[];
}

export interface EnvironmentVersions {
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

/** One that could not be read. */
export interface UnreadEnvironment {
  readonly environment: string;
  readonly error: Trouble;
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

export interface AppStatusTools {
  readonly readsFor: (
    environment: EnvironmentConfig,
  ) => Promise<Pick<RegionReads, 'rules' | 'service' | 'taskSetTags'>>;
  readonly home: () => Promise<Home>;
}

/**
 * Reads what every environment of an app runs. Writes nothing and takes no lock, so that it may show
 * a state between two steps of a running deploy. The error of one environment hides no other.
 * @throws what is a bug of ours.
 */
export async function readAppStatus(app: AppConfig, tools: AppStatusTools): Promise<AppStatus> {
  const environments = [...app.environments.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const [latest, statuses] = await Promise.all([
    orTrouble(readLatest(app, tools.home)),
    Promise.all(
      environments.map(async (environment) => {
        const read = await orTrouble(readEnvironmentVersions(app, environment, tools));
        return 'trouble' in read
          ? { environment: environment.name, error: read.trouble }
          : read.value;
      }),
    ),
  ]);
  return {
    app: app.name,
    ...('trouble' in latest
      ? { latestError: latest.trouble }
      : latest.value !== undefined && { latest: latest.value }),
    environments: statuses,
  };
}

async function orTrouble<T>(
  work: Promise<T>,
): Promise<{ readonly value: T } | { readonly trouble: Trouble }> {
  try {
    return { value: await work };
  } catch (error) {
    const trouble = troubleOf(error);
    if (!trouble) throw error;
    return { trouble };
  }
}

async function readEnvironmentVersions(
  app: AppConfig,
  environment: EnvironmentConfig,
  tools: AppStatusTools,
): Promise<EnvironmentVersions> {
  const [{ rules, running }, lock] = await Promise.all([
    tools.readsFor(environment).then(async (reads) =>
      readVersions(app, environment, {
        reads,
        artifacts: { get: async (ref) => (await tools.home()).artifacts.get(ref) },
      }),
    ),
    tools.home().then(({ lockStore }) => readLock(lockStore, lockKeyOf({ app, environment }))),
  ]);
  const { active } = readColors(rules, environment.targetGroupArns);
  const [serving] = running.filter(({ color }) => color === active);
  const idle = running.filter(({ color }) => color !== undefined && color !== active);
  return {
    environment: environment.name,
    ...(serving && { serving: describe(serving, active) }),
    ...lock,
    idle: idle.map((version) => describe(version, version.color ?? active)),
  };
}

function describe({ artifact, configSha, taskSet }: Version, color: Color): VersionStatus {
  return {
    color,
    ...(artifact === undefined ? {} : { artifact: artifact.value }),
    ...(configSha === undefined ? {} : { configSha }),
    taskDefinition: familyAndRevision(taskSet.taskDefinitionArn),
    taskSetId: taskSet.id,
    status: taskSet.status,
    runningCount: taskSet.runningCount,
  };
}

async function readLock(
  store: LockStore,
  key: string,
): Promise<Pick<EnvironmentVersions, 'deploying' | 'hold'>> {
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
