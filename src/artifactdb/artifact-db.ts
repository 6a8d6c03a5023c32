import {
  type Artifact,
  type ArtifactRef,
  artifactId,
  deployTag,
  hasTags,
  type Outcome,
  outcomeIn,
  tagOf,
  type Tags,
  withoutTag,
  withTags,
} from './artifact.ts';
import { type ArtifactTree, assertContainable, readContents } from './contents.ts';
import {
  ArtifactNotFoundError,
  BuildNumberContentionError,
  BuildNumbersUsedUpError,
  InvalidTagError,
} from './errors.ts';
import { findBySha, type ShaMatch, type ShaSearchOptions } from './find-by-sha.ts';
import { pagesOf } from './pages.ts';
import type { ArtifactBefore, ArtifactStore } from './store.ts';
import type { TagChange } from './tag-change.ts';

/** What a new artifact is made of. */
export interface NewArtifact {
  readonly value: string;
  readonly tags?: Tags | null;
  /** The builds inside it, each as `project:build`. */
  readonly contains?: readonly string[];
}

/** Each try loses to another build that was registered meanwhile; so many at once don't happen. */
const CREATE_TRIES_MAX = 1_000;
/** Taken numbers are counted through, as that is one request each; who falls behind asks anew. */
const TRIES_UNTIL_ASKED_ANEW = 10;

export interface ArtifactDbOptions {
  /**
   * Told of each change of a tag after it was made, but not of outcomes: a deploy has a history of
   * its own. Must not reject, for nothing can be taken back by then.
   */
  readonly onTagChanged?: (change: TagChange) => Promise<void>;
}

/** The builds of all projects: what they made, what they are tagged, what they contain. */
export class ArtifactDb {
  readonly #store: ArtifactStore;
  readonly #onTagChanged: ArtifactDbOptions['onTagChanged'];

  constructor(store: ArtifactStore, { onTagChanged }: ArtifactDbOptions = {}) {
    this.#store = store;
    this.#onTagChanged = onTagChanged;
  }

  /**
   * Registers a build under the number after the project's newest, however many others do so at
   * the same time.
   * @throws {ArtifactNotFoundError} when one that it is to contain does not exist
   * @throws {ArtifactCycleError} when one that it is to contain contains itself
   * @throws {BuildNumberContentionError} after 1,000 tries
   * @throws {BuildNumbersUsedUpError} after number 2^53 - 1
   */
  async create(
    projectName: string,
    { value, tags, contains = [] }: NewArtifact,
  ): Promise<Artifact> {
    for (const key of Object.keys(tags ?? {})) assertTagKey(key);
    await assertContainable(this.#store, contains, `the new build of ${projectName}`);

    let buildNumber = 0;
    for (let tries = 0; tries < CREATE_TRIES_MAX; tries++) {
      if (tries % TRIES_UNTIL_ASKED_ANEW === 0) {
        buildNumber = (await this.latest(projectName))?.buildNumber ?? 0;
      }
      buildNumber++; // Nothing was above the newest, so the numbers fill up from there, one by one.
      if (!Number.isSafeInteger(buildNumber)) {
        throw new BuildNumbersUsedUpError(projectName, buildNumber - 1);
      }
      const artifact = {
        projectName,
        buildNumber,
        value,
        tags: tags ?? null,
        containedArtifacts: contains,
      };
      if ((await this.#store.create(artifact)) === 'created') return artifact;
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
    const { before, after } = await this.#setTags(ref, { [key]: value });
    await this.#tellChange(before, after, key);
    return after;
  }

  /**
   * Removes one tag, if it is there; returns the artifact as it is then.
   * @throws {ArtifactNotFoundError}
   */
  async removeTag(ref: ArtifactRef, key: string): Promise<Artifact> {
    assertTagKey(key);
    const before = (await this.#store.removeTag(ref, key)) ?? notFound(ref);
    const after = withoutTag(before, key);
    await this.#tellChange(before, after, key);
    return after;
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
   * Records how it ended, over any earlier end. To repeat it does no harm. One request.
   * @param identities what the configuration is called, in each way that a gate may ask for
   * @throws {ArtifactNotFoundError}
   */
  async recordOutcome(
    ref: ArtifactRef,
    env: string,
    identities: readonly string[],
    outcome: Outcome,
  ): Promise<Artifact> {
    const tags = identities.map((identity) => [deployTag(env, identity), outcome] as const);
    return (await this.#setTags(ref, Object.fromEntries(tags))).after;
  }

  async #setTags(ref: ArtifactRef, tags: Tags) {
    for (const key of Object.keys(tags)) assertTagKey(key);
    const before = (await this.#store.setTags(ref, tags)) ?? notFound(ref);
    return { before, after: withTags(before, tags) };
  }

  /** What was so before is no change, unless it is only this change that made it so. */
  async #tellChange(before: ArtifactBefore, after: Artifact, key: string) {
    if (!this.#onTagChanged) return;
    const [was, is] = [tagOf(before, key) ?? null, tagOf(after, key) ?? null];
    if (was === is && !before.mayShowChange) return;
    const { projectName, buildNumber } = after;
    await this.#onTagChanged({
      ref: { projectName, buildNumber },
      key,
      before: was === is ? undefined : was,
      after: is,
    });
  }
}

function assertTagKey(key: string): void {
  if (key === '') throw new InvalidTagError();
}

function notFound(ref: ArtifactRef): never {
  throw new ArtifactNotFoundError(ref);
}
