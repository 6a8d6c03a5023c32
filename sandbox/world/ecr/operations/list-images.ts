import type { ImageIdentifier, ListImagesRequest, ListImagesResponse } from '@aws-sdk/client-ecr';
import type { Operation } from '../../operation.ts';
import { repositoryBy } from '../errors.ts';
import { toTagStatus } from '../filters.ts';
import { tagsOf } from '../images.ts';
import { page } from '../paging.ts';

/**
 * Lists every tag with its digest, and the digests of untagged images.
 * @see ListImages, Amazon ECR API Reference
 */
export const listImages: Operation<ListImagesRequest, ListImagesResponse> = {
  name: 'ListImages',
  accepts: ['registryId', 'repositoryName', 'nextToken', 'maxResults', 'filter'],
  handle(input, call) {
    const repository = repositoryBy(call, input);
    const accepts = toTagStatus(input.filter);
    const ids = [...repository.images.keys()].flatMap((imageDigest): ImageIdentifier[] => {
      const tags = tagsOf(repository, imageDigest);
      if (!accepts(tags.length > 0)) return [];
      if (tags.length === 0) return [{ imageDigest }];
      return tags.map((imageTag) => ({ imageDigest, imageTag }));
    });
    const { items, nextToken } = page(ids, (id) => `${id.imageDigest} ${id.imageTag}`, input);
    return { imageIds: items, nextToken };
  },
};
