import { ApiError } from '../operation.ts';
import type { World } from '../world.ts';
import { usableSecretOf, versionOf } from './find.ts';

/** What a container is given, or why not, as the ECS agent words it. */
type Injected = { value: string } | { error: string };

const SECRET_ARN =
  /^(arn:aws[a-z-]*:secretsmanager:([a-z0-9-]+):(\d{12}):secret:[^:]+)(?::([^:]*):([^:]*):([^:]*))?$/;

/** Whether `valueFrom` is the ARN of a secret, with or without what may follow it. */
export function isSecretArn(valueFrom: string): boolean {
  return SECRET_ARN.test(valueFrom);
}

/**
 * The value of a secret as the ECS agent injects it: the whole text, or one key of its JSON.
 * @param valueFrom The secret's ARN, with `:json-key:version-stage:version-id` behind it or not.
 * @see Pass Secrets Manager secrets through environment variables, Amazon ECS Developer Guide
 */
export function injectSecret(world: World, valueFrom: string): Injected {
  const [, arn = '', regionName = '', accountId = '', key, stage, id] =
    SECRET_ARN.exec(valueFrom) ?? [];
  const region = world.region(accountId, regionName);
  try {
    const secret = usableSecretOf(world, region, arn);
    const version = versionOf(secret, { id: id || undefined, stage: stage || undefined });
    if (!version)
      return failed(arn, "ResourceNotFoundException: can't find the specified version.");
    if (!('text' in version.value))
      return failed(arn, 'it is binary, which the sandbox does not inject');
    return key ? keyOf(version.value.text, key) : { value: version.value.text };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return failed(arn, `${error.code}: ${error.message}`);
  }
}

function keyOf(text: string, key: string): Injected {
  const value = membersOf(text)?.[key];
  if (value === undefined) {
    return {
      error: `execution resource retrieval failed: retrieved secret from Secrets Manager did not contain json key ${key}`,
    };
  }
  return { value: typeof value === 'string' ? value : JSON.stringify(value) };
}

function membersOf(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function failed(arn: string, why: string): Injected {
  return {
    error:
      'execution resource retrieval failed: unable to retrieve secret from asm: ' +
      `service call has been retried 1 time(s): failed to fetch secret ${arn} from secrets manager: ${why}`,
  };
}
