import { ApiError } from '../operation.ts';
import { required } from './errors.ts';

const CIDR = /^(?:\d{1,3}\.){3}\d{1,3}\/(?:1[6-9]|2[0-8])$/;

/** @throws {ApiError} MissingParameter, InvalidParameterValue unless it is an IPv4 block of /16 to /28. */
export function cidrBlock(given: string | undefined): string {
  const block = required(given, 'CidrBlock');
  const isValid =
    CIDR.test(block) &&
    block
      .split(/[./]/)
      .slice(0, 4)
      .every((part) => Number(part) < 256);
  if (isValid) return block;
  throw new ApiError(
    'InvalidParameterValue',
    `Value (${block}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`,
  );
}
