import { ApiError } from '../operation.ts';

export function secretNotFound(): ApiError {
  return new ApiError(
    'ResourceNotFoundException',
    "Secrets Manager can't find the specified secret.",
  );
}

export function invalidParameter(message: string): ApiError {
  return new ApiError('InvalidParameterException', message);
}

export function invalidRequest(message: string): ApiError {
  return new ApiError('InvalidRequestException', message);
}
