import type { ArtifactRef } from './artifact.ts';

/** One tag of one artifact, before and after. `null`: it was not there. */
export interface TagChange {
  readonly ref: ArtifactRef;
  readonly key: string;
  /** `undefined` when nobody can say any more: the answer to the change was lost. */
  readonly before: string | null | undefined;
  readonly after: string | null;
}
