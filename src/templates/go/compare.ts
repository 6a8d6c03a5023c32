import type { Call } from './functions.ts';
import { Refusal } from './refusal.ts';
import { compareStrings, nameOfKind, type Value } from './value.ts';

/**
 * Whether the first value equals one of the others.
 * @throws {Refusal} for values of different kinds; nil can be compared with anything
 */
export function isEqual([first, ...others]: readonly Value[], call: Call): boolean {
  return others.some((other) => first !== undefined && areEqual(first, other, call));
}

function areEqual(a: Value, b: Value, call: Call): boolean {
  if (a.kind === 'nil' || b.kind === 'nil') return a.kind === b.kind;
  // Lists, maps and groups have no `is`: Go can't compare them either.
  if (a.kind === b.kind && 'is' in a && 'is' in b) return a.is === b.is;
  return refuse(a, b, call);
}

/**
 * Below 0 when the first value is the lesser one, above 0 when the second is.
 * @throws {Refusal} unless both are integers, decimal numbers or strings
 */
export function compare([a, b]: readonly Value[], call: Call): number {
  if (a?.kind === 'string' && b?.kind === 'string') return compareStrings(a.is, b.is);
  if (a?.kind === 'int' && b?.kind === 'int') return a.is < b.is ? -1 : Number(a.is > b.is);
  if (a?.kind === 'float' && b?.kind === 'float') return a.is < b.is ? -1 : Number(a.is > b.is);
  return refuse(a, b, call);
}

function refuse(a: Value | undefined, b: Value | undefined, { name, index }: Call): never {
  throw new Refusal(`${name} can't compare ${nameOfKind(a)} with ${nameOfKind(b)}`, {
    index,
    hint: 'Compare values of one kind: a tag is a string, a build number an integer, 1.0 a decimal number.',
  });
}
