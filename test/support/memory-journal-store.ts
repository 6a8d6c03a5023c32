import {
  type Json,
  type JournalEntry,
  type JournalPage,
  type JournalStore,
  sequenceAt,
  timeOfSequence,
} from '../../src/artifactdb/journal.ts';
import type { Clock } from '../../src/clock.ts';

/** Journals in memory, with the semantics of the table: pages end at the limit, and may be empty. */
export class MemoryJournalStore implements JournalStore {
  readonly #clock: Pick<Clock, 'wallMs'>;
  readonly #journals = new Map<string, Map<number, string>>();

  constructor(clock: Pick<Clock, 'wallMs'>) {
    this.#clock = clock;
  }

  async append(journal: string, record: Json): Promise<JournalEntry> {
    await new Promise(setImmediate);
    const entries = this.#journals.get(journal) ?? new Map<number, string>();
    this.#journals.set(journal, entries);
    let sequence = sequenceAt(this.#clock.wallMs());
    while (entries.has(sequence)) sequence++;
    entries.set(sequence, JSON.stringify(record)); // Whoever changes it later changes their own.
    return { sequence, atMs: timeOfSequence(sequence), record };
  }

  async read(
    journal: string,
    { before, limit }: { before?: number | undefined; limit?: number | undefined } = {},
  ): Promise<JournalPage> {
    await new Promise(setImmediate);
    const entries = [...(this.#journals.get(journal) ?? [])]
      .filter(([sequence]) => sequence < (before ?? Infinity))
      .sort(([a], [b]) => b - a)
      .slice(0, limit)
      .map(([sequence, text]) => ({
        sequence,
        atMs: timeOfSequence(sequence),
        record: JSON.parse(text) as Json,
      }));
    const last = entries.at(-1);
    return { entries, before: last && entries.length === limit ? last.sequence : null };
  }
}
