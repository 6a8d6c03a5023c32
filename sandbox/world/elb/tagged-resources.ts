import type { Region } from '../region.ts';
import {
  listenerBy,
  loadBalancerBy,
  required,
  ruleBy,
  targetGroupBy,
  validationError,
} from './errors.ts';

const MAX_RESOURCES = 20;

/**
 * The resources that a tag operation names.
 * @throws {ApiError} the not-found error of the ARN's kind, or ValidationError.
 */
export function taggedResources(
  region: Region,
  arns: readonly string[] | undefined,
): { arn: string; tags: Map<string, string> }[] {
  const wanted = required(arns, 'ResourceArns');
  if (wanted.length === 0 || wanted.length > MAX_RESOURCES) {
    throw validationError(`Between '1' and '${MAX_RESOURCES}' resource ARNs must be specified`);
  }
  return wanted.map((arn) => ({ arn, tags: tagsOf(region, arn) }));
}

function tagsOf(region: Region, arn: string): Map<string, string> {
  const kind = arn.split(':')[5]?.split('/')[0];
  switch (kind ?? '') {
    case 'loadbalancer':
      return loadBalancerBy(region, arn).tags;
    case 'targetgroup':
      return targetGroupBy(region, arn).tags;
    case 'listener':
      return listenerBy(region, arn).tags;
    case 'listener-rule':
      return ruleBy(region, arn).tags;
    default:
      throw validationError(`'${arn}' is not a valid load balancer ARN`);
  }
}
