import {
  type Artifact,
  type ArtifactRef,
  artifactId,
  deployTag,
  hasTags,
  type Outcome,
  outcomeIn,
  type Tags,
} from './artifact.ts';
import { type ArtifactTree, readContents } from './contents.ts';
import { ArtifactNotFoundError, BuildNumberContentionError, InvalidTagError } from './errors.ts';
import { findBySha, type ShaMatch, type ShaSearchOptions } from './find-by-sha.ts';
import { pagesOf } from './pages.ts';
import type { ArtifactStore } from './store.ts';

/** What a new artifact is made of. */
export interface NewArtifact {
  readonly value: string;
  readonly tags?: Tags | null;
  /** The builds inside it, each as `project:build`. */
  readonly contains?: readonly string[];
}

/** Each try loses to another build that was registered meanwhile; so many at once don't happen. */
const CREATE_TRIES_MAX = 100;

/** The builds of all projects: what they made, what they are tagged, what they contain. */
export class ArtifactDb {
  readonly #store: ArtifactStore;

  constructor(store: ArtifactStore) {
    this.#store = store;
  }

  /**
   * Registers a build under the number after the project's newest, however many others do so at
   * the same time.
   * @throws {ArtifactNotFoundError} when one that it is to contain does not exist
   * @throws {ArtifactCycleError} when one that it is to contain contains itself
   * @throws {BuildNumberContentionError} after 100 tries
   */
  async create(
    projectName: string,
    { value, tags, contains = [] }: NewArtifact,
  ): Promise<Artifact> {
    for (const key of Object.keys(tags ?? {})) assertTagKey(key);
    await readContents(this.#store, contains, `the new build of ${projectName}`);

    const newest = await this.latest(projectName);
    let buildNumber = (newest?.buildNumber ?? 0) + 1;
    for (let tries = 0; tries < CREATE_TRIES_MAX; tries++) {
      const artifact = {
        projectName,
        buildNumber,
        value,
        tags: tags ?? null,
        containedArtifacts: contains,
      };
      if ((await this.#store.create(artifact)) === 'created') return artifact;
      // Nothing was above the newest, so the numbers fill up from there: no need to ask again.
      buildNumber++;
    }
    throw new BuildNumberContentionError(projectName, CREATE_TRIES_MAX);
  }

  /** @throws {ArtifactNotFoundError} */
  async get(ref: ArtifactRef): Promise<Artifact> {
    return (await this.#store.get(ref)) ?? notFound(ref);
  }

  /**
   * The newest artifact that has all these tags; `undefined` when none has. Reads no page older
   * than the one that it is in, and one artifact when no tags are asked for.
   */
  async latest(projectName: string, tags: Tags = {}): Promise<Artifact | undefined> {
    if (Object.keys(tags).length === 0) {
      const { artifacts } = await this.#store.readPage(projectName, { limit: 1 });
      return artifacts[0];
    }
    for await (const page of pagesOf(this.#store, projectName)) {
      const hit = page.find((artifact) => hasTags(artifact, tags));
      if (hit) return hit;
    }
    return undefined;
  }

  /** The newest artifacts of the project, newest first. */
  async list(projectName: string, limit: number): Promise<Artifact[]> {
    const artifacts: Artifact[] = [];
    let olderThan: number | null | undefined;
    while (artifacts.length < limit && olderThan !== null) {
      const page = await this.#store.readPage(projectName, {
        olderThan,
        limit: limit - artifacts.length,
      });
      artifacts.push(...page.artifacts);
      olderThan = page.olderThan;
    }
    return artifacts;
  }

  /** The newest build of a commit, given by its SHA or the beginning of it: see `findBySha`. */
  findBySha(projectName: string, sha: string, options?: ShaSearchOptions): Promise<ShaMatch> {
    return findBySha(this.#store, projectName, sha, options);
  }

  /**
   * The artifact with all that it contains.
   * @throws {ArtifactNotFoundError} when something that it contains does not exist
   * @throws {ArtifactCycleError} when it contains itself, be it through others
   */
  async withContents(artifact: Artifact): Promise<ArtifactTree> {
    const contained = await readContents(
      this.#store,
      artifact.containedArtifacts,
      artifactId(artifact),
    );
    return { artifact, contained };
  }

  /**
   * Sets one tag; returns the artifact as it is then. To repeat it does no harm.
   * @throws {ArtifactNotFoundError}
   */
  async setTag(ref: ArtifactRef, key: string, value: string): Promise<Artifact> {
    assertTagKey(key);
    return (await this.#store.setTag(ref, key, value)) ?? notFound(ref);
  }

  /**
   * Removes one tag, if it is there; returns the artifact as it is then.
   * @throws {ArtifactNotFoundError}
   */
  async removeTag(ref: ArtifactRef, key: string): Promise<Artifact> {
    assertTagKey(key);
    return (await this.#store.removeTag(ref, key)) ?? notFound(ref);
  }

  /**
   * How the artifact's deployment with this configuration to this environment ended; `undefined`
   * when there was none that ended. Asks anew, as another deploy may have ended a moment ago.
   * @throws {ArtifactNotFoundError}
   */
  async outcome(ref: ArtifactRef, env: string, configSha: string): Promise<Outcome | undefined> {
    return outcomeIn(await this.get(ref), env, configSha);
  }

  /**
   * Records how it ended, over any earlier end. To repeat it does no harm.
   * @throws {ArtifactNotFoundError}
   */
  recordOutcome(
    ref: ArtifactRef,
    env: string,
    configSha: string,
    outcome: Outcome,
  ): Promise<Artifact> {
    return this.setTag(ref, deployTag(env, configSha), outcome);
  }
}

function assertTagKey(key: string): void {
  if (key === '') throw new InvalidTagError();
}

function notFound(ref: ArtifactRef): never {
  throw new ArtifactNotFoundError(ref);
}
