import type {
  DescribeRepositoriesRequest,
  DescribeRepositoriesResponse,
} from '@aws-sdk/client-ecr';
import type { Operation } from '../../operation.ts';
import { registryOf, repositoryBy } from '../errors.ts';
import { page } from '../paging.ts';
import { toRepositoryShape } from '../repositories.ts';

/** @see DescribeRepositories, Amazon ECR API Reference */
export const describeRepositories: Operation<
  DescribeRepositoriesRequest,
  DescribeRepositoriesResponse
> = {
  name: 'DescribeRepositories',
  accepts: ['registryId', 'repositoryNames', 'nextToken', 'maxResults'],
  handle(input, call) {
    const { registryId, repositoryNames: names = [] } = input;
    if (names.length > 0) {
      const named = names.map((repositoryName) =>
        repositoryBy(call, { registryId, repositoryName }),
      );
      return { repositories: named.map(toRepositoryShape) };
    }
    const all = [...registryOf(call, registryId).ecr.repositories.values()];
    const { items, nextToken } = page(all, (repository) => repository.name, input);
    return { repositories: items.map(toRepositoryShape), nextToken };
  },
};
