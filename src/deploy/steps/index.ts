import type { Step } from '../step.ts';
import { awaitRollout } from './await-rollout.ts';
import { createTaskSet } from './create-task-set.ts';
import { makePrimary } from './make-primary.ts';
import { monitorActiveColor } from './monitor-active-color.ts';
import { readActiveColor } from './read-active-color.ts';
import { recordSuccess } from './record-success.ts';
import { registerTaskDefinition } from './register-task-definition.ts';
import { removeStaleTaskSets } from './remove-stale-task-sets.ts';
import { runPostDeployCommands } from './run-post-deploy-commands.ts';
import { runPreDeployCommands } from './run-pre-deploy-commands.ts';
import { swapRulePriorities } from './swap-rule-priorities.ts';
import { verifyIdleColor } from './verify-idle-color.ts';

/**
 * The deploy, in order. This list is the table of contents; step 1 is the lock, in deploy.ts, for
 * nothing may happen before it.
 */
export const BLUE_GREEN_STEPS: readonly Step[] = [
  runPreDeployCommands,
  readActiveColor,
  removeStaleTaskSets,
  registerTaskDefinition,
  createTaskSet,
  awaitRollout,
  verifyIdleColor,
  swapRulePriorities,
  makePrimary,
  monitorActiveColor,
  runPostDeployCommands,
  recordSuccess,
];
