import type { ImageFailureCode, ImageIdentifier } from '@aws-sdk/client-ecr';
import { invalidParameter, required } from './errors.ts';
import type { Image, Repository } from './state.ts';

const MAX_IMAGE_IDS = 100;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const TAG = /^[\w][\w.-]{0,127}$/;

/** The tags that point to an image, in the order they were put. */
export function tagsOf(repository: Repository, digest: string): string[] {
  return [...repository.tags].filter(([, target]) => target === digest).map(([tag]) => tag);
}

export function isTag(text: string): boolean {
  return TAG.test(text);
}

function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/** @throws {ApiError} InvalidParameterException unless there are 1 to 100. */
export function checkedIds(
  ids: readonly ImageIdentifier[] | undefined,
): readonly ImageIdentifier[] {
  const imageIds = required(ids, 'imageIds');
  if (imageIds.length > 0 && imageIds.length <= MAX_IMAGE_IDS) return imageIds;
  throw invalidParameter(
    `Invalid parameter at 'imageIds' failed to satisfy constraint: 'must have between 1 and ${MAX_IMAGE_IDS} elements'`,
  );
}

/** Why an image could not be found. */
export interface ImageProblem {
  readonly failureCode: ImageFailureCode;
  readonly failureReason: string;
}

/**
 * Finds an image by tag, by digest, or by both, which then must agree. What is wrong is an answer
 * and not an error, as in the Batch… operations.
 */
export function findImage(repository: Repository, imageId: ImageIdentifier): Image | ImageProblem {
  const { imageTag: tag, imageDigest: digest } = imageId;
  if (tag === undefined && digest === undefined) {
    return {
      failureCode: 'MissingDigestAndTag',
      failureReason: 'Invalid request parameters: both tag and digest cannot be null',
    };
  }
  if (digest !== undefined && !isDigest(digest)) {
    return {
      failureCode: 'InvalidImageDigest',
      failureReason:
        "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
    };
  }
  if (tag !== undefined && !isTag(tag)) {
    return {
      failureCode: 'InvalidImageTag',
      failureReason: `Invalid request parameters: image tag '${tag}' is not valid`,
    };
  }
  const tagged = tag === undefined ? digest : repository.tags.get(tag);
  const image = repository.images.get(digest ?? tagged ?? '');
  if (!image || tagged === undefined) {
    return { failureCode: 'ImageNotFound', failureReason: 'Requested image not found' };
  }
  if (tagged !== image.digest) {
    return {
      failureCode: 'ImageTagDoesNotMatchDigest',
      failureReason: `Requested image tag '${tag}' does not match digest '${digest}'`,
    };
  }
  return image;
}
