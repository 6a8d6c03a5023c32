import { familyAndRevision } from '../model.ts';
import { deployTags } from '../tags.ts';
import type { Step } from '../step.ts';

const DEPLOY_ID_TAG = 'ecs-deploy-id';

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

  async isDone({ aws, checkpoint, isResumed, plan }) {
    const { deployId, taskDefinitionArn } = checkpoint.current.own;
    if (taskDefinitionArn !== undefined)
      return `${familyAndRevision(taskDefinitionArn)} is registered`;
    if (!isResumed) return undefined;
    const adopted = await aws.taskDefinitions.findTagged(plan.family, {
      key: DEPLOY_ID_TAG,
      value: deployId,
    });
    if (adopted === undefined) return undefined;
    checkpoint.note({ own: { taskDefinitionArn: adopted } });
    return `${familyAndRevision(adopted)} is registered`;
  },

  async run({ aws, checkpoint, plan }) {
    const taskDefinitionArn = await aws.taskDefinitions.register({
      family: plan.family,
      cpu: plan.cpu,
      memory: plan.memory,
      executionRoleArn: plan.executionRoleArn,
      ...(plan.taskRoleArn === undefined ? {} : { taskRoleArn: plan.taskRoleArn }),
      containerDefinitions: plan.containerDefinitions,
      tags: { ...deployTags(plan), [DEPLOY_ID_TAG]: checkpoint.current.own.deployId },
    });
    checkpoint.note({ own: { taskDefinitionArn } });
    return familyAndRevision(taskDefinitionArn);
  },
};
