import type { Argv } from 'yargs';
import type { ExitCode } from '../../src/errors.ts';
import type { CommandIo, OutputFormat, Session, StatusOptions } from '../options.ts';

const TEXT: OutputFormat = 'text';
const OUTPUTS: readonly OutputFormat[] = [TEXT, 'json'];

type RunStatus = (options: StatusOptions, io: CommandIo) => Promise<ExitCode>;

/** Loads the SDK when it is wanted. */
const loadAndRun: RunStatus = async (options, io) => {
  const { runStatus } = await import('../status-app.ts');
  return runStatus(options, io);
};

/** `ecs-deploy status -app x`, and all that `ecs-app-status` does. */
export function statusCommand(
  cli: Argv,
  session: Session,
  {
    isDefault = false,
    runStatus = loadAndRun,
  }: { isDefault?: boolean; runStatus?: RunStatus } = {},
): Argv {
  const example = isDefault ? session.name : `${session.name} status`;
  return cli.command(
    isDefault ? '$0' : 'status',
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
        .example(`${example} -app web`, ''),
    ({ app, config, output }) => {
      const options = { app, output, ...(config === undefined ? {} : { config }) };
      session.work = () => runStatus(options, session.io);
    },
  );
}
