import { familyAndRevision } from '../model.ts';
import { deployTags } from '../tags.ts';
import type { DeployContext, Step } from '../step.ts';
import { waitUntil } from '../waiting.ts';

const DEPLOY_ID_TAG = 'ecs-deploy-id';

const REGISTER_TIMEOUT_MS = 120_000;

/**
 * Step 5: registers a revision of the task definition from the rendered templates.
 *
 * Resumes with the recorded revision, or with one tagged with this deploy whose answer was lost. A
 * revision too many is harmless.
 */
export const registerTaskDefinition: Step = {
  number: 5,
  name: 'register-task-definition',
  title: 'Register the task definition',
  reads: ['ecs:ListTaskDefinitions', 'ecs:DescribeTaskDefinition'],
  changes: ['ecs:RegisterTaskDefinition', 'ecs:TagResource', 'iam:PassRole'],

  async isDone(context) {
    const { taskDefinitionArn } = context.checkpoint.current.own;
    if (taskDefinitionArn !== undefined) {
      return `${familyAndRevision(taskDefinitionArn)} is registered`;
    }
    if (!context.isResumed) return undefined;
    const adopted = await findOurs(context);
    if (adopted === undefined) return undefined;
    context.checkpoint.note({ own: { taskDefinitionArn: adopted } });
    return `${familyAndRevision(adopted)} is registered`;
  },

  async run(context) {
    let hasTried = false;
    const taskDefinitionArn = await waitUntil(context, REGISTER_TIMEOUT_MS, async () => {
      // The answer to the last try may have been lost, and a revision can't be told to be unique.
      const registered = hasTried ? await findOurs(context) : undefined;
      hasTried = true;
      return { done: registered ?? (await register(context)) };
    });
    context.checkpoint.note({ own: { taskDefinitionArn } });
    return familyAndRevision(taskDefinitionArn);
  },
};

function findOurs({ aws, checkpoint, plan }: DeployContext): Promise<string | undefined> {
  const { deployId } = checkpoint.current.own;
  return aws.taskDefinitions.findTagged(plan.family, { key: DEPLOY_ID_TAG, value: deployId });
}

function register({ aws, checkpoint, plan }: DeployContext): Promise<string> {
  return aws.taskDefinitions.register({
    family: plan.family,
    cpu: plan.cpu,
    memory: plan.memory,
    executionRoleArn: plan.executionRoleArn,
    ...(plan.taskRoleArn === undefined ? {} : { taskRoleArn: plan.taskRoleArn }),
    containerDefinitions: plan.containerDefinitions,
    tags: { ...deployTags(plan), [DEPLOY_ID_TAG]: checkpoint.current.own.deployId },
  });
}
