import type { Tag } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ApiError } from '../operation.ts';
import { required } from './errors.ts';

const MAX_TAGS = 50;

/** @throws {ApiError} DuplicateTagKeys or TooManyTags. */
export function toTags(tags: readonly Tag[] | undefined): Map<string, string> {
  const result = new Map<string, string>();
  for (const { Key, Value } of tags ?? []) {
    const key = required(Key, 'Tag key');
    if (result.has(key)) {
      throw new ApiError('DuplicateTagKeys', `Tag key '${key}' was provided multiple times`);
    }
    result.set(key, Value ?? '');
  }
  return checkTagCount(result);
}

/** @throws {ApiError} TooManyTags */
export function checkTagCount(tags: Map<string, string>): Map<string, string> {
  if (tags.size <= MAX_TAGS) return tags;
  throw new ApiError('TooManyTags', `A resource can have at most '${MAX_TAGS}' tags`);
}

export function toTagShapes(tags: ReadonlyMap<string, string>): Tag[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}
