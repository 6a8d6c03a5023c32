import type { CreateRepositoryRequest, CreateRepositoryResponse } from '@aws-sdk/client-ecr';
import { ApiError } from '../../operation.ts';
import type { Operation } from '../../operation.ts';
import { invalidParameter, registryOf, required } from '../errors.ts';
import { newRepository, toMutability, toRepositoryShape } from '../repositories.ts';

const NAME = /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

/** @see CreateRepository, Amazon ECR API Reference */
export const createRepository: Operation<CreateRepositoryRequest, CreateRepositoryResponse> = {
  name: 'CreateRepository',
  accepts: ['registryId', 'repositoryName', 'imageTagMutability'],
  handle(input, call) {
    const registry = registryOf(call, input.registryId);
    const name = required(input.repositoryName, 'repositoryName');
    if (!NAME.test(name) || name.length < 2 || name.length > 256) {
      throw invalidParameter(
        `Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '${NAME.source}''`,
      );
    }
    const mutability = toMutability(input.imageTagMutability);
    if (registry.ecr.repositories.has(name)) {
      throw new ApiError(
        'RepositoryAlreadyExistsException',
        `The repository with name '${name}' already exists in the registry with id '${registry.accountId}'`,
      );
    }
    const repository = newRepository(call.world, registry, name, mutability);
    registry.ecr.repositories.set(name, repository);
    return { repository: toRepositoryShape(repository) };
  },
};
