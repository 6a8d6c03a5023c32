import type { Call } from './functions.ts';
import { absent, lookUp } from './look-up.ts';
import { Refusal } from './refusal.ts';
import { int, nameOfKind, NIL, string, type Value } from './value.ts';

/** The number of bytes, items or entries. @throws {Refusal} for what has none */
export function lengthOf(value: Value | undefined, call: Call): number {
  if (value?.kind === 'string') return byteLength(value.is);
  if (value?.kind === 'list') return value.items.length;
  if (value?.kind === 'map' || value?.kind === 'group') return value.entries.size;
  return refuse(`${nameOfKind(value)} has no length`, call, 'Strings, lists and maps have one.');
}

/**
 * `index x 1 "key"` is `x[1]["key"]`. A key that a map does not have is absent: it may be asked for,
 * as an empty string, but not printed.
 * @throws {Refusal}
 */
export function indexInto(of: Value = NIL, keys: readonly Value[], call: Call): Value {
  if (of.kind === 'nil') refuse("index can't look into nil", call, INDEX_HINT);
  return keys.reduce((here, key) => entryOf(here, key, call), of);
}

const INDEX_HINT = 'Name a map and a key, as in {{index .Artifact.Tags "SHA"}}.';

function entryOf(of: Value, key: Value, call: Call): Value {
  const here = of.kind === 'absent' ? of.actsAs : of;
  if (here.kind === 'string') {
    return int(byteAt(here.is, boundOf(key, byteLength(here.is) - 1, call)));
  }
  if (here.kind === 'list') return here.items[boundOf(key, here.items.length - 1, call)] ?? NIL;
  if (here.kind !== 'map' && here.kind !== 'group') {
    return refuse(`index can't look into ${nameOfKind(here)}`, call, INDEX_HINT);
  }
  if (key.kind !== 'string') {
    return refuse(`the key of a map is a string, found ${nameOfKind(key)}`, call, INDEX_HINT);
  }
  const found = here.entries.get(key.is);
  if (found !== undefined) return found;
  const place = { index: call.index, of: call.texts[0] === '.' ? '' : (call.texts[0] ?? '') };
  if (here.kind === 'group') return lookUp(here, [key.is], place);
  return absent(here, [key.is], place, string(''));
}

/**
 * `slice x 1 3` is `x[1:3]`. Strings are counted in bytes, as in Go.
 * @throws {Refusal} also when a character would be cut in two: what is left would be no text
 */
export function sliceOf(of: Value | undefined, bounds: readonly Value[], call: Call): Value {
  if (of?.kind !== 'string' && of?.kind !== 'list') {
    refuse(`slice can't cut ${nameOfKind(of)}`, call, 'It cuts strings and lists.');
  }
  if (of.kind === 'string' && bounds.length > 2) {
    refuse('slice takes two bounds for a string, found 3', call, SLICE_HINT);
  }
  const length = of.kind === 'string' ? byteLength(of.is) : of.items.length;
  const [start = 0, end = length, capacity = end] = bounds.map((bound) =>
    boundOf(bound, length, call),
  );
  if (start > end || end > capacity) {
    refuse(`the bounds of slice are in the wrong order`, call, SLICE_HINT);
  }
  if (of.kind === 'list') return { kind: 'list', items: of.items.slice(start, end) };
  return string(of.is.slice(unitAt(of.is, start, call), unitAt(of.is, end, call)));
}

const SLICE_HINT = 'The first 8 characters of a tag: {{slice .Artifact.Tags.SHA 0 8}}.';

function boundOf(bound: Value, max: number, call: Call): number {
  if (bound.kind !== 'int') {
    refuse(`${call.name} counts with integers, found ${nameOfKind(bound)}`, call, SLICE_HINT);
  }
  if (bound.is < 0n || bound.is > BigInt(max)) {
    const range = max < 0 ? 'there is nothing' : `it goes from 0 to ${max}`;
    throw new Refusal(`${call.name} ${bound.is} is out of range: ${range}`, {
      index: call.index,
      hint: SLICE_HINT,
      dependsOnValues: true,
    });
  }
  return Number(bound.is);
}

/** In UTF-8. Half a surrogate pair, which UTF-8 does not have, counts as the 3 bytes it would take. */
function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

function byteAt(text: string, at: number): number {
  return Buffer.from(text, 'utf8')[at] ?? 0;
}

/** Where the byte at `at` is in the string. */
function unitAt(text: string, at: number, call: Call): number {
  let bytes = 0;
  let unit = 0;
  for (const character of text) {
    if (bytes >= at) break;
    bytes += byteLength(character);
    unit += character.length;
  }
  if (bytes === at) return unit;
  throw new Refusal(`slice ${at} is in the middle of a character`, {
    index: call.index,
    hint: 'Strings are counted in bytes: letters beyond ASCII have several.',
    dependsOnValues: true,
  });
}

function refuse(message: string, { index }: Call, hint: string): never {
  throw new Refusal(message, { index, hint });
}
