import type { Step } from '../step.ts';
import { achieve } from '../waiting.ts';

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
  reads: [],
  changes: ['dynamodb:UpdateItem'],

  isDone: async () => undefined,

  async run(context) {
    const { artifacts, checkpoint, plan } = context;
    let isRecorded = false;
    await achieve(context, {
      isReached: async () => isRecorded,
      change: async () => {
        const { artifact, artifactDbProjectName: projectName, configSha, environment } = plan;
        const ref = { projectName, buildNumber: artifact.buildNumber };
        await artifacts.recordOutcome(ref, environment, configSha, 'success');
        isRecorded = true;
      },
      waitingFor: 'ArtifactDB to take the record',
    });
    await checkpoint.finish();
    return undefined;
  },
};
