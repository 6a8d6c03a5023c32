import type { Artifact, ArtifactRef, Tags } from './artifact.ts';

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

/** An artifact as it was right before one of its tags was changed. */
export interface ArtifactBefore extends Artifact {
  /** An attempt whose answer was lost may have made the change already: then this shows it. */
  readonly mayShowChange?: true;
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
   * Sets these tags, all at once, and leaves the others alone, whatever is written at the same time.
   * Returns the artifact as it was right before; `undefined` when it does not exist. One request for
   * an artifact with tags, a few for one without.
   * @param tags at least one
   */
  setTags(ref: ArtifactRef, tags: Tags): Promise<ArtifactBefore | undefined>;

  /** As `setTags`. To remove a tag that is not there is no error. */
  removeTag(ref: ArtifactRef, key: string): Promise<ArtifactBefore | undefined>;
}
