import type { Filter } from '@aws-sdk/client-ec2';
import { ApiError } from '../operation.ts';

/**
 * What is asked for: the things of these ids, all unless given, that pass every filter. A filter
 * names ids that are not there without an error; the list of ids does not.
 * @param fields The filters that there are, and what each compares.
 * @throws {ApiError} `missing` for ids that name nothing; InvalidParameterValue for an unknown filter.
 */
export function chosen<T>(
  things: ReadonlyMap<string, T>,
  input: {
    readonly ids: readonly string[] | undefined;
    readonly filters: readonly Filter[] | undefined;
  },
  fields: Readonly<Record<string, (thing: T) => string>>,
  missing: (ids: readonly string[]) => ApiError,
): T[] {
  const ids = input.ids ?? [];
  const unknown = ids.filter((id) => !things.has(id));
  if (unknown.length > 0) throw missing(unknown);
  const named = ids.length === 0 ? [...things.keys()] : ids;
  const passes = (input.filters ?? []).map((filter) => test(filter, fields));
  return [...things].flatMap(([id, thing]) =>
    named.includes(id) && passes.every((pass) => pass(thing)) ? [thing] : [],
  );
}

function test<T>(
  { Name, Values = [] }: Filter,
  fields: Readonly<Record<string, (thing: T) => string>>,
): (thing: T) => boolean {
  const field = Object.hasOwn(fields, Name ?? '') ? fields[Name ?? ''] : undefined;
  if (!field) {
    throw new ApiError(
      'InvalidParameterValue',
      `The filter '${Name ?? ''}' is invalid, or not implemented by the sandbox`,
    );
  }
  const pattern = Values.find((value) => /[*?]/.test(value));
  if (pattern !== undefined) {
    throw new ApiError(
      'InvalidParameterValue',
      `The sandbox does not implement wildcards in filters: ${pattern}`,
    );
  }
  return (thing) => Values.includes(field(thing));
}
