import type { Argv } from 'yargs';
import type { ExitCode } from '../../src/errors.ts';
import type { CommandIo, InitOptions, Session } from '../options.ts';

type RunInit = (options: InitOptions, io: CommandIo) => Promise<ExitCode>;

/** Loads the SDK when it is wanted. */
const loadAndRun: RunInit = async (options, io) => {
  const { runInit } = await import('../init-app.ts');
  return runInit(options, io);
};

/** `ecs-deploy init`: makes what every deploy needs and has to be there only once. */
export function initCommand(cli: Argv, session: Session, runInit = loadAndRun): Argv {
  return cli.command(
    'init',
    'Create the tables of locks and of artifacts, if they are not there',
    (command) =>
      command
        .options({
          config: {
            type: 'string',
            describe: 'Config file',
            defaultDescription: 'deploy-config.json here or in a folder above',
          },
        })
        .example(`${session.name} init`, ''),
    ({ config }) => {
      session.work = () => runInit(config === undefined ? {} : { config }, session.io);
    },
  );
}
