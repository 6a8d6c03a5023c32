import type { Argv } from 'yargs';
import { type ExitCode, UsageError } from '../../src/errors.ts';
import { durationFlag } from '../duration-flag.ts';
import type { CommandIo, OutputFormat, Session, StatusOptions } from '../options.ts';

const TEXT: OutputFormat = 'text';
const OUTPUTS: readonly OutputFormat[] = [TEXT, 'json'];
const DEFAULT_INTERVAL = '5s';
const INTERVAL_MIN_MS = 1_000;

type RunStatus = (options: StatusOptions, io: CommandIo) => Promise<ExitCode>;

/** Loads the SDK when it is wanted. */
const loadAndRun: RunStatus = async (options, io) => {
  const { runStatus } = await import('../status-app.ts');
  return runStatus(options, io);
};

/** `ecs-deploy status`: how every environment is. */
export function statusCommand(
  cli: Argv,
  session: Session,
  { runStatus = loadAndRun }: { runStatus?: RunStatus } = {},
): Argv {
  const example = `${session.name} status`;
  return cli.command(
    'status',
    'Print how every environment is: what serves, what runs idle, who deploys',
    (command) =>
      command
        .options({
          app: { type: 'string', describe: 'App to look at', defaultDescription: 'every app' },
          env: {
            type: 'string',
            describe: 'Environment to look at',
            defaultDescription: 'every environment',
          },
          config: {
            type: 'string',
            describe: 'Config file',
            defaultDescription: 'deploy-config.json here or in a folder above',
          },
          watch: {
            type: 'boolean',
            default: false,
            describe: 'Look again and again, until Ctrl-C',
          },
          interval: {
            type: 'string',
            describe: 'With --watch: the time between two looks, e.g. 30s',
            defaultDescription: DEFAULT_INTERVAL,
          },
          output: { choices: OUTPUTS, default: TEXT, describe: 'For people, or one line of JSON' },
        })
        .example(`${example} -app web`, 'Everything about one app')
        .example(`${example} -env prod --watch`, 'One line for each app, kept up to date'),
    ({ app, config, env, interval, output, watch }) => {
      const watchMs = intervalOf(watch, interval);
      const options = {
        output,
        ...(app === undefined ? {} : { app }),
        ...(env === undefined ? {} : { env }),
        ...(config === undefined ? {} : { config }),
        ...(watchMs === undefined ? {} : { watchMs }),
      };
      session.work = () => runStatus(options, session.io);
    },
  );
}

/** @throws {UsageError} */
function intervalOf(isWatched: boolean, interval: string | undefined): number | undefined {
  if (!isWatched) {
    if (interval === undefined) return undefined;
    throw new UsageError('--interval says how often to look, but --watch is missing', { hint: '' });
  }
  const intervalMs = durationFlag('--interval', interval ?? DEFAULT_INTERVAL);
  if (intervalMs >= INTERVAL_MIN_MS) return intervalMs;
  throw new UsageError(`--interval is ${interval}, but has to be 1s at least`, { hint: '' });
}
