import { NeedsHumanError } from '../../errors.ts';
import { newTaskSetIdOf } from '../recorded.ts';
import type { DeployContext, Step } from '../step.ts';
import { achieve } from '../waiting.ts';
import { assertNewVersionServes } from './assert-new-version-serves.ts';
import { isPrimary } from './make-primary.ts';

/**
 * Step 13: records the success in ArtifactDB, which opens the gate of the next environment, then
 * writes Done and releases the lock in one write. That write is the deploy's last.
 *
 * Resumes by recording again: the tag only gets the value that it has.
 */
export const recordSuccess: Step = {
  number: 13,
  name: 'record-success',
  title: 'Record success and release the lock',
  reads: ['ecs:DescribeServices', 'elasticloadbalancing:DescribeRules'],
  changes: ['dynamodb:UpdateItem'],

  isDone: async () => undefined,

  async run(context) {
    const { artifacts, checkpoint, plan } = context;
    let isRecorded = false;
    await achieve(context, {
      isReached: async () => isRecorded,
      change: async () => {
        // The gate of the next environment opens by this record: it must be true at this moment.
        await assertInPlace(context);
        const { artifact, artifactDbProjectName: projectName, environment } = plan;
        const ref = { projectName, buildNumber: artifact.buildNumber };
        await artifacts.recordOutcome(ref, environment, identitiesOf(context), 'success');
        isRecorded = true;
      },
      waitingFor: 'ArtifactDB to take the record',
    });
    await checkpoint.finish();
    return undefined;
  },
};

/**
 * What was deployed, in each way that a gate may ask for. Commits are compared when a deploy is
 * resumed; a configuration that says something else under the same name has not proved itself.
 */
function identitiesOf({ checkpoint, plan }: DeployContext): string[] {
  const { contentIdentity, configSha } = plan;
  const recorded = checkpoint.current.own.contentIdentity ?? contentIdentity;
  return recorded === contentIdentity ? [configSha, contentIdentity] : [configSha];
}

/** Commands may have run for minutes since anybody looked. */
async function assertInPlace(context: DeployContext): Promise<void> {
  const [isStillPrimary] = await Promise.all([isPrimary(context), assertNewVersionServes(context)]);
  if (isStillPrimary) return;
  throw new NeedsHumanError(
    `${newTaskSetIdOf(context)} is no longer PRIMARY, and not by this deploy. Everything was left as it is.`,
    { hint: 'Find out who changed it; -resume makes it PRIMARY again.' },
  );
}
