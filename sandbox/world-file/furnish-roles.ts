import { createRole } from '../world/iam/roles.ts';
import type { Region } from '../world/region.ts';
import { parseRoleArn } from '../world/sts/identity.ts';
import type { World } from '../world/world.ts';
import { at } from './at.ts';
import type { RoleEntry } from './world-file.ts';

/** Makes the roles of all accounts. */
export function furnishRoles(world: World, roles: readonly RoleEntry[], region: Region): void {
  for (const [index, role] of roles.entries()) {
    at(`roles/${index}`, () => addRole(world, role, region));
  }
}

/** A role that trusts no service may be assumed by any user, with its external id. */
function addRole(world: World, entry: RoleEntry, region: Region): void {
  const { arn, externalId, service } = entry;
  const parts = parseRoleArn(arn);
  if (!parts) throw new Error(`${arn} is no role's ARN.`); // The schema has looked.
  if (service === undefined) {
    world.sts.roles.set(arn, { arn, ...(externalId === undefined ? {} : { externalId }) });
  }
  const { accountId, partition, name } = parts;
  const principalArn = `arn:${partition}:iam::${accountId}:root`;
  const role = createRole(
    { world, region, caller: { accountId, principalArn } },
    { name, arn, trustPolicy: trustPolicyOf(entry), path: pathOf(arn) },
  );
  for (const policyArn of entry.managedPolicies ?? []) {
    role.attached.set(policyArn.slice(policyArn.lastIndexOf('/') + 1), policyArn);
  }
  if (entry.allows) role.policies.set('allows', policyOf(entry.allows));
}

function policyOf(actions: readonly string[]): string {
  const statement = { Effect: 'Allow', Action: actions, Resource: '*' };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

function pathOf(arn: string): string {
  return arn.slice(arn.indexOf(':role/') + ':role'.length, arn.lastIndexOf('/') + 1);
}

function trustPolicyOf({ service, externalId }: RoleEntry): string {
  const Principal = service === undefined ? { AWS: '*' } : { Service: service };
  const condition =
    externalId === undefined
      ? {}
      : { Condition: { StringEquals: { 'sts:ExternalId': externalId } } };
  const statement = { Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...condition };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}
