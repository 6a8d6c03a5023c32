import type { Argv } from 'yargs';
import { type ExitCode, UsageError } from '../../src/errors.ts';
import { durationFlag } from '../duration-flag.ts';
import type { CommandIo, DeployOptions, OutputFormat, Session } from '../options.ts';

const TEXT: OutputFormat = 'text';
const OUTPUTS: readonly OutputFormat[] = [TEXT, 'json'];

type RunDeploy = (options: DeployOptions, io: CommandIo) => Promise<ExitCode>;

/** Loads the deploy when it is wanted: `--help` and mistakes need none of it. */
const loadAndRun: RunDeploy = async (options, io) => {
  const { runDeploy } = await import('../deploy-app.ts');
  return runDeploy(options, io);
};

/** `ecs-deploy -app x -env dev -sha abcd`: the default command. */
export function deployCommand(cli: Argv, session: Session, runDeploy = loadAndRun): Argv {
  return cli.command(
    ['$0', 'deploy'],
    'Deploy an artifact to an environment, or finish a deploy that was cut short',
    (command) => deployOptions(command, session.name),
    (args) => {
      const options = toDeployOptions(args);
      session.work = () => runDeploy(options, session.io);
    },
  );
}

function deployOptions(command: Argv, name: string) {
  return command
    .options({
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
      'lock-wait': {
        type: 'string',
        requiresArg: true,
        describe: 'Wait so long for another deploy to end, e.g. 10m',
        defaultDescription: 'refuse at once',
      },
      'log-file': { type: 'string', describe: 'Append a post-mortem log to this file' },
      output: {
        choices: OUTPUTS,
        default: TEXT,
        describe: 'For people, or one JSON event a line',
      },
    })
    .example(`${name} -app web -env dev -sha 1a2b3c4d`, 'Deploy that build to dev')
    .example(`${name} -app web -env dev -resume`, 'Finish what was cut short')
    .example(`${name} -app web -env dev -sha 1a2b3c4d -start-over`, 'Give it up and deploy this');
}

/** The rules between options that yargs can't say: `-resume=false` is not a conflict. */
function toDeployOptions(args: Awaited<ReturnType<typeof deployOptions>['argv']>): DeployOptions {
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
  return {
    app: args.app,
    env: args.env,
    ...(args.sha === undefined ? {} : { sha: args.sha }),
    ...(args.config === undefined ? {} : { config: args.config }),
    ...(args.configSha === undefined ? {} : { configSha: args.configSha }),
    resume: args.resume,
    startOver: args.startOver,
    skipPrePost: args.skipPrePost,
    ...(args.rerunCommands ? { rerunCommands: true } : {}),
    ...(args.lockWait === undefined
      ? {}
      : { lockWaitMs: durationFlag('--lock-wait', args.lockWait) }),
    ...(args.logFile === undefined ? {} : { logFile: args.logFile }),
    output: args.output,
  };
}
