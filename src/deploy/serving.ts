import type { ArtifactDb } from '../artifactdb/artifact-db.ts';
import type { Serving } from '../report/events.ts';
import type { Checkpoint } from './checkpoint.ts';
import { readColors } from './colors.ts';
import { familyAndRevision, type TaskSet } from './model.ts';
import type { DeployPlan } from './plan.ts';
import type { AwsPorts } from './ports.ts';
import { BUILD_NUMBER_TAG, CONFIG_SHA_TAG } from './tags.ts';

/**
 * Reads which version users get now. Undefined when the active colour has no task set, as before the
 * very first deploy.
 */
export async function findServing(
  aws: AwsPorts,
  plan: DeployPlan,
  artifacts: Pick<ArtifactDb, 'get'>,
  checkpoint: Checkpoint,
): Promise<Serving | undefined> {
  const [rules, service] = await Promise.all([
    aws.rules.describe(plan.listenerArn),
    aws.service.describe(),
  ]);
  const color = readColors(rules, plan.targetGroupArns).active;
  const onIt = (service?.taskSets ?? []).filter(
    (set) => set.status !== 'DRAINING' && set.targetGroupArns.includes(plan.targetGroupArns[color]),
  );
  const taskSet = onIt.find((set) => set.status === 'PRIMARY') ?? onIt[0];
  if (!taskSet) return undefined;
  return {
    color,
    taskSetId: taskSet.id,
    taskDefinition: familyAndRevision(taskSet.taskDefinitionArn),
    runningCount: taskSet.runningCount,
    ...(taskSet.id === checkpoint.newTaskSetId
      ? { artifact: checkpoint.artifact.value, configSha: checkpoint.configSha }
      : await namesByTags(aws, plan, artifacts, taskSet)),
  };
}

/** As `findServing`, where something must serve. */
export async function readServing(
  aws: AwsPorts,
  plan: DeployPlan,
  artifacts: Pick<ArtifactDb, 'get'>,
  checkpoint: Checkpoint,
): Promise<Serving> {
  const serving = await findServing(aws, plan, artifacts, checkpoint);
  if (!serving) throw new Error('The deploy ended well, but no task set is on the active colour.');
  return serving;
}

/** A task set carries the build's number; ArtifactDB knows its value. Names are only for showing. */
async function namesByTags(
  aws: AwsPorts,
  plan: DeployPlan,
  artifacts: Pick<ArtifactDb, 'get'>,
  taskSet: TaskSet,
): Promise<{ artifact?: string; configSha?: string }> {
  const tags = (await aws.service.taskSet(taskSet.id))?.tags ?? {};
  const configSha = tags[CONFIG_SHA_TAG];
  const buildNumber = Number(tags[BUILD_NUMBER_TAG]);
  const artifact = Number.isSafeInteger(buildNumber)
    ? await artifacts.get({ projectName: plan.artifactDbProjectName, buildNumber }).then(
        ({ value }) => value,
        () => undefined,
      )
    : undefined;
  return {
    ...(artifact === undefined ? {} : { artifact }),
    ...(configSha === undefined ? {} : { configSha }),
  };
}
