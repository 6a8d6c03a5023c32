import type { Argv } from 'yargs';
import type { ExitCode } from '../../src/errors.ts';
import type { CommandIo, HistoryOptions, OutputFormat, Session } from '../options.ts';
import { positiveInteger } from './artifact-arguments.ts';

const TEXT: OutputFormat = 'text';
const OUTPUTS: readonly OutputFormat[] = [TEXT, 'json'];

type RunHistory = (options: HistoryOptions, io: CommandIo) => Promise<ExitCode>;

/** Loads the SDK when it is wanted. */
const loadAndRun: RunHistory = async (options, io) => {
  const { runHistory } = await import('../history-app.ts');
  return runHistory(options, io);
};

/** `ecs-deploy history`: who deployed what, when, and how it ended. */
export function historyCommand(
  cli: Argv,
  session: Session,
  { runHistory = loadAndRun }: { runHistory?: RunHistory } = {},
): Argv {
  const example = `${session.name} history -app web`;
  return cli.command(
    'history',
    'Print who deployed what, when, from where, and how it ended',
    (command) =>
      command
        .options({
          app: { type: 'string', demandOption: true, describe: 'App to tell about' },
          env: {
            type: 'string',
            describe: 'Environment to tell about',
            defaultDescription: 'every environment',
          },
          config: {
            type: 'string',
            describe: 'Config file',
            defaultDescription: 'deploy-config.json here or in a folder above',
          },
          limit: { type: 'string', default: '20', describe: 'How many deploys at most' },
          output: { choices: OUTPUTS, default: TEXT, describe: 'For people, or one line of JSON' },
        })
        .example(example, 'The newest deploys to any environment')
        .example(`${example} -env prod --limit 1`, 'The last one to prod'),
    ({ app, config, env, limit, output }) => {
      const options = {
        app,
        limit: positiveInteger('--limit', limit),
        output,
        ...(env === undefined ? {} : { env }),
        ...(config === undefined ? {} : { config }),
      };
      session.work = () => runHistory(options, session.io);
    },
  );
}
