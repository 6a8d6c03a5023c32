import { ArtifactDb } from '../../src/artifactdb/artifact-db.ts';
import type { JournalStore } from '../../src/artifactdb/journal.ts';
import type { TagChange } from '../../src/artifactdb/tag-change.ts';
import { recordTagChange } from '../../src/artifactdb/tag-history.ts';
import { ArtifactTable } from '../../src/aws/artifact-table.ts';
import { createDynamoDbClient } from '../../src/aws/clients.ts';
import { JournalTable } from '../../src/aws/journal-table.ts';
import { systemClock } from '../../src/clock.ts';
import { printable } from '../../src/report/printable.ts';
import { thisAuthor } from '../author.ts';
import type { CommandIo, Session } from '../options.ts';
import { type Place, toEnding } from './artifact-endings.ts';

/** What a command works with. */
export interface ArtifactAccess {
  /** Records who changes tags. */
  readonly db: ArtifactDb;
  readonly journal: JournalStore;
}

/**
 * Attempts of each request. Tables of the tool that this one replaces are made for one read a second;
 * it was as patient with them: half a minute.
 */
const MAX_ATTEMPTS = 8;
/** Of writing a record. The change itself is made by then, and whoever made it waits. */
const RECORD_ATTEMPTS = 3;
const RECORD_ATTEMPT_TIMEOUT_MS = 5_000;

/**
 * Runs something against ArtifactDB.
 * @throws {DeployError} that says what went wrong, where, and what to do about it
 */
export async function withArtifactDb<Result>(
  { region, table }: Pick<Place, 'region' | 'table'>,
  session: Pick<Session, 'name' | 'io'>,
  run: (access: ArtifactAccess) => Promise<Result>,
): Promise<Result> {
  const maxAttempts = attemptsIn(session.io.env) ?? MAX_ATTEMPTS;
  const client = await createDynamoDbClient({ region, maxAttempts });
  const recordClient = await createDynamoDbClient({
    region,
    credentials: client.config.credentials, // What was fetched for one serves both.
    maxAttempts: Math.min(maxAttempts, RECORD_ATTEMPTS),
    attemptTimeoutMs: RECORD_ATTEMPT_TIMEOUT_MS,
  });
  try {
    const records = new JournalTable(recordClient, table, systemClock);
    const db = new ArtifactDb(new ArtifactTable(client, table), {
      onTagChanged: (change) => record(records, change, session),
    });
    return await run({ db, journal: new JournalTable(client, table, systemClock) });
  } catch (error) {
    throw toEnding(error, { region, table, env: session.io.env });
  } finally {
    client.destroy();
    recordClient.destroy();
  }
}

/** As the AWS CLI and SDKs read it. */
function attemptsIn(env: CommandIo['env']): number | undefined {
  const attempts = Number(env['AWS_MAX_ATTEMPTS']);
  return Number.isSafeInteger(attempts) && attempts >= 1 ? attempts : undefined;
}

/** A change that was made is a success, also when it can't be recorded: that is only said. */
async function record(
  journal: JournalStore,
  change: TagChange,
  { name, io }: Pick<Session, 'name' | 'io'>,
): Promise<void> {
  try {
    await recordTagChange(journal, change, thisAuthor(io.env));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    io.stderr.write(
      printable(`${name}: The tag was changed, but its history does not say so: ${why}\n`),
    );
  }
}
