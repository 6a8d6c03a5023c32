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
  const read = new Map<string, Promise<Artifact | undefined>>();

  function readOnce(id: string): Promise<Artifact | undefined> {
    const known = read.get(id) ?? store.get(parseArtifactId(id));
    read.set(id, known);
    return known;
  }

  async function tree(id: string, path: readonly string[]): Promise<ArtifactTree> {
    if (path.includes(id)) throw new ArtifactCycleError([...path.slice(path.indexOf(id)), id]);
    const artifact = await readOnce(id);
    if (!artifact) throw new ArtifactNotFoundError(parseArtifactId(id), path.at(-1));
    return { artifact, contained: await trees(artifact.containedArtifacts, [...path, id]) };
  }

  async function trees(ids: readonly string[], path: readonly string[]): Promise<ArtifactTree[]> {
    const names = ids.map((id) => artifactId(parseArtifactId(id))); // "a:07" is "a:7".
    return Promise.all(names.map((id) => tree(id, path)));
  }

  return trees(ids, [parent]);
}
