import { ArtifactDb } from '../src/artifactdb/artifact-db.ts';
import { ArtifactTable } from '../src/aws/artifact-table.ts';
import { createDynamoDbClient } from '../src/aws/clients.ts';
import { lockTable } from '../src/aws/lock-table.ts';
import type { AppConfig, DeployConfig } from '../src/config/config.ts';
import { readConfigFile } from '../src/config/find.ts';
import { parseConfig } from '../src/config/parse.ts';
import { selectApp } from '../src/config/select.ts';
import { hasNoCredentials, howToLogIn } from '../src/deploy/no-credentials.ts';
import { CallFailedError } from '../src/deploy/ports.ts';
import { DeployError, EXIT, type ExitCode } from '../src/errors.ts';
import { MalformedLockItemError } from '../src/lock/errors.ts';
import { LockStoreError } from '../src/lock/store.ts';
import { appStatusLines } from '../src/report/app-status-text.ts';
import { type AppStatus, readEnvironmentStatus } from '../src/status/app-status.ts';
import { clientOptionsBy, homeOf } from './client-options.ts';
import type { CommandIo, StatusOptions } from './options.ts';

/** AWS could not be asked. Nothing was written. */
class StatusFailedError extends DeployError {
  readonly code = 'status';
  readonly exitCode = EXIT.failedBeforeSwap;
}

/** Counts up when a reader of the JSON would have to change. */
const JSON_VERSION = 1;

/** `ecs-deploy status`: reads, prints, changes nothing. */
export async function runStatus(options: StatusOptions, io: CommandIo): Promise<ExitCode> {
  const file = await readConfigFile({ given: options.config, folder: io.cwd });
  const { config } = parseConfig(file.text, file.path);
  const status = await readStatus(config, selectApp(config, options.app), io);
  const lines =
    options.output === 'json'
      ? [JSON.stringify({ schemaVersion: JSON_VERSION, ...status })]
      : appStatusLines(status);
  for (const line of lines) io.stdout.write(`${line}\n`);
  return EXIT.ok;
}

async function readStatus(config: DeployConfig, app: AppConfig, io: CommandIo): Promise<AppStatus> {
  try {
    const clientOptions = clientOptionsBy(config, io);
    const client = await createDynamoDbClient(await clientOptions(homeOf(config)));
    const artifacts = new ArtifactDb(new ArtifactTable(client, config.artifactDbTable));
    const lockStore = lockTable({ client, tableName: config.lockTable });
    const [latest, environments] = await Promise.all([
      artifacts.latest(app.artifactDbProjectName, { ForAutomatedDeploy: 'true' }),
      Promise.all(
        [...app.environments.values()]
          .sort((a, b) => (a.name < b.name ? -1 : 1))
          .map(async (environment) => {
            // Loaded while the first answers are on their way.
            const { createAwsPorts } = await import('../src/aws/ports.ts');
            const aws = await createAwsPorts(await clientOptions(environment), environment);
            return readEnvironmentStatus(app, environment, { aws, artifacts, lockStore });
          }),
      ),
    ]);
    return { app: app.name, ...(latest ? { latest: latest.value } : {}), environments };
  } catch (error) {
    throw toEnding(error);
  }
}

/** What is not known is a bug, and stays as it is. */
function toEnding(error: unknown): unknown {
  if (error instanceof CallFailedError || error instanceof LockStoreError)
    return new StatusFailedError(error.message, {
      hint: 'Check whose credentials these are, and what they allow; else try again.',
      cause: error,
    });
  if (error instanceof MalformedLockItemError)
    return new StatusFailedError(error.message, {
      hint: 'Something else wrote to the lock table.',
      cause: error,
    });
  if (error instanceof Error && hasNoCredentials(error))
    return new StatusFailedError(`No AWS credentials: ${error.message}`, {
      hint: howToLogIn(error),
      cause: error,
    });
  return error;
}
