import type { Argv } from 'yargs';
import type { ExitCode } from '../../src/errors.ts';
import { durationFlag } from '../duration-flag.ts';
import type { CommandIo, DeployOptions, OutputFormat, Session } from '../options.ts';
import { checkedDeploy, DEPLOY_FLAGS } from './deploy-flags.ts';

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
      ...DEPLOY_FLAGS,
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

/** @throws {UsageError} */
function toDeployOptions(args: Awaited<ReturnType<typeof deployOptions>['argv']>): DeployOptions {
  return {
    ...checkedDeploy(args),
    ...(args.lockWait === undefined
      ? {}
      : { lockWaitMs: durationFlag('--lock-wait', args.lockWait) }),
    ...(args.logFile === undefined ? {} : { logFile: args.logFile }),
    output: args.output,
  };
}
