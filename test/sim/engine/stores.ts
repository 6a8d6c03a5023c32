import type { Artifact, ArtifactRef, Tags } from '../../../src/artifactdb/artifact.ts';
import { ATTRIBUTE, type RawItem } from '../../../src/lock/item.ts';
import type { LockUpdate, LockUpdateResult } from '../../../src/lock/store.ts';
import { holds } from '../../support/memory-lock-store.ts';
import { PROJECT, shaOf, VERSIONS } from './hello.ts';

/** The lock's item and DynamoDB's conditions, without any time between question and answer. */
export class LockItem {
  current: RawItem | undefined;

  update(key: string, update: LockUpdate): LockUpdateResult {
    const previous = this.current;
    if (!holds(update.condition, previous)) return { written: false, current: previous };
    // A new object each time: whoever has read an item keeps it as it was.
    const next: Record<string, RawItem[string]> = { key: { S: key }, ...previous };
    for (const name of update.remove) delete next[name];
    Object.assign(next, update.set);
    this.current = next;
    return { written: true, previous };
  }

  get owner(): string | undefined {
    return this.current?.[ATTRIBUTE.owner]?.S;
  }

  get isReleased(): boolean {
    return this.current?.[ATTRIBUTE.isReleased] !== undefined;
  }
}

/** ArtifactDB's items, one for each version. */
export class Artifacts {
  readonly #artifacts = new Map<number, Artifact>(
    VERSIONS.map((version, index) => [
      index + 1,
      {
        projectName: PROJECT,
        buildNumber: index + 1,
        value: `hello:${version}`,
        tags: { SHA: shaOf(version) },
        containedArtifacts: [],
      },
    ]),
  );

  newestFirst(): Artifact[] {
    return [...this.#artifacts.values()].reverse();
  }

  get({ buildNumber }: Pick<ArtifactRef, 'buildNumber'>): Artifact | undefined {
    return this.#artifacts.get(buildNumber);
  }

  setTags(ref: ArtifactRef, tags: Tags): Artifact | undefined {
    const artifact = this.get(ref);
    if (!artifact) return undefined;
    const changed = { ...artifact, tags: { ...artifact.tags, ...tags } };
    this.#artifacts.set(ref.buildNumber, changed);
    return changed;
  }
}
