import { ApiError } from '../operation.ts';

export function validation(message: string): ApiError {
  return new ApiError('ValidationException', message);
}

/** @throws {ApiError} ValidationException when the member has no value. */
export function required<T>(value: T | undefined, name: string): T {
  if (value !== undefined && value !== '') return value;
  const member = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  throw validation(
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

/** AWS sends this error without a message. */
export function parameterNotFound(): ApiError {
  return new ApiError('ParameterNotFound', '');
}
