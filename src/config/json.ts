/** Any JSON value that the core passes around without looking into it. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object whose keys are data. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Where something stands in a text. Both count from 1; a column is a UTF-16 code unit. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A value as it stands in a file: every key as written, repeated ones too, and where it stands. */
export type SourceNode =
  | { readonly kind: 'object'; readonly at: Position; readonly members: readonly SourceMember[] }
  | { readonly kind: 'array'; readonly at: Position; readonly items: readonly SourceNode[] }
  | {
      readonly kind: 'scalar';
      readonly at: Position;
      readonly value: string | number | boolean | null;
    };

/** One `"key": value` of an object. `at` is the key's place. */
export interface SourceMember {
  readonly key: string;
  readonly at: Position;
  readonly value: SourceNode;
}

/** The plain value of a node, keys verbatim. Of keys given twice the last one counts. */
export function plain(node: SourceNode): Json {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'array') return node.items.map(plain);
  return Object.fromEntries(node.members.map(({ key, value }) => [key, plain(value)]));
}
