import type { ArtifactDb } from '../artifactdb/artifact-db.ts';
import type { Serving } from '../report/events.ts';
import { NeedsHumanError } from '../errors.ts';
import type { Checkpoint } from './checkpoint.ts';
import { readColors } from './colors.ts';
import { type Color, familyAndRevision } from './model.ts';
import type { DeployPlan } from './plan.ts';
import type { AwsPorts } from './ports.ts';
import type { DeployContext } from './step.ts';
import { BUILD_NUMBER_TAG, CONFIG_SHA_TAG } from './tags.ts';
import { steadily } from './waiting.ts';

/** Which colour users are sent to, and what they get there. */
export interface Found {
  readonly active: Color;
  /** Left out when the active colour has no task set, as before the very first deploy. */
  readonly serving?: Serving;
}

/** Reads which version users get now. */
export async function findServing(
  aws: AwsPorts,
  plan: DeployPlan,
  artifacts: Pick<ArtifactDb, 'get'>,
  checkpoint: Checkpoint,
): Promise<Found> {
  const [rules, service] = await Promise.all([
    aws.rules.describe(plan.listenerArn),
    aws.service.describe(),
  ]);
  const { active } = readColors(rules, plan.targetGroupArns);
  const onIt = (service?.taskSets ?? []).filter(
    (set) =>
      set.status !== 'DRAINING' && set.targetGroupArns.includes(plan.targetGroupArns[active]),
  );
  const taskSet = onIt.find((set) => set.status === 'PRIMARY') ?? onIt[0];
  if (!taskSet) return { active };
  const serving = {
    color: active,
    taskSetId: taskSet.id,
    taskDefinition: familyAndRevision(taskSet.taskDefinitionArn),
    runningCount: taskSet.runningCount,
    ...(taskSet.id === checkpoint.newTaskSetId
      ? { artifact: checkpoint.artifact.value, configSha: checkpoint.configSha }
      : await artifactOf({ aws, plan }, artifacts, taskSet.id)),
  };
  return { active, serving };
}

/**
 * Which version users get at the end of a deploy. The deploy has succeeded by then, whether this can
 * be read or not; if it can't, what the last steps have verified is told.
 * @throws {NeedsHumanError} when traffic goes where nothing runs: somebody has moved it since.
 */
export async function servingAtTheEnd(
  context: DeployContext,
  artifacts: Pick<ArtifactDb, 'get'>,
): Promise<Serving> {
  const { aws, plan } = context;
  const { current } = context.checkpoint;
  let found: Found | undefined;
  try {
    found = await steadily(context, () => findServing(aws, plan, artifacts, current));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    context.report({ type: 'note', message: `What serves now could not be read again: ${why}` });
  }
  if (found?.serving) return found.serving;
  if (found) {
    throw new NeedsHumanError(
      `The deploy succeeded, but since then traffic goes to ${found.active}, where no task set serves, and not by this deploy. The lock is free.`,
      { hint: 'Find out who moved it; docs/operating.md says how to send it back.' },
    );
  }
  const { artifact, configSha, newActiveColor, newTaskSetId, own } = current;
  if (newActiveColor === '') throw new Error('A deploy ended well without a colour.');
  return {
    color: newActiveColor,
    artifact: artifact.value,
    configSha,
    taskDefinition: familyAndRevision(own.taskDefinitionArn ?? ''),
    taskSetId: newTaskSetId,
  };
}

/**
 * What a task set runs, as far as can be told: it carries the build's number, and ArtifactDB knows its
 * value. Only for showing.
 */
export async function artifactOf(
  { aws, plan }: { readonly aws: AwsPorts; readonly plan: DeployPlan },
  artifacts: Pick<ArtifactDb, 'get'>,
  taskSetId: string,
): Promise<{ artifact?: string; configSha?: string }> {
  const tags = (await aws.service.taskSet(taskSetId))?.tags ?? {};
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
