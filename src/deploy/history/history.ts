import type { ArtifactRef } from '../../artifactdb/artifact.ts';
import type { JournalStore } from '../../artifactdb/journal.ts';
import {
  type Author,
  readTagHistory,
  type RecordedTagChange,
} from '../../artifactdb/tag-history.ts';
import type { DeployEntry, DeployRecord } from './deploy-record.ts';
import { recordOf, toJson } from './record-json.ts';

/** Where deploys go. */
export interface Target {
  readonly app: string;
  readonly environment: string;
}

/** Some of what is recorded, newest first. */
export interface DeployRecords {
  readonly records: readonly DeployRecord[];
  /** Whether these are all. */
  readonly isWhole: boolean;
}

/** Remembers how deploys ended. */
export interface DeployHistory {
  /** One request. Nothing can be changed or taken back afterwards. */
  record(entry: DeployEntry): Promise<void>;
  /** As `readDeploys`. */
  deploysTo(target: Target, limit: number): Promise<DeployRecords>;
  /** The newest changes of the artifact's tags by hand. */
  tagChanges(ref: ArtifactRef, limit: number): Promise<readonly RecordedTagChange[]>;
}

/**
 * The history as it is kept: one journal for each environment, in ArtifactDB's table.
 * @param redact Masks secrets in what others have worded, for a record stays for ever.
 */
export function historyIn(
  journal: JournalStore,
  by: Author,
  redact: (text: string) => string = (text) => text,
): DeployHistory {
  return {
    record: async (entry) => {
      await journal.append(journalOf(entry), toJson({ ...withoutSecrets(entry, redact), by }));
    },
    deploysTo: (target, limit) => readDeploys(journal, target, limit),
    tagChanges: async (ref, limit) => (await readTagHistory(journal, ref, limit)).changes,
  };
}

/**
 * The newest deploys to an environment.
 * @throws {MalformedJournalError} for what no version of this tool wrote
 */
export async function readDeploys(
  journal: JournalStore,
  target: Target,
  limit: number,
): Promise<DeployRecords> {
  const name = journalOf(target);
  const records: DeployRecord[] = [];
  let before: number | null | undefined;
  while (records.length < limit && before !== null) {
    const page = await journal.read(name, { before, limit: limit - records.length });
    records.push(...page.entries.map((entry) => recordOf(entry, name)));
    before = page.before;
  }
  return { records, isWhole: before === null };
}

/** Names and ids must stay what they are; what a program or a person has said may hold anything. */
function withoutSecrets(entry: DeployEntry, redact: (text: string) => string): DeployEntry {
  const { gateOverride, message } = entry;
  return {
    ...entry,
    ...(message === undefined ? {} : { message: redact(message) }),
    ...(gateOverride === undefined ? {} : { gateOverride: redact(gateOverride) }),
  };
}

function journalOf({ app, environment }: Target): string {
  return `deploys of ${app}/${environment}`;
}
