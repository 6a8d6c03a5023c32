/** What JSON can say. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/** A record as it is kept. */
export interface JournalEntry {
  /** Its place in the journal: a later one is larger. Of no other meaning to callers. */
  readonly sequence: number;
  /** When it was written, in milliseconds since 1970, by the clock of the machine that did. */
  readonly atMs: number;
  readonly record: Json;
}

/** Some of a journal's records, newest first. */
export interface JournalPage {
  readonly entries: readonly JournalEntry[];
  /** Where the next page begins: below this sequence. `null`: there is nothing older. */
  readonly before: number | null;
}

/**
 * Lists of records that are only ever added to, kept beside the artifacts. A journal begins to exist
 * with its first record, and needs no more set-up than its name: any text, up to some 2,000 bytes.
 * Each method is one request, but for one that meets another writer in the same millisecond.
 *
 * Records are in the order of their writers' clocks. Two machines whose clocks differ by a minute may
 * have theirs swapped, if they write within that minute: a record that depends on the one before it
 * has to say so itself.
 */
export interface JournalStore {
  /**
   * Adds a record, however many others do so at the same time. An answer that is lost does not make
   * it two. Nothing can be changed or taken back afterwards.
   * @param record 400 KB at most, as JSON
   * @throws {JournalContentionError} when 100 others wrote at the same time
   */
  append(journal: string, record: Json): Promise<JournalEntry>;

  /**
   * The newest records below `before`: at most `limit`, or as many as fit in one answer. Sees each
   * record whose `append` ended before this began.
   * @throws {MalformedJournalError} for an item that something else wrote
   */
  read(
    journal: string,
    request?: { readonly before?: number | undefined; readonly limit?: number | undefined },
  ): Promise<JournalPage>;
}

/** How many records of one journal can be written within one millisecond. */
const PER_MS = 1_000;

/** The first sequence of that millisecond. Exact until the year 2255. */
export function sequenceAt(atMs: number): number {
  return Math.floor(atMs) * PER_MS;
}

/** The millisecond of a sequence: the inverse of `sequenceAt`. */
export function timeOfSequence(sequence: number): number {
  return Math.floor(sequence / PER_MS);
}
