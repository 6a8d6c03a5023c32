import type { AssumeRoleRequest, AssumeRoleResponse } from '@aws-sdk/client-sts';
import { dateOf } from '../../../epoch.ts';
import { ApiError } from '../../operation.ts';
import type { Caller, Operation } from '../../operation.ts';
import type { World } from '../../world.ts';
import { parseAssumedRoleArn, parseRoleArn, uniqueId } from '../identity.ts';

const DEFAULT_SECONDS = 3600;
const MIN_SECONDS = 900;
const MAX_SECONDS = 43_200;
const MAX_CHAINED_SECONDS = 3600;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * Issues credentials of a role that the world knows, to anyone who gives its external id. They are
 * good for so many seconds of the client's clock, whatever the world's time scale: the SDK compares
 * their expiration with its own clock.
 * @see AssumeRole, AWS Security Token Service API Reference
 */
export const assumeRole: Operation<AssumeRoleRequest, AssumeRoleResponse> = {
  name: 'AssumeRole',
  accepts: ['RoleArn', 'RoleSessionName', 'DurationSeconds', 'ExternalId'],
  handle(input, { world, caller }) {
    const roleArn = required(input.RoleArn, 'roleArn');
    const sessionName = toSessionName(required(input.RoleSessionName, 'roleSessionName'));
    const seconds = toSeconds(input.DurationSeconds ?? DEFAULT_SECONDS, caller);
    const parts = parseRoleArn(roleArn);
    if (!parts) throw validation(`${roleArn} is invalid`);
    const role = world.sts.roles.get(roleArn);
    const isTrusted = role && (role.externalId ?? input.ExternalId) === input.ExternalId;
    if (!isTrusted) throw accessDenied(caller, roleArn);
    const { partition, accountId, name } = parts;
    const principalArn = `arn:${partition}:sts::${accountId}:assumed-role/${name}/${sessionName}`;
    return {
      Credentials: issue(world, { accountId, principalArn }, seconds),
      AssumedRoleUser: {
        AssumedRoleId: `${uniqueId('AROA', idArn(parts))}:${sessionName}`,
        Arn: principalArn,
      },
    };
  },
};

function issue(
  world: World,
  caller: Caller,
  seconds: number,
): NonNullable<AssumeRoleResponse['Credentials']> {
  const accessKeyId = `ASIA${world.randomString(16, BASE32)}`;
  const sessionToken = world.randomString(128, BASE64);
  const expiresAtMs = world.clock.wallMs() + seconds * 1000;
  world.sts.sessions.set(accessKeyId, { ...caller, expiresAtMs, sessionToken });
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: world.randomString(40, BASE64),
    SessionToken: sessionToken,
    Expiration: dateOf(expiresAtMs),
  };
}

/** The id is made from the ARN without the role's path, as GetCallerIdentity makes it. */
function idArn({ partition, accountId, name }: Record<'partition' | 'accountId' | 'name', string>) {
  return `arn:${partition}:iam::${accountId}:role/${name}`;
}

function toSessionName(name: string): string {
  if (/^[\w+=,.@-]{2,64}$/.test(name)) return name;
  throw validation(
    `1 validation error detected: Value '${name}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]{2,64}`,
  );
}

function toSeconds(seconds: number, caller: Caller): number {
  if (!Number.isInteger(seconds) || seconds < MIN_SECONDS || seconds > MAX_SECONDS) {
    const bound =
      seconds > MAX_SECONDS
        ? `less than or equal to ${MAX_SECONDS}`
        : `greater than or equal to ${MIN_SECONDS}`;
    throw validation(
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${bound}`,
    );
  }
  if (seconds > MAX_CHAINED_SECONDS && parseAssumedRoleArn(caller.principalArn)) {
    throw validation(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  return seconds;
}

function required(value: string | undefined, member: string): string {
  if (value) return value;
  throw validation(
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

function validation(message: string): ApiError {
  return new ApiError('ValidationError', message);
}

function accessDenied({ principalArn }: Caller, roleArn: string): ApiError {
  return new ApiError(
    'AccessDenied',
    `User: ${principalArn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    { httpStatus: 403 },
  );
}
