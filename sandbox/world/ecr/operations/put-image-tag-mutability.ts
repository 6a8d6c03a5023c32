import type {
  PutImageTagMutabilityRequest,
  PutImageTagMutabilityResponse,
} from '@aws-sdk/client-ecr';
import type { Operation } from '../../operation.ts';
import { repositoryBy, required } from '../errors.ts';
import { toMutability } from '../repositories.ts';

/** @see PutImageTagMutability, Amazon ECR API Reference */
export const putImageTagMutability: Operation<
  PutImageTagMutabilityRequest,
  PutImageTagMutabilityResponse
> = {
  name: 'PutImageTagMutability',
  accepts: ['registryId', 'repositoryName', 'imageTagMutability'],
  handle(input, call) {
    const repository = repositoryBy(call, input);
    repository.mutability = toMutability(required(input.imageTagMutability, 'imageTagMutability'));
    return {
      registryId: repository.registryId,
      repositoryName: repository.name,
      imageTagMutability: repository.mutability,
    };
  },
};
