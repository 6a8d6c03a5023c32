import type { Role as RoleShape } from '@aws-sdk/client-iam';
import { required } from '../constraints.ts';
import { ApiError, type Call } from '../operation.ts';
import { partitionOf } from '../region.ts';
import { uniqueId } from '../sts/identity.ts';
import { malformedPolicy, noSuchEntity } from './errors.ts';
import type { IamRole } from './state.ts';

/** What a new role is made of. */
export interface RoleSpec {
  readonly name: string;
  readonly trustPolicy: string;
  readonly path?: string | undefined;
  readonly description?: string | undefined;
  readonly maxSessionSeconds?: number | undefined;
  /** Made up when absent. */
  readonly arn?: string;
}

const NAME = /^[\w+=,.@-]{1,64}$/;
const PATH = /^\/(?:[!-~]+\/)?$/;
const DEFAULT_SESSION_SECONDS = 3600;

/**
 * Makes a role in the caller's account. It is nobody's to assume but the services' that its trust
 * policy names: which users AssumeRole lets in is told apart from IAM, see `StsState`.
 * @throws {ApiError} EntityAlreadyExists, MalformedPolicyDocument or ValidationError.
 */
export function createRole({ world, region, caller }: Call, spec: RoleSpec): IamRole {
  const name = checked(spec.name, NAME, 'roleName');
  const path = checked(spec.path ?? '/', PATH, 'path');
  const { accountId } = caller;
  if (roleNamed({ world, caller }, name)) {
    throw new ApiError('EntityAlreadyExists', `Role with name ${name} already exists.`, {
      httpStatus: 409,
    });
  }
  assertPolicy(spec.trustPolicy);
  const role: IamRole = {
    arn: spec.arn ?? `arn:${partitionOf(region.name)}:iam::${accountId}:role${path}${name}`,
    accountId,
    name,
    path,
    createdAt: world.now(),
    description: spec.description,
    trustPolicy: spec.trustPolicy,
    maxSessionSeconds: spec.maxSessionSeconds ?? DEFAULT_SESSION_SECONDS,
    attached: new Map(),
    policies: new Map(),
  };
  world.iam.roles.set(role.arn, role);
  return role;
}

/** @throws {ApiError} NoSuchEntity; ValidationError without a name. */
export function roleOf(call: Call, roleName: string | undefined): IamRole {
  const name = required(roleName, 'RoleName', 'ValidationError');
  const found = roleNamed(call, name);
  if (found) return found;
  throw noSuchEntity(`The role with name ${name} cannot be found.`);
}

/** @throws {ApiError} MalformedPolicyDocument for anything but a policy's JSON. */
export function assertPolicy(document: string): void {
  let policy: unknown;
  try {
    policy = JSON.parse(document);
  } catch {
    throw malformedPolicy('This policy contains invalid Json');
  }
  const isPolicy = typeof policy === 'object' && policy !== null && 'Statement' in policy;
  if (!isPolicy) throw malformedPolicy('Syntax errors in policy.');
}

/** A role as the API answers it: its policy is percent-encoded. */
export function toRoleShape(role: IamRole): RoleShape {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: uniqueId('AROA', role.arn),
    Arn: role.arn,
    CreateDate: role.createdAt,
    AssumeRolePolicyDocument: encodeURIComponent(role.trustPolicy),
    Description: role.description,
    MaxSessionDuration: role.maxSessionSeconds,
  };
}

function roleNamed({ world, caller }: Pick<Call, 'caller' | 'world'>, name: string) {
  return [...world.iam.roles.values()].find(
    (role) => role.accountId === caller.accountId && role.name === name,
  );
}

function checked(value: string, pattern: RegExp, member: string): string {
  if (pattern.test(value)) return value;
  throw new ApiError(
    'ValidationError',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern.source}`,
  );
}
