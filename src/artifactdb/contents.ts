import { type Artifact, artifactId, parseArtifactId } from './artifact.ts';
import { ArtifactCycleError, ArtifactNotFoundError } from './errors.ts';
import type { ArtifactStore } from './store.ts';

/** An artifact with all that it contains, down to the last. */
export interface ArtifactTree {
  readonly artifact: Artifact;
  readonly contained: readonly ArtifactTree[];
}

/**
 * Reads what these artifacts contain, each artifact once however often it occurs.
 * @param ids `project:build` each
 * @param parent what is to be named as their container in an error
 * @throws {ArtifactNotFoundError} when one does not exist
 * @throws {ArtifactCycleError} when one contains itself, be it through others
 * @throws {InvalidArtifactIdError}
 */
export async function readContents(
  store: ArtifactStore,
  ids: readonly string[],
  parent: string,
): Promise<ArtifactTree[]> {
  const readOnce = onceEach(store);

  async function tree(id: string, path: readonly string[]): Promise<ArtifactTree> {
    assertNoCycle(id, path);
    const artifact = await readOnce(id);
    if (!artifact) throw new ArtifactNotFoundError(parseArtifactId(id), path.at(-1));
    return { artifact, contained: await trees(artifact.containedArtifacts, [...path, id]) };
  }

  async function trees(ids: readonly string[], path: readonly string[]): Promise<ArtifactTree[]> {
    return Promise.all(ids.map(idAsStored).map((id) => tree(id, path)));
  }

  return trees(ids, [parent]);
}

/**
 * Checks that a new artifact may contain these. What they contain themselves may be gone, as builds
 * of long ago are deleted.
 * @param parent what is to be named as their container in an error
 * @throws {ArtifactNotFoundError} when one of them does not exist
 * @throws {ArtifactCycleError} when one contains itself, be it through others
 * @throws {InvalidArtifactIdError}
 */
export async function assertContainable(
  store: ArtifactStore,
  ids: readonly string[],
  parent: string,
): Promise<void> {
  const readOnce = onceEach(store);
  const withoutCycle = new Set<string>();

  async function assertIsTree(id: string, path: readonly string[]): Promise<void> {
    assertNoCycle(id, path);
    if (withoutCycle.has(id)) return;
    const contained = (await readOnce(id))?.containedArtifacts ?? [];
    for (const inner of contained.map(idAsStored)) await assertIsTree(inner, [...path, id]);
    withoutCycle.add(id);
  }

  const names = ids.map(idAsStored);
  const artifacts = await Promise.all(names.map(readOnce));
  const missing = names.find((_, index) => artifacts[index] === undefined);
  if (missing !== undefined) throw new ArtifactNotFoundError(parseArtifactId(missing), parent);
  for (const id of names) await assertIsTree(id, [parent]);
}

function onceEach(store: ArtifactStore): (id: string) => Promise<Artifact | undefined> {
  const read = new Map<string, Promise<Artifact | undefined>>();
  return (id) => {
    const known = read.get(id) ?? store.get(parseArtifactId(id));
    read.set(id, known);
    return known;
  };
}

/** "a:07" is "a:7". */
function idAsStored(id: string): string {
  return artifactId(parseArtifactId(id));
}

function assertNoCycle(id: string, path: readonly string[]): void {
  if (path.includes(id)) throw new ArtifactCycleError([...path.slice(path.indexOf(id)), id]);
}
