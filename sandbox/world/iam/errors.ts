import { ApiError } from '../operation.ts';

/** IAM answers 404 for what is not there. */
export function noSuchEntity(message: string): ApiError {
  return new ApiError('NoSuchEntity', message, { httpStatus: 404 });
}

export function malformedPolicy(message: string): ApiError {
  return new ApiError('MalformedPolicyDocument', message);
}
