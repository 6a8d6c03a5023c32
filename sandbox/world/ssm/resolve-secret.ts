import type { Region } from '../region.ts';
import type { World } from '../world.ts';
import { injectSecret, isSecretArn } from '../secretsmanager/inject.ts';
import { findParameter } from './find.ts';

const PARAMETER_ARN = /^arn:aws[a-z-]*:ssm:([a-z0-9-]+):(\d{12}):parameter\//;

/**
 * The value of a container's secret, decrypted, as the ECS agent injects it. `error` is what
 * follows `ResourceInitializationError: unable to pull secrets or registry auth: `.
 * @param valueFrom A parameter's name in `region`, or the ARN of a parameter or of a secret of
 *   Secrets Manager in any Region.
 * @see Pass Systems Manager parameters through environment variables, Amazon ECS Developer Guide
 */
export function resolveSecret(
  world: World,
  region: Region,
  valueFrom: string,
): { value: string } | { error: string } {
  if (isSecretArn(valueFrom)) return injectSecret(world, valueFrom);
  if (valueFrom.startsWith('arn:') && !PARAMETER_ARN.test(valueFrom)) {
    return {
      error: `execution resource retrieval failed: the sandbox has parameters and secrets only, not ${valueFrom}`,
    };
  }
  const [, name, accountId] = PARAMETER_ARN.exec(valueFrom) ?? [];
  const owner = name && accountId ? world.region(accountId, name) : region;
  const found = findParameter(owner, valueFrom);
  if (typeof found === 'string') {
    return {
      error:
        'execution resource retrieval failed: unable to retrieve secrets from ssm: ' +
        `service call has been retried 1 time(s): invalid ssm parameters: ${valueFrom}`,
    };
  }
  return { value: found.version.value };
}
