import type {
  BatchGetImageRequest,
  BatchGetImageResponse,
  ImageIdentifier,
} from '@aws-sdk/client-ecr';
import type { Operation } from '../../operation.ts';
import { repositoryBy } from '../errors.ts';
import { checkedIds, findImage } from '../images.ts';
import { defaultChild, readManifest } from '../manifest.ts';
import type { Image, Repository } from '../state.ts';

/**
 * Gives manifests, byte for byte. What is missing is listed under `failures`; nothing is thrown for
 * it.
 * @see BatchGetImage, Amazon ECR API Reference
 */
export const batchGetImage: Operation<BatchGetImageRequest, BatchGetImageResponse> = {
  name: 'BatchGetImage',
  accepts: ['registryId', 'repositoryName', 'imageIds', 'acceptedMediaTypes'],
  handle(input, call) {
    const repository = repositoryBy(call, input);
    const { registryId, name: repositoryName } = repository;
    const answer: Required<BatchGetImageResponse> = { images: [], failures: [] };
    for (const imageId of checkedIds(input.imageIds)) {
      const found = findImage(repository, imageId);
      if ('failureCode' in found) {
        answer.failures?.push({ imageId: { ...imageId }, ...found });
        continue;
      }
      const image = acceptable(repository, imageId, found, input.acceptedMediaTypes ?? []);
      answer.images?.push({
        registryId,
        repositoryName,
        imageId: { imageDigest: image.digest, imageTag: imageId.imageTag },
        imageManifest: image.manifest,
        imageManifestMediaType: image.mediaType,
      });
    }
    return answer;
  },
};

/** An index, asked for by tag without its media type, is answered with one of its images. */
function acceptable(
  repository: Repository,
  imageId: ImageIdentifier,
  image: Image,
  accepted: readonly string[],
): Image {
  const manifest = readManifest(image.manifest);
  if (!manifest?.children || imageId.imageDigest || accepted.includes(image.mediaType)) {
    return image;
  }
  return repository.images.get(defaultChild(manifest)?.digest ?? '') ?? image;
}
