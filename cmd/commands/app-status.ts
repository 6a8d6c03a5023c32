import type { Argv } from 'yargs';
import type { ExitCode } from '../../src/errors.ts';
import type { AppStatusOptions, CommandIo, OutputFormat, Session } from '../options.ts';

const TEXT: OutputFormat = 'text';
const OUTPUTS: readonly OutputFormat[] = [TEXT, 'json'];

type RunAppStatus = (options: AppStatusOptions, io: CommandIo) => Promise<ExitCode>;

/** Loads the SDK when it is wanted. */
const loadAndRun: RunAppStatus = async (options, io) => {
  const { runAppStatus } = await import('../app-status-app.ts');
  return runAppStatus(options, io);
};

/** All that `ecs-app-status` does: the original's text. */
export function appStatusCommand(cli: Argv, session: Session, runAppStatus = loadAndRun): Argv {
  return cli.command(
    '$0',
    'Print what each environment of an app runs, and what is being deployed',
    (command) =>
      command
        .options({
          app: { type: 'string', demandOption: true, describe: 'App to look at' },
          config: {
            type: 'string',
            describe: 'Config file',
            defaultDescription: 'deploy-config.json here or in a folder above',
          },
          output: { choices: OUTPUTS, default: TEXT, describe: 'For people, or one line of JSON' },
        })
        .example(`${session.name} -app web`, ''),
    ({ app, config, output }) => {
      const options = { app, output, ...(config === undefined ? {} : { config }) };
      session.work = () => runAppStatus(options, session.io);
    },
  );
}
