import { ApiError } from '../operation.ts';

/** @throws {ApiError} MissingParameter when the member has no value. */
export function required<T>(value: T | undefined, name: string): T {
  if (value !== undefined && value !== '') return value;
  throw new ApiError(
    'MissingParameter',
    `The request must contain the parameter ${name.charAt(0).toLowerCase()}${name.slice(1)}`,
  );
}

/** The error for ids that name nothing, e.g. `InvalidSubnetID.NotFound`. */
export function notFound(code: string, kind: string, ids: readonly string[]): ApiError {
  const what = ids.length === 1 ? `ID '${ids[0]}' does` : `IDs '${ids.join(', ')}' do`;
  return new ApiError(code, `The ${kind} ${what} not exist`);
}
