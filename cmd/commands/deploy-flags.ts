import { UsageError } from '../../src/errors.ts';
import type { DeployOptions } from '../options.ts';

/** It is in the lock's item with every checkpoint. */
const REASON_LENGTH_MAX = 500;

/** What says which deploy is meant: the same for a deploy and for a look ahead to it. */
export const DEPLOY_FLAGS = {
  app: { type: 'string', demandOption: true, describe: 'App to deploy' },
  env: { type: 'string', demandOption: true, describe: 'Environment to deploy to' },
  sha: { type: 'string', describe: 'Deploy the newest artifact tagged SHA=<sha>' },
  config: {
    type: 'string',
    describe: 'Config file',
    defaultDescription: 'deploy-config.json here or in a folder above',
  },
  'config-sha': {
    type: 'string',
    describe: "The config's identity in gates and records",
    defaultDescription: 'from git',
  },
  resume: { type: 'boolean', default: false, describe: 'Finish a deploy that was cut short' },
  'start-over': {
    type: 'boolean',
    default: false,
    describe: 'Give up a deploy that was cut short, and deploy afresh',
  },
  'skip-pre-post': {
    type: 'boolean',
    default: false,
    describe: 'Skip the pre-deploy and post-deploy commands',
  },
  'rerun-commands': {
    type: 'boolean',
    default: false,
    describe: 'With -resume: run all commands, those as well that have finished',
  },
  'override-gate': {
    type: 'string',
    requiresArg: true,
    describe: 'Deploy though the gate is closed, for this reason; it is recorded',
  },
} as const;

/** The flags above, as they were given. */
interface DeployArguments {
  readonly app: string;
  readonly env: string;
  readonly sha: string | undefined;
  readonly config: string | undefined;
  readonly configSha: string | undefined;
  readonly resume: boolean;
  readonly startOver: boolean;
  readonly skipPrePost: boolean;
  readonly rerunCommands: boolean;
  readonly overrideGate: string | undefined;
}

/**
 * The rules between flags that yargs can't say: `-resume=false` is not a conflict.
 * @throws {UsageError}
 */
export function checkedDeploy(
  args: DeployArguments,
): Omit<DeployOptions, 'lockWaitMs' | 'logFile' | 'output'> {
  if (args.resume && args.startOver) {
    throw new UsageError('-resume and -start-over exclude each other', {
      hint: 'Resume to finish the unfinished deploy; start over to give it up.',
    });
  }
  if (args.sha === undefined && !args.resume) {
    throw new UsageError('-sha is missing', {
      hint: 'Say which artifact to deploy: -sha <sha>. Only -resume knows it already.',
    });
  }
  if (args.rerunCommands && (!args.resume || args.skipPrePost)) {
    throw new UsageError('--rerun-commands needs -resume, and no -skip-pre-post', {
      hint: 'A deploy that is not resumed runs all commands anyway.',
    });
  }
  const { overrideGate } = args;
  if (overrideGate !== undefined && !isReason(overrideGate)) {
    throw new UsageError('--override-gate needs a reason of 1 to 500 characters', {
      hint: 'Say why: others will read it in the history.',
    });
  }
  return {
    app: args.app,
    env: args.env,
    ...(args.sha === undefined ? {} : { sha: args.sha }),
    ...(args.config === undefined ? {} : { config: args.config }),
    ...(args.configSha === undefined ? {} : { configSha: args.configSha }),
    resume: args.resume,
    startOver: args.startOver,
    skipPrePost: args.skipPrePost,
    ...(overrideGate === undefined ? {} : { overrideGate }),
    ...(args.rerunCommands ? { rerunCommands: true } : {}),
  };
}

function isReason(text: string): boolean {
  return text.trim() !== '' && text.length <= REASON_LENGTH_MAX;
}
