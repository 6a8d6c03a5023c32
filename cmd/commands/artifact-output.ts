import type { Artifact } from '../../src/artifactdb/artifact.ts';
import type { ArtifactTree } from '../../src/artifactdb/contents.ts';
import { printableLine } from '../../src/report/printable.ts';

/** Counts up when a reader of the JSON lines would have to change. */
const JSON_VERSION = 1;
const INDENT = '    ';

/** What `-j` has always printed: the fields' names, order, nesting and 4 spaces of indentation. */
export function toGoJson({ artifact, contained }: ArtifactTree, indent = ''): string {
  const inner = indent + INDENT;
  const tags = sortedTags(artifact).map(([key, value]) => `${goString(key)}: ${goString(value)}`);
  // What Go never made, be it a list or a map, is null; a map that is empty is {}.
  const trees = contained.map((tree) => toGoJson(tree, inner + INDENT));
  const fields = [
    `"ProjectName": ${goString(artifact.projectName)}`,
    `"BuildNumber": ${artifact.buildNumber}`,
    `"Value": ${goString(artifact.value)}`,
    `"Tags": ${artifact.tags === null ? 'null' : block('{}', tags, inner)}`,
    `"ContainedArtifacts": ${trees.length === 0 ? 'null' : block('[]', trees, inner)}`,
  ];
  return block('{}', fields, indent);
}

/** Written by hand: an object of JavaScript puts keys that look like numbers first. */
function block(brackets: '{}' | '[]', items: readonly string[], indent: string): string {
  if (items.length === 0) return brackets;
  const lines = items.map((item) => `${indent}${INDENT}${item}`).join(',\n');
  return `${brackets[0]}\n${lines}\n${indent}${brackets[1]}`;
}

/** Go escapes what HTML or JavaScript might read, and knows no short form of two controls. */
function goString(text: string): string {
  return JSON.stringify(text)
    .replace(/\\[\s\S]/g, (escape) => GO_ESCAPES[escape] ?? escape)
    .replace(/[<>&\u2028\u2029]/g, asUnicodeEscape);
}

const GO_ESCAPES: Readonly<Record<string, string>> = { '\\b': '\\u0008', '\\f': '\\u000c' };

function asUnicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** `--output json`: one line. */
export function toJsonLine(result: object): string {
  return JSON.stringify({ schemaVersion: JSON_VERSION, ...result });
}

/** Build number, value and tags with tabs between them, for people: on one line, without controls. */
export function toListLine(artifact: Artifact): string {
  const tags = sortedTags(artifact).map(([key, value]) => printableLine(`${key}=${value}`));
  const value = printableLine(artifact.value);
  return [artifact.buildNumber, value, tags.join(' ')].join('\t').trimEnd();
}

/** In the order of their bytes, as Go has them. */
function sortedTags({ tags }: Artifact): [string, string][] {
  return Object.entries(tags ?? {}).sort(([a], [b]) =>
    Buffer.compare(Buffer.from(a), Buffer.from(b)),
  );
}
