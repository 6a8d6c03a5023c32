import type { DeleteRepositoryRequest, DeleteRepositoryResponse } from '@aws-sdk/client-ecr';
import { ApiError } from '../../operation.ts';
import type { Operation } from '../../operation.ts';
import { registryOf, repositoryBy } from '../errors.ts';
import { toRepositoryShape } from '../repositories.ts';

/**
 * Deletes a repository, with its images only when forced to.
 * @see DeleteRepository, Amazon ECR API Reference
 */
export const deleteRepository: Operation<DeleteRepositoryRequest, DeleteRepositoryResponse> = {
  name: 'DeleteRepository',
  accepts: ['registryId', 'repositoryName', 'force'],
  handle(input, call) {
    const repository = repositoryBy(call, input);
    const { name, registryId } = repository;
    if (repository.images.size > 0 && !input.force) {
      throw new ApiError(
        'RepositoryNotEmptyException',
        `The repository with name '${name}' in registry with id '${registryId}' cannot be deleted because it still contains images`,
      );
    }
    registryOf(call, input.registryId).ecr.repositories.delete(name);
    return { repository: toRepositoryShape(repository) };
  },
};
