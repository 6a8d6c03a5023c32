import type { Tag } from '@aws-sdk/client-ecs';
import { clientError, invalidParameter, notImplemented } from './errors.ts';
import type { Tags } from './state.ts';

/** Whether a parameter says nothing: absent, false, or an empty string, list or structure. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}

/**
 * Refuses by name every member of a structure that says something and is not implemented.
 * @param path The structure's own name, e.g. `loadBalancers[0]`.
 * @throws {ApiError} InvalidParameterException
 */
export function refuseOthers<T extends object>(
  path: string,
  structure: T | undefined,
  implemented: readonly (keyof T & string)[],
): void {
  for (const [member, value] of Object.entries(structure ?? {})) {
    if ((implemented as readonly string[]).includes(member) || isEmpty(value)) continue;
    throw notImplemented(path === '' ? member : `${path}.${member}`);
  }
}

/**
 * Checks the items of an `include` list.
 * @returns whether `TAGS` is among them.
 */
export function includesTags(include: readonly string[] | undefined): boolean {
  for (const item of include ?? []) {
    if (item !== 'TAGS') throw notImplemented(`include ${item}`);
  }
  return include?.includes('TAGS') ?? false;
}

/** @returns `value`, a whole number in the range; or undefined when it is absent. */
export function wholeNumber(
  name: string,
  value: number | undefined,
  range: { min: number; max: number },
): number | undefined {
  if (value === undefined) return undefined;
  if (!Number.isInteger(value) || value < range.min || value > range.max) {
    throw invalidParameter(`${name} must be between ${range.min} and ${range.max}.`);
  }
  return value;
}

const MAX_TAGS = 50;

/** @see Tag, Amazon ECS API Reference: at most 50, keys of 1 to 128 and values of 0 to 256 characters. */
export function tagsOf(tags: readonly Tag[] | undefined): Tags {
  const result: Tags = new Map();
  for (const { key, value } of tags ?? []) {
    checkTag(key, value);
    if (result.has(key ?? '')) throw invalidParameter(`Duplicate tag keys found: ${key}.`);
    result.set(key ?? '', value ?? '');
  }
  checkTagCount(result);
  return result;
}

function checkTag(key: string | undefined, value: string | undefined): void {
  if (!key || key.length > 128) {
    throw invalidParameter('Tag keys must be between 1 and 128 characters long.');
  }
  if (key.toLowerCase().startsWith('aws:')) {
    throw invalidParameter('Tag keys must not start with the reserved prefix aws:.');
  }
  if ((value ?? '').length > 256) {
    throw invalidParameter('Tag values must be at most 256 characters long.');
  }
}

export function checkTagCount(tags: Tags): void {
  if (tags.size > MAX_TAGS) throw clientError(`At most ${MAX_TAGS} tags are allowed.`);
}

/** Tags as the SDK's types hold them. */
export function tagShapes(tags: Tags): Tag[] {
  return Array.from(tags, ([key, value]) => ({ key, value }));
}
