import { systemClock } from '../src/clock.ts';
import type { DeployConfig } from '../src/config/config.ts';
import { readConfigFile } from '../src/config/find.ts';
import { parseConfig } from '../src/config/parse.ts';
import { selectApp, selectEnvironment } from '../src/config/select.ts';
import { Interruption } from '../src/deploy/interruption.ts';
import { listenMs } from '../src/deploy/held-lock.ts';
import { ConfigError, EXIT, type ExitCode } from '../src/errors.ts';
import { once } from '../src/memo.ts';
import { type Overview, readOverview, type Selection } from '../src/status/overview.ts';
import { watch } from '../src/status/watch.ts';
import { unlessAborted } from '../src/unless-aborted.ts';
import { clientOptionsBy } from './client-options.ts';
import type { CommandIo, StatusOptions } from './options.ts';
import { listenForSignals } from './signals.ts';
import { statusAws } from './status-aws.ts';

/** Environments: as many take as long as AWS lets them, see docs/status.md. */
const TELL_PROGRESS_FROM = 30;

/** An environment is degraded, or could not be read. Nothing was written. */
const NOT_HEALTHY = EXIT.failedBeforeSwap;

/** `ecs-deploy status`: reads, prints, changes nothing. */
export async function runStatus(options: StatusOptions, io: CommandIo): Promise<ExitCode> {
  const file = await readConfigFile({ given: options.config, folder: io.cwd });
  const { config } = parseConfig(file.text, file.path);
  const selections = select(config, options);
  const signals = listenForSignals();
  const look = lookBy(config, selections, io, signals.interrupt);
  const view = once(async () => {
    // Loaded when the answers are there: it would delay the first question.
    const { statusView } = await import('./status-view.ts');
    return statusView(options, io);
  });
  const show = async (overview: Overview) => (await view())(overview);
  try {
    if (options.watchMs !== undefined) {
      const { watchMs: intervalMs } = options;
      await watch({ look, show, intervalMs, clock: systemClock, signal: signals.interrupt });
    }
    const overview = await unlessAborted(look(), signals.interrupt);
    await show(overview);
    return overview.health === 'healthy' ? EXIT.ok : NOT_HEALTHY;
  } catch (error) {
    // Nothing is left half done: there is nothing to tell about it.
    if (!(error instanceof Interruption)) throw error;
    return error.signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
  } finally {
    signals.close();
  }
}

/** In the order of the config, which is that of promotion in most. */
function select(config: DeployConfig, { app: appName, env }: StatusOptions): Selection[] {
  if (appName !== undefined && env !== undefined) {
    const { app, environment } = selectEnvironment(config, appName, env);
    return [{ app, environments: [environment] }];
  }
  const apps = appName === undefined ? [...config.apps.values()] : [selectApp(config, appName)];
  const selections = apps
    .map((app) => ({
      app,
      environments: [...app.environments.values()].filter(({ name }) => (env ?? name) === name),
    }))
    .filter(({ environments }) => environments.length > 0);
  if (selections.length > 0) return selections;
  throw new ConfigError(
    env === undefined
      ? 'The config has no environment to look at.'
      : `No app of the config has an environment ${JSON.stringify(env)}.`,
    { hint: '' },
  );
}

function lookBy(
  config: DeployConfig,
  selections: readonly Selection[],
  io: CommandIo,
  signal: AbortSignal,
): () => Promise<Overview> {
  const clock = systemClock;
  const note = (message: string) => io.stderr.write(`${message}\n`);
  const aws = statusAws(config, clientOptionsBy(config, { ...io, note }), clock);
  const count = selections.reduce((sum, { environments }) => sum + environments.length, 0);
  return async () => {
    const tools = { ...aws.look(), clock, listenMs: listenMs(config), signal };
    const work = { latest: selections.length === 1 };
    if (count < TELL_PROGRESS_FROM || !io.stderr.isTTY)
      return readOverview(selections, tools, work);
    const { LiveLine } = await import('../src/report/live-line.ts');
    const line = new LiveLine(io.stderr);
    let done = 0;
    const onRead = () => line.show(`… ${++done} of ${count} environments`);
    return readOverview(selections, tools, { ...work, onRead }).finally(() => line.clear());
  };
}
