import { systemClock } from '../src/clock.ts';
import { readConfigFile } from '../src/config/find.ts';
import { parseConfig } from '../src/config/parse.ts';
import { selectApp } from '../src/config/select.ts';
import { DeployError, EXIT, type ExitCode } from '../src/errors.ts';
import { appStatusLines } from '../src/report/app-status-text.ts';
import { type AppStatus, readAppStatus } from '../src/status/app-status.ts';
import { clientOptionsBy } from './client-options.ts';
import type { AppStatusOptions, CommandIo } from './options.ts';
import { statusAws } from './status-aws.ts';

/** Something could not be read; the rest was printed. Nothing was written. */
class StatusFailedError extends DeployError {
  readonly code = 'status';
  readonly exitCode = EXIT.failedBeforeSwap;
}

/** Counts up when a reader of the JSON would have to change. */
const JSON_VERSION = 1;

/** `ecs-app-status`: reads, prints as the original, changes nothing. */
export async function runAppStatus(options: AppStatusOptions, io: CommandIo): Promise<ExitCode> {
  const file = await readConfigFile({ given: options.config, folder: io.cwd });
  const { config } = parseConfig(file.text, file.path);
  const app = selectApp(config, options.app);
  const aws = statusAws(config, clientOptionsBy(config, io), systemClock);
  const status = await readAppStatus(app, aws.look());
  const lines =
    options.output === 'json'
      ? [JSON.stringify({ schemaVersion: JSON_VERSION, ...status })]
      : appStatusLines(status);
  const text = lines.map((line) => `${line}\n`).join('');
  io.stdout.write(io.redactor?.redact(text) ?? text);
  assertAllRead(status);
  return EXIT.ok;
}

/** As of the original, the exit code tells whether everything is there. */
function assertAllRead({ environments, latestError }: AppStatus): void {
  const errors = environments.flatMap((each) => ('error' in each ? each.error : []));
  const [first] = latestError ? [latestError] : errors;
  if (!first) return;
  const what = latestError
    ? 'ArtifactDB'
    : `${errors.length} of ${environments.length} environments`;
  throw new StatusFailedError(`${what} could not be read: ${first.message}`, { hint: first.hint });
}
