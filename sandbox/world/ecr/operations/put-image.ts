import type { PutImageRequest, PutImageResponse } from '@aws-sdk/client-ecr';
import { ApiError } from '../../operation.ts';
import type { Operation } from '../../operation.ts';
import type { World } from '../../world.ts';
import { invalidParameter, repositoryBy, required } from '../errors.ts';
import { isTag } from '../images.ts';
import { digestOf, readManifest } from '../manifest.ts';
import type { Manifest } from '../manifest.ts';
import type { Image, Repository } from '../state.ts';

/**
 * Stores a manifest under the digest of its bytes and moves a tag to it. Pushing one that is there
 * already under that tag is an error, which clients take for success. Layers are not stored, so
 * that none is ever missing.
 * @see PutImage, Amazon ECR API Reference
 * @see Retagging an image, Amazon ECR User Guide
 */
export const putImage: Operation<PutImageRequest, PutImageResponse> = {
  name: 'PutImage',
  accepts: [
    'registryId',
    'repositoryName',
    'imageManifest',
    'imageManifestMediaType',
    'imageTag',
    'imageDigest',
  ],
  handle(input, call) {
    const repository = repositoryBy(call, input);
    const { imageTag: tag } = input;
    if (tag !== undefined && !isTag(tag)) {
      throw invalidParameter(
        "Invalid parameter at 'imageTag' failed to satisfy constraint: 'must be a valid image tag'",
      );
    }
    const image = readImage(call.world, repository, input);
    checkTag(repository, image.digest, tag);
    // The image keeps the time of its first push: a retag is no push.
    if (!repository.images.has(image.digest)) repository.images.set(image.digest, image);
    if (tag !== undefined) repository.tags.set(tag, image.digest);
    return {
      image: {
        registryId: repository.registryId,
        repositoryName: repository.name,
        imageId: { imageDigest: image.digest, imageTag: tag },
        imageManifest: image.manifest,
        imageManifestMediaType: image.mediaType,
      },
    };
  },
};

function readImage(world: World, repository: Repository, input: PutImageRequest): Image {
  const text = required(input.imageManifest, 'imageManifest');
  const manifest = readManifest(text);
  if (!manifest) {
    throw invalidParameter(
      "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'",
    );
  }
  const digest = digestOf(text);
  if (input.imageDigest !== undefined && input.imageDigest !== digest) {
    throw new ApiError(
      'ImageDigestDoesNotMatchException',
      `The specified image digest '${input.imageDigest}' does not match the digest '${digest}' of the image manifest`,
    );
  }
  checkChildren(repository, manifest);
  return {
    digest,
    manifest: text,
    mediaType: mediaTypeOf(manifest, input.imageManifestMediaType),
    artifactMediaType: manifest.artifactMediaType,
    sizeInBytes: manifest.sizeInBytes,
    pushedAt: world.now(),
  };
}

function mediaTypeOf(manifest: Manifest, given: string | undefined): string {
  const mediaType = manifest.mediaType ?? given;
  if (mediaType === undefined || (given !== undefined && given !== mediaType)) {
    throw invalidParameter(
      "Invalid parameter at 'ImageManifestMediaType' failed to satisfy constraint: 'must be the media type of the image manifest'",
    );
  }
  return mediaType;
}

function checkChildren(repository: Repository, manifest: Manifest): void {
  const missing = (manifest.children ?? [])
    .map((child) => child.digest)
    .filter((digest) => !repository.images.has(digest));
  if (missing.length === 0) return;
  throw new ApiError(
    'ReferencedImagesNotFoundException',
    `Images with digests '[${missing.join(', ')}]' required for pushing image into repository with name '${repository.name}' in the registry with id '${repository.registryId}' do not exist`,
  );
}

function checkTag(repository: Repository, digest: string, tag: string | undefined): void {
  const { name, registryId } = repository;
  const tagged = tag === undefined ? undefined : repository.tags.get(tag);
  const isThere = tag === undefined ? repository.images.has(digest) : tagged === digest;
  if (isThere) {
    throw new ApiError(
      'ImageAlreadyExistsException',
      `Image with digest '${digest}' and tag '${tag ?? null}' already exists in the repository with name '${name}' in registry with id '${registryId}'`,
    );
  }
  if (tagged !== undefined && repository.mutability === 'IMMUTABLE') {
    throw new ApiError(
      'ImageTagAlreadyExistsException',
      `The image tag '${tag}' already exists in the '${name}' repository and cannot be overwritten because the repository is immutable.`,
    );
  }
}
