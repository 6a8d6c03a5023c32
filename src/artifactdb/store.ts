import type { Artifact, ArtifactRef } from './artifact.ts';

/** Some of a project's artifacts, newest first. */
export interface ArtifactPage {
  readonly artifacts: readonly Artifact[];
  /** Where the next page begins: below this build number. `null`: there is nothing older. */
  readonly olderThan: number | null;
}

/** The newest artifacts below `olderThan`: at most `limit`, or as many as fit in one answer. */
export interface PageRequest {
  readonly olderThan?: number | undefined;
  readonly limit?: number | undefined;
}

/**
 * Where artifacts are kept. Every read sees every write that ended before it began, and each
 * method but those that say otherwise is one request.
 */
export interface ArtifactStore {
  readPage(projectName: string, request: PageRequest): Promise<ArtifactPage>;

  get(ref: ArtifactRef): Promise<Artifact | undefined>;

  /** Writes a new artifact, and never over another one: its number may be `'taken'`. */
  create(artifact: Artifact): Promise<'created' | 'taken'>;

  /**
   * Sets one tag and leaves the others alone, whatever is written at the same time. Returns the
   * artifact after the change; `undefined` when it does not exist. One request for an artifact
   * with tags, a few for one without.
   */
  setTag(ref: ArtifactRef, key: string, value: string): Promise<Artifact | undefined>;

  /** As `setTag`. To remove a tag that is not there is no error. */
  removeTag(ref: ArtifactRef, key: string): Promise<Artifact | undefined>;
}
