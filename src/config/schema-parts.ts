import * as z from 'zod/mini';

/** What the schema is put together from. */

type Example = string | number | boolean | object;

/** Adds what editors show. The examples are written into the JSON Schema. */
export function about<T extends z.core.$ZodType>(
  schema: T,
  description: string,
  ...examples: Example[]
) {
  z.globalRegistry.add(schema, examples.length > 0 ? { description, examples } : { description });
  return schema;
}

/** A string that isn't empty or, if a pattern is given, one that matches it. */
export function text(what: string, pattern?: RegExp) {
  const expected = `expected ${what}`;
  const schema = z.string(expected);
  return pattern === undefined
    ? schema.check(z.minLength(1, expected))
    : schema.check(z.regex(pattern, expected));
}

/** Go wrote an absent string as an empty one, so both mean that it is not given. */
export function optionalText(what: string, pattern: RegExp) {
  return z.optional(text(`${what}, or nothing`, new RegExp(`^$|${pattern.source}`, pattern.flags)));
}

/** A whole number of seconds that may be left out. */
export function seconds(min: number, max: number) {
  const expected = `expected a whole number of seconds from ${min} to ${max}`;
  return z.optional(z.int(expected).check(z.gte(min, expected), z.lte(max, expected)));
}
