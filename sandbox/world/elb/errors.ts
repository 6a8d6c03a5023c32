import { ApiError } from '../operation.ts';
import type { Region } from '../region.ts';
import type { Listener, LoadBalancer, Rule, TargetGroup } from './state.ts';

/** @see Common errors, Elastic Load Balancing API Reference (2015-12-01) */
export function validationError(message: string): ApiError {
  return new ApiError('ValidationError', message);
}

/** @throws {ApiError} LoadBalancerNotFound */
export function loadBalancerBy(region: Region, arn: string | undefined): LoadBalancer {
  const found = region.elb.loadBalancers.get(required(arn, 'LoadBalancerArn'));
  if (found) return found;
  throw new ApiError('LoadBalancerNotFound', `Load balancer '${arn}' not found`);
}

/** @throws {ApiError} ListenerNotFound */
export function listenerBy(region: Region, arn: string | undefined): Listener {
  const found = region.elb.listeners.get(required(arn, 'ListenerArn'));
  if (found) return found;
  throw new ApiError('ListenerNotFound', 'One or more listeners not found');
}

/** @throws {ApiError} RuleNotFound */
export function ruleBy(region: Region, arn: string | undefined): Rule {
  const found = region.elb.rules.get(required(arn, 'RuleArn'));
  if (found) return found;
  throw new ApiError('RuleNotFound', 'One or more rules not found');
}

/** @throws {ApiError} TargetGroupNotFound */
export function targetGroupBy(region: Region, arn: string | undefined): TargetGroup {
  const found = region.elb.targetGroups.get(required(arn, 'TargetGroupArn'));
  if (found) return found;
  throw new ApiError('TargetGroupNotFound', 'One or more target groups not found');
}

/** @throws {ApiError} ValidationError when the member has no value. */
export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined || value === '') throw validationError(`${name} must be specified`);
  return value;
}
