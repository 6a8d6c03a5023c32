import { invalidParameter } from './errors.ts';

/**
 * Reads a filter of images by whether they have a tag. Every image here is active; a filter by
 * another status is refused by name.
 * @throws {ApiError} InvalidParameterException
 */
export function toTagStatus(
  filter: { tagStatus?: string | undefined; imageStatus?: string | undefined } | undefined,
): (isTagged: boolean) => boolean {
  const { tagStatus = 'ANY', imageStatus = 'ACTIVE' } = filter ?? {};
  if (imageStatus !== 'ACTIVE' && imageStatus !== 'ANY') {
    throw invalidParameter(`filter.imageStatus=${imageStatus} is not implemented by the sandbox`);
  }
  if (tagStatus === 'ANY') return () => true;
  if (tagStatus === 'TAGGED') return (isTagged) => isTagged;
  if (tagStatus === 'UNTAGGED') return (isTagged) => !isTagged;
  throw invalidParameter(
    "Invalid parameter at 'filter.tagStatus' failed to satisfy constraint: 'must be one of TAGGED, UNTAGGED, ANY'",
  );
}
