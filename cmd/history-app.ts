import { createDynamoDbClient } from '../src/aws/clients.ts';
import { JournalTable } from '../src/aws/journal-table.ts';
import { systemClock } from '../src/clock.ts';
import { readConfigFile } from '../src/config/find.ts';
import { parseConfigFile } from '../src/config/parse.ts';
import { selectApp, selectEnvironment } from '../src/config/select.ts';
import { type DeployRecords, readDeploys } from '../src/deploy/history/history.ts';
import { DeployError, EXIT, type ExitCode } from '../src/errors.ts';
import { canColor } from '../src/report/choose.ts';
import { historyLines } from '../src/report/history-text.ts';
import { lineText } from '../src/report/status-cells.ts';
import { troubleOf } from '../src/status/trouble.ts';
import { clientOptionsBy, homeOf } from './client-options.ts';
import { redactorFor } from './masked.ts';
import type { CommandIo, HistoryOptions } from './options.ts';

/** Counts up when a reader of the JSON would have to change. */
const JSON_VERSION = 1;

/** The table could not be read. Nothing was written. */
class HistoryFailedError extends DeployError {
  readonly code = 'history';
  readonly exitCode = EXIT.failedBeforeSwap;
}

/** `ecs-deploy history`: reads, prints, changes nothing. */
export async function runHistory(options: HistoryOptions, io: CommandIo): Promise<ExitCode> {
  const file = await readConfigFile({ given: options.config, folder: io.cwd });
  const { config } = await parseConfigFile(file);
  const environments =
    options.env === undefined
      ? [...selectApp(config, options.app).environments.keys()]
      : [selectEnvironment(config, options.app, options.env).environment.name];
  const { redactor = redactorFor(io.env) } = io;
  const note = (message: string) => io.stderr.write(`${message}\n`);
  const clientOptions = clientOptionsBy(config, { env: io.env, redactor, note });
  const client = await createDynamoDbClient(await clientOptions(homeOf(config)));
  try {
    const journal = new JournalTable(client, config.artifactDbTable, systemClock);
    const read = (environment: string) =>
      readDeploys(journal, { app: options.app, environment }, options.limit);
    const found = newestOf(await Promise.all(environments.map(read)), options.limit);
    io.stdout.write(redactor.redact(textOf(found, options, io)));
    if (!found.isWhole && options.output === 'text') {
      note('There are older deploys: ask for more with --limit.');
    }
    return EXIT.ok;
  } catch (error) {
    throw asEnding(error);
  } finally {
    client.destroy();
  }
}

/** The newest of all environments together. */
function newestOf(histories: readonly DeployRecords[], limit: number): DeployRecords {
  const all = histories
    .flatMap(({ records }) => records)
    .sort((a, b) => (a.endedAt < b.endedAt ? 1 : a.endedAt > b.endedAt ? -1 : 0));
  return {
    records: all.slice(0, limit),
    isWhole: all.length <= limit && histories.every(({ isWhole }) => isWhole),
  };
}

function textOf(
  { isWhole, records }: DeployRecords,
  { app, env, output }: HistoryOptions,
  { env: variables, stdout }: CommandIo,
): string {
  if (output === 'json') {
    return `${JSON.stringify({ schemaVersion: JSON_VERSION, app, deploys: records, isWhole })}\n`;
  }
  const useColor = canColor(stdout, variables);
  if (records.length === 0) {
    return `No deploy of ${app}${env === undefined ? '' : ` to ${env}`} is recorded.\n`;
  }
  return historyLines(records)
    .map((line) => `${lineText(line, { useColor })}\n`)
    .join('');
}

function asEnding(error: unknown): unknown {
  const trouble = troubleOf(error);
  if (!trouble) return error;
  return new HistoryFailedError(trouble.message, { hint: trouble.hint, cause: error });
}
