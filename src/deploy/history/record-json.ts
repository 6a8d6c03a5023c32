import * as z from 'zod/mini';
import { MalformedJournalError } from '../../artifactdb/errors.ts';
import type { Json, JournalEntry } from '../../artifactdb/journal.ts';
import type { DeployRecord } from './deploy-record.ts';

/** Keeps a record far from the 400 KB that an item may have; a message may quote anything. */
const TEXT_LENGTH_MAX = 2_000;

const text = z.string();
const optionalText = z.exactOptional(text);

/** As `DeployRecord` describes it. What is added later is optional for ever. */
const recordSchema = z.object({
  app: text,
  environment: text,
  deployId: text,
  mode: z.enum(['deploy', 'resume', 'start-over']),
  artifact: z.object({
    projectName: text,
    buildNumber: z.int(),
    value: text,
    sha: optionalText,
  }),
  configSha: text,
  contentIdentity: text,
  imageDigests: z.exactOptional(z.record(text, text)),
  startedAt: text,
  endedAt: text,
  durationMs: z.number(),
  begunAt: optionalText,
  outcome: text,
  exitCode: z.int(),
  message: optionalText,
  step: z.int(),
  serving: z.exactOptional(
    z.object({
      color: z.enum(['blue', 'green']),
      artifact: optionalText,
      configSha: optionalText,
      taskDefinition: text,
      taskSetId: text,
      runningCount: z.exactOptional(z.int()),
    }),
  ),
  previous: z.exactOptional(z.object({ artifact: optionalText, configSha: optionalText })),
  gateOverride: optionalText,
  replaced: optionalText,
  by: z.object({ user: text, host: text, job: optionalText }),
});

/** The record as a journal keeps it. */
export function toJson(record: DeployRecord): Json {
  return shortened(record);
}

/**
 * Reads what any version wrote: what it does not know is left out.
 * @throws {MalformedJournalError} for anything else
 */
export function recordOf({ record, sequence }: JournalEntry, journal: string): DeployRecord {
  const read = recordSchema.safeParse(record);
  if (read.success) return read.data;
  throw new MalformedJournalError(journal, sequence, read.error);
}

/** The same, without what is undefined and with no text that is too long. */
function shortened(value: unknown): Json {
  if (typeof value === 'string') {
    return value.length <= TEXT_LENGTH_MAX ? value : `${value.slice(0, TEXT_LENGTH_MAX)}…`;
  }
  if (typeof value !== 'object' || value === null) return value as Json;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, shortened(member)]));
}
