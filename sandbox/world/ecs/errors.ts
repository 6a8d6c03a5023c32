import { ApiError } from '../operation.ts';

/** @see Amazon ECS API Reference: the errors of each operation, in AWS's own words. */
export function clusterNotFound(): ApiError {
  return new ApiError('ClusterNotFoundException', 'Cluster not found.');
}

export function serviceNotFound(): ApiError {
  return new ApiError('ServiceNotFoundException', 'Service not found.');
}

export function serviceNotActive(): ApiError {
  return new ApiError('ServiceNotActiveException', 'Service was not ACTIVE.');
}

export function taskSetNotFound(): ApiError {
  return new ApiError('TaskSetNotFoundException', 'The specified task set does not exist.');
}

export function invalidParameter(message: string): ApiError {
  return new ApiError('InvalidParameterException', message);
}

export function clientError(message: string): ApiError {
  return new ApiError('ClientException', message);
}

/** For what AWS has and the sandbox has not: refused by name, so that nobody relies on it. */
export function notImplemented(parameter: string): ApiError {
  return invalidParameter(`${parameter} is not implemented by the sandbox.`);
}
