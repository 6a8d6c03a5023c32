import { type Artifact, SHA_TAG, tagOf } from './artifact.ts';
import { editDistance } from '../edit-distance.ts';
import { pagesOf } from './pages.ts';
import type { ArtifactStore } from './store.ts';

/** What a search for a commit came to. */
export type ShaMatch =
  | {
      readonly kind: 'found';
      /** The newest build of that commit. */
      readonly artifact: Artifact;
      /** `'prefix'`: the tag and the SHA asked for are of different lengths, but the same commit. */
      readonly matched: 'exact' | 'prefix';
    }
  | {
      readonly kind: 'none';
      /** What may have been meant, newest first; when nothing comes close, the newest builds. */
      readonly nearMisses: readonly Artifact[];
      readonly buildsRead: number;
      /** False when the search gave up before it had read the oldest builds. */
      readonly isWholeProject: boolean;
    }
  /** Several commits begin alike. Has the newest build of each, newest first. */
  | { readonly kind: 'ambiguous'; readonly candidates: readonly Artifact[] };

export interface ShaSearchOptions {
  /** The search gives up after the page that reaches this number of builds. */
  readonly buildsMax?: number;
}

/** About 200 days of a build every quarter of an hour, and at 300 bytes each 6 MB in 8 requests. */
const BUILDS_MAX = 20_000;
/** Whatever the search finds out about prefixes, it finds out from so many builds, if there are. */
const PREFIX_WINDOW = 1_000;
const PREFIX_LENGTH_MIN = 7; // Git's own shortest abbreviation.
const NEAR_MISSES_MAX = 5;
const NEAR_DISTANCE_MAX = 2;
const NEAR_PREFIX_LENGTH = 4;

/**
 * Finds the newest artifact whose SHA tag names this commit, in one pass from the newest build on.
 *
 * An equal tag is taken at once, and nothing older than its page is read. A tag that begins with
 * the SHA, or the other way round (7 characters at least), is taken when the newest 1,000 builds
 * have no equal one and no other commit that begins alike; a first such tag further back is
 * decided at the end of its page. Gives up after 20,000 builds.
 */
export async function findBySha(
  store: ArtifactStore,
  projectName: string,
  sha: string,
  { buildsMax = BUILDS_MAX }: ShaSearchOptions = {},
): Promise<ShaMatch> {
  const newest: Artifact[] = [];
  const newestByPrefixTag = new Map<string, Artifact>();
  let buildsRead = 0;
  let isWholeProject = true;

  for await (const page of pagesOf(store, projectName)) {
    const exact = page.find((artifact) => tagOf(artifact, SHA_TAG) === sha);
    if (exact) return { kind: 'found', artifact: exact, matched: 'exact' };

    for (const artifact of page) {
      const tag = tagOf(artifact, SHA_TAG)?.toLowerCase() ?? '';
      if (isSameCommit(tag, sha) && !newestByPrefixTag.has(tag)) {
        newestByPrefixTag.set(tag, artifact);
      }
    }
    newest.push(...page.slice(0, PREFIX_WINDOW - newest.length));
    buildsRead += page.length;
    if (newestByPrefixTag.size > 0 && buildsRead >= PREFIX_WINDOW) break;
    if (buildsRead >= buildsMax) {
      isWholeProject = false;
      break;
    }
  }
  return (
    decidePrefix(newestByPrefixTag) ?? {
      kind: 'none',
      nearMisses: nearMisses(newest, sha),
      buildsRead,
      isWholeProject,
    }
  );
}

/** Whether one is an abbreviation of the other. Only of hexadecimal ones: a tag may be anything. */
function isSameCommit(tag: string, sha: string): boolean {
  const asked = sha.toLowerCase();
  const [short, long] = tag.length < asked.length ? [tag, asked] : [asked, tag];
  return short.length >= PREFIX_LENGTH_MIN && long.startsWith(short) && /^[0-9a-f]+$/.test(long);
}

/** Tags that abbreviate one another name one commit. Any two that don't are two commits. */
function decidePrefix(newestByTag: ReadonlyMap<string, Artifact>): ShaMatch | undefined {
  const [artifact] = newestByTag.values(); // The first that was seen is the newest.
  if (!artifact) return undefined;

  const tags = [...newestByTag.keys()];
  const longest = tags.reduce((a, b) => (b.length > a.length ? b : a));
  return tags.every((tag) => longest.startsWith(tag))
    ? { kind: 'found', artifact, matched: 'prefix' }
    : { kind: 'ambiguous', candidates: [...newestByTag.values()] };
}

function nearMisses(newest: readonly Artifact[], sha: string): Artifact[] {
  const near = newest.filter((artifact) => isNear(tagOf(artifact, SHA_TAG) ?? '', sha));
  return (near.length > 0 ? near : newest).slice(0, NEAR_MISSES_MAX);
}

/** Begins alike, or differs by a slip of the fingers; of different lengths, the beginnings count. */
function isNear(tag: string, sha: string): boolean {
  const length = Math.min(tag.length, sha.length);
  if (length < NEAR_PREFIX_LENGTH) return false;
  const [a, b] = [tag.slice(0, length).toLowerCase(), sha.slice(0, length).toLowerCase()];
  return (
    a.slice(0, NEAR_PREFIX_LENGTH) === b.slice(0, NEAR_PREFIX_LENGTH) ||
    (length >= PREFIX_LENGTH_MIN && editDistance(a, b) <= NEAR_DISTANCE_MAX)
  );
}
