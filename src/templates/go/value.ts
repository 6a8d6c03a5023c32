import type { Refusal } from './refusal.ts';

/** What a Go template computes with. JavaScript's objects never reach an expression. */
export type Value =
  | { readonly kind: 'nil' }
  | { readonly kind: 'bool'; readonly is: boolean }
  /** 64 bits, as Go's int. */
  | { readonly kind: 'int'; readonly is: bigint }
  | { readonly kind: 'float'; readonly is: number }
  | { readonly kind: 'string'; readonly is: string }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | MapValue
  | GroupValue
  | AbsentValue;

/** Names that are data: one that is not there may be asked for, but not printed. */
export interface MapValue {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Value>;
}

/** Names that are known beforehand: any other one is a mistake. */
export interface GroupValue {
  readonly kind: 'group';
  readonly entries: ReadonlyMap<string, Value>;
  /** Names that are right, but have no value here, and what to say when one is printed. */
  readonly later: ReadonlyMap<string, { readonly what: string; readonly hint: string }>;
}

/**
 * What a name stands for that is not there. Go would print `<no value>`; here it may be asked for,
 * as in `if` and `eq`, where it acts as it does in Go, and printing it is refused.
 */
export interface AbsentValue {
  readonly kind: 'absent';
  readonly actsAs: Value;
  readonly refusal: Refusal;
}

export const NIL: Value = { kind: 'nil' };

export const bool = (is: boolean): Value => ({ kind: 'bool', is });
export const int = (is: bigint | number): Value => ({ kind: 'int', is: BigInt(is) });
export const string = (is: string): Value => ({ kind: 'string', is });

/** Go's truth: everything but false, 0, "", nil, an empty list and an empty map. */
export function isTrue(value: Value): boolean {
  switch (value.kind) {
    case 'nil':
    case 'absent':
      return false;
    case 'bool':
      return value.is;
    case 'int':
      return value.is !== 0n;
    case 'float':
      return value.is !== 0;
    case 'string':
      return value.is !== '';
    case 'list':
      return value.items.length > 0;
    case 'map':
      return value.entries.size > 0;
    case 'group':
  }
  return true;
}

/** The entries of a map in the order in which Go goes through them: by the bytes of their keys. */
export function sortedEntries(map: MapValue | GroupValue): [string, Value][] {
  return [...map.entries].sort(([a], [b]) => compareStrings(a, b));
}

/** Compares as Go does, byte by byte in UTF-8, which is the order of code points. */
export function compareStrings(a: string, b: string): number {
  for (let index = 0; index < a.length && index < b.length; index++) {
    if (a.charCodeAt(index) === b.charCodeAt(index)) continue;
    // At the second half of a pair, the first halves are equal, and so decides the second.
    return (a.codePointAt(index) ?? 0) - (b.codePointAt(index) ?? 0);
  }
  return a.length - b.length;
}

const KIND_NAMES: Readonly<Record<Exclude<Value['kind'], 'absent'>, string>> = {
  nil: 'nil',
  bool: 'a boolean',
  int: 'an integer',
  float: 'a decimal number',
  string: 'a string',
  list: 'a list',
  map: 'a map',
  group: 'a group of values',
};

/** `a string`, for messages. */
export function nameOfKind(value: Value | undefined): string {
  if (value === undefined) return 'nothing';
  return value.kind === 'absent' ? nameOfKind(value.actsAs) : KIND_NAMES[value.kind];
}
