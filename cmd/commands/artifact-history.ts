import { type Artifact, type ArtifactRef, artifactId } from '../../src/artifactdb/artifact.ts';
import { ArtifactNotFoundError } from '../../src/artifactdb/errors.ts';
import {
  readTagHistory,
  type RecordedTagChange,
  unrecordedTags,
} from '../../src/artifactdb/tag-history.ts';
import { printableLine } from '../../src/report/printable.ts';
import type { OutputFormat, Session } from '../options.ts';
import type { ArtifactAccess } from './artifact-access.ts';
import { toJsonLine } from './artifact-output.ts';

/**
 * Prints what was recorded of an artifact's tags, and which of them are not as the records say. An
 * artifact that was deleted since is no error as long as there are records of it.
 */
export async function printHistory(
  { name, io }: Pick<Session, 'name' | 'io'>,
  { db, journal }: ArtifactAccess,
  options: { readonly ref: ArtifactRef; readonly limit: number; readonly output: OutputFormat },
): Promise<void> {
  const { ref, limit } = options;
  // In this order: a change between the two would be missing in what is read first.
  const artifact = await existing(db.get(ref));
  const { changes, isWhole } = await readTagHistory(journal, ref, limit);
  if (!artifact && changes.length === 0) throw new ArtifactNotFoundError(ref);
  const unrecorded = artifact && isWhole ? unrecordedTags(artifact, changes) : undefined;

  if (options.output === 'json') {
    io.stdout.write(`${toJsonLine(toJson(ref, artifact, changes, { isWhole, unrecorded }))}\n`);
    return;
  }
  const lines = [...changes.map(toLine), ...toUnrecordedLines(unrecorded ?? {})];
  for (const line of lines) io.stdout.write(`${line}\n`);
  const remarks = [
    ...(artifact ? [] : [`${artifactId(ref)} itself does not exist any more.`]),
    ...(isWhole ? [] : ['There are older changes: ask for more with --limit.']),
  ];
  for (const remark of remarks) io.stderr.write(`${name}: ${remark}\n`);
}

async function existing(reading: Promise<Artifact>): Promise<Artifact | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ArtifactNotFoundError) return undefined;
    throw error;
  }
}

function toJson(
  ref: ArtifactRef,
  artifact: Artifact | undefined,
  changes: readonly RecordedTagChange[],
  rest: object,
): object {
  return {
    ...ref,
    exists: artifact !== undefined,
    changes: changes.map(({ atMs, ...change }) => ({ at: isoTime(atMs), ...change })),
    ...rest,
  };
}

/** Time, who, what and the CI job with tabs between them. */
function toLine({ atMs, key, before, after, by }: RecordedTagChange): string {
  const what = `${key}: ${quoted(before)} -> ${quoted(after)}`;
  const columns = [isoTime(atMs), `${by.user}@${by.host}`, what, by.job ?? ''];
  return columns.map(printableLine).join('\t').trimEnd();
}

function toUnrecordedLines(tags: Readonly<Record<string, string | null>>): string[] {
  const sorted = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([key, value]) =>
    ['not recorded', printableLine(`${key}: ${quoted(value)}`)].join('\t'),
  );
}

function quoted(value: string | null | undefined): string {
  if (value === undefined) return '(unknown)';
  return value === null ? '(none)' : JSON.stringify(value);
}

function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}
