import type { EnvironmentConfig } from '../config/config.ts';
import { type Colors, readColors } from '../deploy/colors.ts';
import { familyAndRevision, type TaskSet } from '../deploy/model.ts';
import type { DeployRequest, DeployTools } from '../deploy/request.ts';
import { RefusedError } from '../errors.ts';
import { troubleOf } from '../status/trouble.ts';
import { readVersions, type Version } from '../status/versions.ts';
import { attempt, valueOf } from './attempt.ts';
import type { RunningVersion, Unknown } from './model.ts';
import type { PlanReads, TaskSetDetails } from './ports.ts';
import type { Snapshot } from './stage.ts';

/** What an environment runs. */
export interface Running {
  /** Left out when the rules or the service can't be read, or there is no service. */
  readonly snapshot?: Snapshot;
  /** Left out when the rules don't tell. */
  readonly colors?: Colors;
  /** Of the task sets that are not on their way out. */
  readonly versions: readonly Version[];
  /** On the active colour, PRIMARY first. More than one is a trouble of its own. */
  readonly serving: readonly Version[];
  /** By task set; empty when they can't be read. */
  readonly details: ReadonlyMap<string, TaskSetDetails>;
  readonly unknown: readonly Unknown[];
}

/** Reads what runs, and goes on without what can't be read. */
export async function readRunning(
  { app, environment }: Pick<DeployRequest, 'app' | 'environment'>,
  { artifacts, aws }: Pick<DeployTools, 'artifacts' | 'aws'>,
  reads: Pick<PlanReads, 'taskSets'>,
): Promise<Running> {
  const [foundRules, foundService] = await Promise.all([
    attempt(() => aws.rules.describe(environment.listenerArn)),
    attempt(() => aws.service.describe()),
  ]);
  const rules = valueOf(foundRules);
  const service = valueOf(foundService);
  // The checks tell why.
  if (!rules || !service) return { versions: [], serving: [], details: new Map(), unknown: [] };

  const unknown: Unknown[] = [];
  const ids = service.taskSets.filter(({ status }) => status !== 'DRAINING').map(({ id }) => id);
  const described = await attempt(() => reads.taskSets(ids));
  if ('trouble' in described) {
    unknown.push({ what: 'which versions run', message: described.trouble.message });
  }
  const details = valueOf(described) ?? new Map<string, TaskSetDetails>();
  const { running: versions } = await readVersions(app, environment, {
    reads: {
      rules: async () => rules,
      service: async () => service,
      taskSetTags: async () => new Map([...details].map(([id, { tags }]) => [id, tags])),
    },
    artifacts,
    onArtifactError: (error) => unknown.push(unreadArtifact(error)),
  });
  const colors = colorsIn(rules, environment);
  return {
    snapshot: { rules, service },
    ...(colors && { colors }),
    versions,
    serving: versions.filter(({ color }) => colors && color === colors.active),
    details,
    unknown,
  };
}

/** @throws a bug of ours. */
function unreadArtifact(error: unknown): Unknown {
  const trouble = troubleOf(error);
  if (!trouble) throw error;
  return { what: 'the names of artifacts', message: trouble.message };
}

function colorsIn(
  rules: Snapshot['rules'],
  { targetGroupArns }: EnvironmentConfig,
): Colors | undefined {
  try {
    return readColors(rules, targetGroupArns);
  } catch (error) {
    if (error instanceof RefusedError) return undefined;
    throw error;
  }
}

/** A task set for people and programs, as far as it is known what it runs. */
export function describeRunning(taskSet: TaskSet, versions: readonly Version[]): RunningVersion {
  const version = versions.find((each) => each.taskSet.id === taskSet.id);
  const { artifact, buildNumber, configSha } = version ?? {};
  return {
    taskSetId: taskSet.id,
    status: taskSet.status,
    taskDefinition: familyAndRevision(taskSet.taskDefinitionArn),
    running: taskSet.runningCount,
    pending: taskSet.pendingCount,
    ...(artifact && { artifact: artifact.value }),
    ...(buildNumber === undefined ? {} : { buildNumber }),
    ...(configSha === undefined ? {} : { configSha }),
  };
}

/** `ecs-svc/1 (hello:v1, config cfg1, 2 tasks)` */
export function nameOfTaskSet(taskSet: TaskSet, versions: readonly Version[]): string {
  const { artifact, buildNumber, configSha, pending, running, taskDefinition } = describeRunning(
    taskSet,
    versions,
  );
  const what = artifact ?? (buildNumber === undefined ? taskDefinition : `build ${buildNumber}`);
  const count = running + pending;
  const facts = [
    what,
    ...(configSha === undefined ? [] : [`config ${configSha}`]),
    count === 1 ? '1 task' : `${count === 0 ? 'no' : count} tasks`,
    ...(taskSet.status === 'DRAINING' ? ['draining'] : []),
  ];
  return `${taskSet.id} (${facts.join(', ')})`;
}
