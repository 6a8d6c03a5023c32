import { type Artifact, type ArtifactRef, artifactId } from './artifact.ts';
import { MalformedJournalError } from './errors.ts';
import type { Json, JournalEntry, JournalStore } from './journal.ts';
import type { TagChange } from './tag-change.ts';

/** Who does something, and from where, as far as their machine knows. */
export interface Author {
  /** A person's or a CI system's name for them. */
  readonly user: string;
  readonly host: string;
  /** The CI job: its address, or else its name. */
  readonly job?: string;
}

/** A change of a tag as it was recorded. Names and values of over 1,000 characters are shortened. */
export interface RecordedTagChange extends Omit<TagChange, 'ref'> {
  /** Milliseconds since 1970, by the clock of the machine that made the change. */
  readonly atMs: number;
  readonly by: Author;
}

/** What is recorded of an artifact's tags. */
export interface TagHistory {
  /** Newest first. */
  readonly changes: readonly RecordedTagChange[];
  /** Whether these are all. */
  readonly isWhole: boolean;
}

/** Keeps records far from DynamoDB's limit of 400 KB, which a tag alone may come near. */
const TEXT_LENGTH_MAX = 1_000;

/** Records a change of a tag, with one request. The record is made after the change, never before. */
export async function recordTagChange(
  journal: JournalStore,
  { ref, key, before, after }: TagChange,
  by: Author,
): Promise<void> {
  await journal.append(journalOf(ref), {
    key: shortened(key),
    ...(before === undefined ? {} : { before: before === null ? null : shortened(before) }),
    after: after === null ? null : shortened(after),
    by: {
      user: shortened(by.user),
      host: shortened(by.host),
      ...(by.job === undefined ? {} : { job: shortened(by.job) }),
    },
  });
}

/**
 * The newest changes of the artifact's tags that were recorded.
 * @throws {MalformedJournalError}
 */
export async function readTagHistory(
  journal: JournalStore,
  ref: ArtifactRef,
  limit: number,
): Promise<TagHistory> {
  const changes: RecordedTagChange[] = [];
  let before: number | null | undefined;
  while (changes.length < limit && before !== null) {
    const page = await journal.read(journalOf(ref), { before, limit: limit - changes.length });
    changes.push(...page.entries.map((entry) => changeIn(entry, journalOf(ref))));
    before = page.before;
  }
  return { changes, isWhole: before === null };
}

/**
 * The tags that are not as the whole history leaves them: given at registration, set by a deploy, or
 * changed by another tool. `null`: it is gone.
 */
export function unrecordedTags(
  artifact: Artifact,
  changes: readonly RecordedTagChange[],
): Readonly<Record<string, string | null>> {
  const recorded = new Map<string, string | null>();
  for (const { key, after } of changes) if (!recorded.has(key)) recorded.set(key, after);

  const tags = Object.entries(artifact.tags ?? {});
  const present = new Set(tags.map(([key]) => shortened(key)));
  const gone = [...recorded].filter(([key, after]) => after !== null && !present.has(key));
  const others = tags.filter(([key, value]) => recorded.get(shortened(key)) !== shortened(value));
  return Object.fromEntries([...others, ...gone.map(([key]) => [key, null] as const)]);
}

function journalOf(ref: ArtifactRef): string {
  return `tags of ${artifactId(ref)}`;
}

function changeIn({ record, sequence, atMs }: JournalEntry, journal: string): RecordedTagChange {
  if (!isObject(record) || !isObject(record['by'])) {
    throw new MalformedJournalError(journal, sequence);
  }
  const text = (value: Json | undefined): string => {
    if (typeof value === 'string') return value;
    throw new MalformedJournalError(journal, sequence);
  };
  const { key, before, after, by } = record;
  const { user, host, job } = by as Readonly<Record<string, Json>>;
  return {
    atMs,
    key: text(key),
    before: before === undefined || before === null ? before : text(before),
    after: after === null ? null : text(after),
    by: { user: text(user), host: text(host), ...(job === undefined ? {} : { job: text(job) }) },
  };
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shortened(text: string): string {
  if (text.length <= TEXT_LENGTH_MAX) return text;
  return `${text.slice(0, TEXT_LENGTH_MAX)}… (${text.length} characters)`;
}
