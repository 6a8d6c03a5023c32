import type { Repository as RepositoryShape } from '@aws-sdk/client-ecr';
import type { Region } from '../region.ts';
import type { World } from '../world.ts';
import { invalidParameter } from './errors.ts';
import type { Repository } from './state.ts';

/** A repository without images, not yet in any registry. */
export function newRepository(
  world: World,
  registry: Region,
  name: string,
  mutability: Repository['mutability'],
): Repository {
  return {
    repositoryArn: registry.arn('ecr', `repository/${name}`),
    name,
    registryId: registry.accountId,
    repositoryUri: `${registryHost(registry)}/${name}`,
    createdAt: world.now(),
    mutability,
    images: new Map(),
    tags: new Map(),
    blobs: new Map(),
  };
}

/** The name of a registry's host. */
export function registryHost({ accountId, name }: Region): string {
  return `${accountId}.dkr.ecr.${name}.amazonaws.com${name.startsWith('cn-') ? '.cn' : ''}`;
}

/** @throws {ApiError} InvalidParameterException for the settings with exclusions. */
export function toMutability(setting: string | undefined): Repository['mutability'] {
  const mutability = setting ?? 'MUTABLE';
  if (mutability === 'MUTABLE' || mutability === 'IMMUTABLE') return mutability;
  throw invalidParameter(`imageTagMutability=${setting} is not implemented by the sandbox`);
}

/** A repository as the API answers it. */
export function toRepositoryShape(repository: Repository): RepositoryShape {
  return {
    repositoryArn: repository.repositoryArn,
    registryId: repository.registryId,
    repositoryName: repository.name,
    repositoryUri: repository.repositoryUri,
    createdAt: repository.createdAt,
    imageTagMutability: repository.mutability,
    imageScanningConfiguration: { scanOnPush: false },
    encryptionConfiguration: { encryptionType: 'AES256' },
  };
}
