import type { Failure } from '@aws-sdk/client-ecs';
import type { Region } from '../region.ts';

/**
 * What a describe call answers for a thing that it does not find.
 * @param kind What stands before the name in its ARN, e.g. `service/web`.
 * @see API failure reasons, Amazon ECS Developer Guide
 */
export function missing(region: Region, kind: string, identifier: string): Failure {
  const isArn = identifier.startsWith('arn:');
  return {
    arn: isArn ? identifier : region.arn('ecs', `${kind}/${identifier}`),
    reason: 'MISSING',
  };
}
