import type {
  BatchDeleteImageRequest,
  BatchDeleteImageResponse,
  ImageIdentifier,
} from '@aws-sdk/client-ecr';
import type { Operation } from '../../operation.ts';
import { repositoryBy } from '../errors.ts';
import { checkedIds, findImage, tagsOf } from '../images.ts';
import { readManifest } from '../manifest.ts';
import type { Image, Repository } from '../state.ts';

/**
 * Deletes images by digest with all their tags, or tags; an image goes with its last tag. An image
 * that an index names stays.
 * @see BatchDeleteImage, Amazon ECR API Reference
 */
export const batchDeleteImage: Operation<BatchDeleteImageRequest, BatchDeleteImageResponse> = {
  name: 'BatchDeleteImage',
  accepts: ['registryId', 'repositoryName', 'imageIds'],
  handle(input, call) {
    const repository = repositoryBy(call, input);
    const answer: Required<BatchDeleteImageResponse> = { imageIds: [], failures: [] };
    for (const imageId of checkedIds(input.imageIds)) {
      const found = findImage(repository, imageId);
      if ('failureCode' in found) {
        answer.failures?.push({ imageId: { ...imageId }, ...found });
      } else {
        deleteFound(repository, imageId, found, answer);
      }
    }
    return answer;
  },
};

function deleteFound(
  repository: Repository,
  imageId: ImageIdentifier,
  image: Image,
  answer: BatchDeleteImageResponse,
): void {
  const { imageTag: tag } = imageId;
  const tags = tagsOf(repository, image.digest);
  const isLast = tag === undefined || tags.length === 1;
  const parents = isLast ? parentsOf(repository, image.digest) : [];
  if (parents.length > 0) {
    answer.failures?.push({
      imageId: { ...imageId },
      failureCode: 'ImageReferencedByManifestList',
      failureReason: `Requested image referenced by manifest list: [${parents.join(', ')}]`,
    });
    return;
  }
  const gone = tag === undefined ? tags : [tag];
  for (const each of gone) repository.tags.delete(each);
  if (isLast) repository.images.delete(image.digest);
  const imageDigest = image.digest;
  answer.imageIds?.push(
    ...(gone.length > 0 ? gone.map((imageTag) => ({ imageDigest, imageTag })) : [{ imageDigest }]),
  );
}

function parentsOf(repository: Repository, digest: string): string[] {
  return [...repository.images.values()]
    .filter((image) =>
      readManifest(image.manifest)?.children?.some((child) => child.digest === digest),
    )
    .map((image) => image.digest);
}
