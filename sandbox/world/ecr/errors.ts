import { ApiError } from '../operation.ts';
import type { Call } from '../operation.ts';
import type { Region } from '../region.ts';
import type { Repository } from './state.ts';

export function invalidParameter(message: string): ApiError {
  return new ApiError('InvalidParameterException', message);
}

/** @throws {ApiError} InvalidParameterException when the member has no value. */
export function required<T>(value: T | undefined, name: string): T {
  if (value !== undefined && value !== '') return value;
  throw invalidParameter(
    `Invalid parameter at '${name}' failed to satisfy constraint: 'must not be null'`,
  );
}

/**
 * The registry that a call is about: the caller's own unless it names another account's. Who may
 * use whose registry is not modelled; everyone may.
 * @throws {ApiError} InvalidParameterException
 */
export function registryOf(call: Call, registryId: string | undefined): Region {
  if (registryId === undefined) return call.region;
  if (/^\d{12}$/.test(registryId)) return call.world.region(registryId, call.region.name);
  throw invalidParameter(
    "Invalid parameter at 'registryId' failed to satisfy constraint: 'must satisfy regular expression '[0-9]{12}''",
  );
}

/** @throws {ApiError} RepositoryNotFoundException */
export function repositoryBy(
  call: Call,
  input: { registryId?: string | undefined; repositoryName: string | undefined },
): Repository {
  const registry = registryOf(call, input.registryId);
  const name = required(input.repositoryName, 'repositoryName');
  const found = registry.ecr.repositories.get(name);
  if (found) return found;
  throw new ApiError(
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist in the registry with id '${registry.accountId}'`,
  );
}
