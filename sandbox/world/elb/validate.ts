import { validationError } from './errors.ts';

/**
 * Refuses a structure's members that are not implemented, instead of ignoring them.
 * @throws {ApiError} ValidationError that names the first one.
 */
export function refuseOthers(value: object, known: readonly string[], where: string): void {
  for (const [name, member] of Object.entries(value)) {
    const isAbsent = member === undefined || (Array.isArray(member) && member.length === 0);
    if (isAbsent || known.includes(name)) continue;
    throw validationError(`${where}.${name} is not implemented by the sandbox`);
  }
}

/** @throws {ApiError} ValidationError unless the value is a whole number within the bounds. */
export function wholeNumber(value: number, min: number, max: number, what: string): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw validationError(`${what} '${value}' must be between '${min}' and '${max}'`);
}

/** @throws {ApiError} ValidationError unless the name is one of AWS's for load balancers. */
export function resourceName(name: string, what: string): string {
  if (name.length > 32) {
    throw validationError(`The ${what} name '${name}' cannot be longer than '32' characters`);
  }
  if (!/^[a-zA-Z0-9-]+$/.test(name)) {
    throw validationError(
      `The ${what} name '${name}' can only contain characters that are alphanumeric characters and hyphens(-)`,
    );
  }
  if (/^-|-$/.test(name)) {
    throw validationError(`The ${what} name '${name}' cannot begin or end with a hyphen(-)`);
  }
  return name;
}
