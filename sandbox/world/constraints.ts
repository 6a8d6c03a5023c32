import { ApiError } from './operation.ts';

/** How a service words that an input breaks its model's constraints. */
export type ConstraintCode =
  | 'InvalidParameterException'
  | 'ValidationError'
  | 'ValidationException';

/**
 * A member that the model requires; an empty text counts as none.
 * @param name As the SDK spells it.
 * @throws {ApiError} with `code`, when the member has no value.
 */
export function required<T>(value: T | undefined, name: string, code: ConstraintCode): T {
  if (value !== undefined && value !== '') return value;
  throw broken(code, `Value null at '${lowerFirst(name)}'`, 'Member must not be null');
}

/**
 * A whole number within bounds, or the default.
 * @throws {ApiError} with `code`, when it is outside.
 */
export function within(
  value: number | undefined,
  bounds: { name: string; min: number; max: number; otherwise: number; code: ConstraintCode },
): number {
  const { name, min, max, otherwise, code } = bounds;
  const number = value ?? otherwise;
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  const bound =
    number < min
      ? `Member must have value greater than or equal to ${min}`
      : `Member must have value less than or equal to ${max}`;
  throw broken(code, `Value '${number}' at '${lowerFirst(name)}'`, bound);
}

function broken(code: ConstraintCode, what: string, constraint: string): ApiError {
  return new ApiError(
    code,
    `1 validation error detected: ${what} failed to satisfy constraint: ${constraint}`,
  );
}

function lowerFirst(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}
