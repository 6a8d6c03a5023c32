import { familyAndRevision } from '../model.ts';
import { taskDefinitionArnOf } from '../recorded.ts';
import type { DeployContext, Step } from '../step.ts';
import { runCommands } from './run-commands.ts';

/**
 * Step 12: runs the app's own commands once the new version is PRIMARY and serves. They get the
 * registered task definition as `{{TaskDefinition}}`.
 *
 * Resumes at the command that was running: each is recorded when it has finished.
 */
export const runPostDeployCommands: Step = {
  number: 12,
  name: 'run-post-deploy-commands',
  title: 'Run post-deploy commands',
  reads: [],
  changes: ['command'],

  async isDone(context: DeployContext) {
    const { checkpoint, plan } = context;
    const commands = commandsOf(context);
    if (commands.length === 0) return 'there are none';
    if (plan.commandsSkipped) return '-skip-pre-post';
    const isFinished = checkpoint.current.own.postCommandsDone >= commands.length;
    return isFinished ? 'they have run' : undefined;
  },

  run(context) {
    const { checkpoint } = context;
    return runCommands(context, commandsOf(context), {
      member: 'PostDeployCommandTemplates',
      done: checkpoint.current.own.postCommandsDone,
      record: (postCommandsDone) => checkpoint.save({ own: { postCommandsDone } }),
    });
  },
};

function commandsOf(context: DeployContext) {
  return context.plan.postDeployCommands(familyAndRevision(taskDefinitionArnOf(context)));
}
