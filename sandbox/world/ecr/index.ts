import { batchDeleteImage } from './operations/batch-delete-image.ts';
import { batchGetImage } from './operations/batch-get-image.ts';
import { createRepository } from './operations/create-repository.ts';
import { deleteRepository } from './operations/delete-repository.ts';
import { describeImages } from './operations/describe-images.ts';
import { describeRepositories } from './operations/describe-repositories.ts';
import { getAuthorizationToken } from './operations/get-authorization-token.ts';
import { getDownloadUrlForLayer } from './operations/get-download-url-for-layer.ts';
import { listImages } from './operations/list-images.ts';
import { putImageTagMutability } from './operations/put-image-tag-mutability.ts';
import { putImage } from './operations/put-image.ts';
import { operation } from '../operation.ts';
import type { AnyOperation } from '../operation.ts';

/** Every operation of ECR that the world implements. */
export const ECR_OPERATIONS: readonly AnyOperation[] = [
  operation(batchDeleteImage),
  operation(batchGetImage),
  operation(createRepository),
  operation(deleteRepository),
  operation(describeImages),
  operation(describeRepositories),
  operation(getAuthorizationToken),
  operation(getDownloadUrlForLayer),
  operation(listImages),
  operation(putImageTagMutability),
  operation(putImage),
];
