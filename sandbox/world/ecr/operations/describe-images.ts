import type {
  DescribeImagesRequest,
  DescribeImagesResponse,
  ImageDetail,
} from '@aws-sdk/client-ecr';
import { ApiError } from '../../operation.ts';
import type { Operation } from '../../operation.ts';
import { repositoryBy } from '../errors.ts';
import { toTagStatus } from '../filters.ts';
import { findImage, tagsOf } from '../images.ts';
import { page } from '../paging.ts';
import type { Image, Repository } from '../state.ts';

/**
 * Shows images without their manifests, in the order of their first push, which AWS does not
 * promise. Unlike BatchGetImage it throws when any of the given images is missing.
 * @see DescribeImages, Amazon ECR API Reference
 */
export const describeImages: Operation<DescribeImagesRequest, DescribeImagesResponse> = {
  name: 'DescribeImages',
  accepts: ['registryId', 'repositoryName', 'imageIds', 'nextToken', 'maxResults', 'filter'],
  handle(input, call) {
    const repository = repositoryBy(call, input);
    const accepts = toTagStatus(input.filter);
    if (input.imageIds?.length) {
      const named = new Set(input.imageIds.map((imageId) => imageOrThrow(repository, imageId)));
      return { imageDetails: [...named].map((image) => toDetail(repository, image)) };
    }
    const all = [...repository.images.values()].filter((image) =>
      accepts(tagsOf(repository, image.digest).length > 0),
    );
    const { items, nextToken } = page(all, (image) => image.digest, input);
    return { imageDetails: items.map((image) => toDetail(repository, image)), nextToken };
  },
};

function imageOrThrow(
  repository: Repository,
  imageId: { imageTag?: string | undefined; imageDigest?: string | undefined },
): Image {
  const found = findImage(repository, imageId);
  if (!('failureCode' in found)) return found;
  const { imageDigest, imageTag } = imageId;
  throw new ApiError(
    'ImageNotFoundException',
    `The image with imageId {imageDigest:'${imageDigest ?? null}', imageTag:'${imageTag ?? null}'} does not exist within the repository with name '${repository.name}' in the registry with id '${repository.registryId}'`,
  );
}

function toDetail(repository: Repository, image: Image): ImageDetail {
  const tags = tagsOf(repository, image.digest);
  return {
    registryId: repository.registryId,
    repositoryName: repository.name,
    imageDigest: image.digest,
    imageTags: tags.length > 0 ? tags : undefined,
    imageSizeInBytes: image.sizeInBytes,
    imagePushedAt: image.pushedAt,
    imageManifestMediaType: image.mediaType,
    artifactMediaType: image.artifactMediaType,
    imageStatus: 'ACTIVE',
  };
}
