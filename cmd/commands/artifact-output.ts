import type { Artifact } from '../../src/artifactdb/artifact.ts';
import type { ArtifactTree } from '../../src/artifactdb/contents.ts';

/** Counts up when a reader of the JSON lines would have to change. */
const JSON_VERSION = 1;

/** What `-j` has always printed: the fields' names, order, nesting and 4 spaces of indentation. */
export function toGoJson(tree: ArtifactTree): string {
  return JSON.stringify(toGoShape(tree), undefined, 4);
}

/** Go writes an empty list that was never made as `null`, and a map in the order of its keys. */
function toGoShape({ artifact, contained }: ArtifactTree): object {
  return {
    ProjectName: artifact.projectName,
    BuildNumber: artifact.buildNumber,
    Value: artifact.value,
    Tags: artifact.tags && Object.fromEntries(sortedTags(artifact)),
    ContainedArtifacts: contained.length === 0 ? null : contained.map(toGoShape),
  };
}

/** `--output json`: one line. */
export function toJsonLine(result: object): string {
  return JSON.stringify({ version: JSON_VERSION, ...result });
}

/** Build number, value and tags with tabs between them. */
export function toListLine(artifact: Artifact): string {
  const tags = sortedTags(artifact).map(([key, value]) => `${key}=${value}`);
  return [artifact.buildNumber, artifact.value, tags.join(' ')].join('\t').trimEnd();
}

function sortedTags({ tags }: Artifact): [string, string][] {
  return Object.entries(tags ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}
