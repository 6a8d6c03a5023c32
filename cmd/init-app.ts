import { assertAccounts } from '../src/aws/accounts.ts';
import { createDynamoDbClient } from '../src/aws/clients.ts';
import {
  artifactTableSpec,
  assertUsable,
  ensureTable,
  lockTableSpec,
  TableUnusableError,
} from '../src/aws/tables.ts';
import { systemClock } from '../src/clock.ts';
import { readConfigFile } from '../src/config/find.ts';
import { parseConfigFile } from '../src/config/parse.ts';
import { asEnding } from '../src/deploy/lock-endings.ts';
import { EXIT, type ExitCode, RefusedError } from '../src/errors.ts';
import { clientOptionsBy, homeOf } from './client-options.ts';
import type { CommandIo, InitOptions } from './options.ts';
import { listenForSignals } from './signals.ts';

/** `ecs-deploy init`: creates what is missing, and changes nothing that exists. */
export async function runInit(options: InitOptions, io: CommandIo): Promise<ExitCode> {
  const file = await readConfigFile({ given: options.config, folder: io.cwd });
  const { config } = await parseConfigFile(file);
  const signals = listenForSignals();
  try {
    const home = await clientOptionsBy(config, io)(homeOf(config));
    const { configAccountId: accountId, configRegion } = config;
    await assertAccounts([{ accountId, setting: 'ConfigAccountID', client: home }]);
    const client = await createDynamoDbClient(home);
    const specs = [lockTableSpec(config.lockTable), artifactTableSpec(config.artifactDbTable)];
    // Before the first one is created: either all of them can be used, or nothing is changed.
    for (const spec of specs) await assertUsable(client, spec, signals.interrupt);
    for (const spec of specs) {
      const outcome = await ensureTable(client, spec, {
        clock: systemClock,
        signal: signals.interrupt,
      });
      const what = outcome === 'created' ? 'created' : 'was there already';
      io.stdout.write(`${spec.tableName} ${what} (account ${accountId}, ${configRegion}).\n`);
    }
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof TableUnusableError)) throw asEnding(error, signals.interrupt);
    throw new RefusedError(`${error.message} It was left as it is.`, {
      hint: 'Name another table with LockTable or ArtifactDBTable, or look at this one.',
      cause: error,
    });
  } finally {
    signals.close();
  }
}
