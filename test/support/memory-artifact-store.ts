import type { Artifact, ArtifactRef, Tags } from '../../src/artifactdb/artifact.ts';
import type { ArtifactPage, ArtifactStore, PageRequest } from '../../src/artifactdb/store.ts';

/** As much as DynamoDB puts into one answer, for artifacts of 1 KB. */
const DEFAULT_FULL_PAGE = 1_000;

/**
 * ArtifactDB in memory, with the semantics of the table: pages end where the limit or the full page
 * is, also when nothing is left, and the next one is empty then. Each method takes one turn of the
 * event loop, so that concurrent callers interleave.
 */
export class MemoryArtifactStore implements ArtifactStore {
  /** What was asked, in order, e.g. `readPage hello <21 limit 980`. */
  readonly requests: string[] = [];
  readonly #fullPage: number;
  readonly #projects = new Map<string, Map<number, Artifact>>();

  constructor({ fullPage = DEFAULT_FULL_PAGE }: { fullPage?: number } = {}) {
    this.#fullPage = fullPage;
  }

  /** Puts artifacts there without a request, whatever was there before. */
  put(...artifacts: (ArtifactRef & Partial<Artifact>)[]): void {
    for (const { projectName, buildNumber, ...rest } of artifacts) {
      const project = this.#projects.get(projectName) ?? new Map<number, Artifact>();
      this.#projects.set(projectName, project);
      project.set(buildNumber, {
        projectName,
        buildNumber,
        value: `${projectName}:${buildNumber}`,
        tags: null,
        containedArtifacts: [],
        ...rest,
      });
    }
  }

  async readPage(projectName: string, { olderThan, limit }: PageRequest): Promise<ArtifactPage> {
    const below = olderThan === undefined ? '' : ` <${olderThan}`;
    const atMost = limit === undefined ? '' : ` limit ${limit}`;
    await this.#request(`readPage ${projectName}${below}${atMost}`);

    const size = Math.min(limit ?? Infinity, this.#fullPage);
    const artifacts = [...(this.#projects.get(projectName)?.values() ?? [])]
      .filter((artifact) => artifact.buildNumber < (olderThan ?? Infinity))
      .sort((a, b) => b.buildNumber - a.buildNumber)
      .slice(0, size);
    const last = artifacts.at(-1);
    return {
      artifacts,
      olderThan: last && artifacts.length === size ? last.buildNumber : null,
    };
  }

  async get(ref: ArtifactRef): Promise<Artifact | undefined> {
    await this.#request(`get ${ref.projectName}:${ref.buildNumber}`);
    return this.#find(ref);
  }

  async create(artifact: Artifact): Promise<'created' | 'taken'> {
    await this.#request(`create ${artifact.projectName}:${artifact.buildNumber}`);
    if (this.#find(artifact)) return 'taken';
    this.put(artifact);
    return 'created';
  }

  async setTags(ref: ArtifactRef, added: Tags): Promise<Artifact | undefined> {
    const keys = Object.keys(added).join(' ');
    await this.#request(`setTags ${ref.projectName}:${ref.buildNumber} ${keys}`);
    return this.#change(ref, (tags) => ({ ...tags, ...added }));
  }

  async removeTag(ref: ArtifactRef, key: string): Promise<Artifact | undefined> {
    await this.#request(`removeTag ${ref.projectName}:${ref.buildNumber} ${key}`);
    return this.#change(ref, (tags) => {
      if (!tags) return tags;
      const { [key]: _removed, ...rest } = tags;
      return rest;
    });
  }

  #find({ projectName, buildNumber }: ArtifactRef): Artifact | undefined {
    return this.#projects.get(projectName)?.get(buildNumber);
  }

  /** Returns the artifact as it was before. */
  #change(ref: ArtifactRef, change: (tags: Tags | null) => Tags | null): Artifact | undefined {
    const before = this.#find(ref);
    if (before) this.put({ ...before, tags: change(before.tags) });
    return before;
  }

  async #request(text: string): Promise<void> {
    this.requests.push(text);
    await new Promise(setImmediate);
  }
}
