import { suggest } from '../../config/suggest.ts';
import { Refusal } from './refusal.ts';
import { type AbsentValue, NIL, nameOfKind, type Value } from './value.ts';

/** Where a name is looked up, for messages. */
export interface Place {
  readonly index: number;
  /** What the names are looked up in, as it stands in the template; empty for the dot. */
  readonly of: string;
}

/**
 * The value of `start.name.name`. A name that is not there is absent in a map, where names are data,
 * and a mistake everywhere else.
 * @throws {Refusal}
 */
export function lookUp(start: Value, names: readonly string[], place: Place): Value {
  let here = start;
  for (const [position, name] of names.entries()) {
    if (here.kind === 'absent') throw here.refusal;
    const wanted = names.slice(0, position + 1);
    const found = here.kind === 'map' || here.kind === 'group' ? here.entries.get(name) : undefined;
    if (found === undefined && here.kind === 'map') here = absent(start, wanted, place, NIL);
    else here = found ?? laterOf(here, name, wanted, place) ?? refuseName(start, wanted, place);
  }
  return here;
}

/** What an unknown name of a map stands for. It may be asked for; printing it is refused. */
export function absent(
  start: Value,
  wanted: readonly string[],
  place: Place,
  actsAs: Value,
): AbsentValue {
  const { message, index, hint } = unknownName(start, wanted, place);
  const refusal = new Refusal(message, { index, hint, dependsOnValues: true });
  return { kind: 'absent', actsAs, refusal };
}

function laterOf(
  here: Value,
  name: string,
  wanted: readonly string[],
  place: Place,
): AbsentValue | undefined {
  const later = here.kind === 'group' ? here.later.get(name) : undefined;
  if (later === undefined) return undefined;
  const refusal = new Refusal(`{{${textOf(place.of, wanted)}}} ${later.what}`, {
    index: place.index,
    hint: later.hint,
  });
  return { kind: 'absent', actsAs: NIL, refusal };
}

function refuseName(start: Value, wanted: readonly string[], place: Place): never {
  throw unknownName(start, wanted, place);
}

function unknownName(start: Value, wanted: readonly string[], place: Place): Refusal {
  const existing = namesOf(start).map((names) => textOf(place.of, names));
  const written = textOf(place.of, wanted);
  const what = `{{${written}}} names a value that is not there.`;
  if (existing.length === 0) {
    return new Refusal(`${what} It is looked up in ${nameOfKind(start)}, which has no names.`, {
      index: place.index,
      hint: 'Inside of {{with}} and {{range}} the outermost values are found under $, as in {{$.Region}}.',
    });
  }
  const last = wanted.at(-1)?.toLowerCase() ?? '';
  const meant =
    suggest(written, existing) ?? existing.find((name) => name.toLowerCase().endsWith(`.${last}`));
  return new Refusal(`${what} There are: ${existing.join(', ')}.`, {
    index: place.index,
    hint:
      meant === undefined
        ? 'Name one of these values; names are case-sensitive.'
        : `Did you mean {{${meant}}}?`,
  });
}

/** The paths to everything that can be printed. */
function namesOf(value: Value): string[][] {
  if (value.kind !== 'map' && value.kind !== 'group') return [];
  return [...value.entries].flatMap(([name, inner]) => {
    if (inner.kind !== 'map' && inner.kind !== 'group') return [[name]];
    return namesOf(inner).map((names) => [name, ...names]);
  });
}

/** The expression that names it. */
function textOf(of: string, names: readonly string[]): string {
  return (
    of + names.map((name) => (/^[\p{L}\p{Nd}_]+$/u.test(name) ? `.${name}` : `.[${name}]`)).join('')
  );
}
