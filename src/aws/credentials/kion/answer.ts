/** Reading of what a Kion server has answered. It may be anything; none of this throws. */

/** The value at a path of keys; undefined when there is none. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[key];
  }
  return here;
}

/** A text that can stand in an HTTP header; undefined for anything else. */
export function tokenAt(value: unknown, ...path: readonly string[]): string | undefined {
  const text = at(value, ...path);
  return typeof text === 'string' && /^[\x21-\x7e]+$/.test(text) ? text : undefined;
}

/** An id, which may be written as a number or as a text of digits. */
export function idAt(value: unknown, ...path: readonly string[]): string | undefined {
  const id = at(value, ...path);
  const text = typeof id === 'number' ? String(id) : id;
  return typeof text === 'string' && /^\d{1,20}$/.test(text) ? text : undefined;
}

/** A list; an absent one is empty, because Go writes an empty list as null. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] | undefined {
  const list = at(value, ...path) ?? [];
  return Array.isArray(list) ? list : undefined;
}
