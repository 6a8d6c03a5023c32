import type { DeployContext, Step } from '../step.ts';
import { runCommands } from './run-commands.ts';

/**
 * Step 2: runs the app's own commands before anything in ECS or the load balancer changes.
 *
 * Resumes at the command that was running: each is recorded when it has finished.
 */
export const runPreDeployCommands: Step = {
  number: 2,
  name: 'run-pre-deploy-commands',
  title: 'Run pre-deploy commands',
  reads: [],
  changes: ['command'],

  async isDone({ plan, checkpoint }: DeployContext) {
    if (plan.preDeployCommands.length === 0) return 'there are none';
    if (plan.commandsSkipped) return '-skip-pre-post';
    const isFinished = checkpoint.current.own.preCommandsDone >= plan.preDeployCommands.length;
    return isFinished ? 'they have run' : undefined;
  },

  run(context) {
    const { checkpoint, plan } = context;
    return runCommands(context, plan.preDeployCommands, {
      member: 'PreDeployCommandTemplates',
      done: checkpoint.current.own.preCommandsDone,
      record: (preCommandsDone) => checkpoint.save({ own: { preCommandsDone } }),
    });
  },
};
