import type { Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { type Finding, ok, problem, warning } from '../finding.ts';
import type { SecurityGroup, Subnet } from '../ports.ts';
import { all, lookedAt } from '../unread.ts';

/** Tasks have a place in the network: all of it is in one VPC, and has room. */
export const network: Check = {
  name: 'network',
  title: 'Network',
  reads: ['ec2:DescribeSubnets', 'ec2:DescribeSecurityGroups', 'ecs:DescribeServices'],
  run: (facts) =>
    all([
      lookedAt('subnets', () => subnets(facts)),
      lookedAt('security groups', () => securityGroups(facts)),
      lookedAt('free addresses', () => room(facts)),
    ]),
};

async function subnets(facts: Facts): Promise<readonly Finding[]> {
  return present('subnet', facts.request.environment.subnets, await facts.subnets());
}

async function securityGroups(facts: Facts): Promise<readonly Finding[]> {
  const groups = await facts.securityGroups();
  const { securityGroups: ids } = facts.request.environment;
  const found = present('security group', ids, groups);
  // Unknown subnets are told of by themselves.
  const inSubnets = await facts.subnets().catch((): readonly Subnet[] => []);
  const [vpcId] = vpcsOf(inSubnets);
  const strangers = groups.filter((group) => vpcId !== undefined && group.vpcId !== vpcId);
  return [
    ...found,
    ...strangers.map((group) =>
      problem(
        `security group ${group.id}`,
        `is in ${group.vpcId}, but the subnets are in ${vpcId}`,
        { hint: 'Tasks take security groups of their own VPC only.' },
      ),
    ),
  ];
}

/** Each is there, and all of them are in one VPC. */
function present(
  kind: string,
  ids: readonly string[],
  found: readonly (SecurityGroup | Subnet)[],
): readonly Finding[] {
  const missing = ids.filter((id) => !found.some((each) => each.id === id));
  const vpcs = vpcsOf(found);
  const problems = [
    ...missing.map((id) =>
      problem(`${kind} ${id}`, 'does not exist', {
        hint: 'Correct the configuration, or look whether it is in another Region or account.',
      }),
    ),
    ...(vpcs.length > 1
      ? [
          problem(`${kind}s`, `are in several VPCs: ${vpcs.join(', ')}`, {
            hint: 'Name those of one.',
          }),
        ]
      : []),
  ];
  if (problems.length > 0 || ids.length === 0) return problems;
  return [ok(`${kind}${ids.length === 1 ? '' : 's'} ${ids.join(', ')}`, `in ${vpcs.join()}`)];
}

function vpcsOf(things: readonly (SecurityGroup | Subnet)[]): string[] {
  return [...new Set(things.map(({ vpcId }) => vpcId))];
}

/** A deploy runs the new version's tasks beside those of the old one. */
async function room(facts: Facts): Promise<readonly Finding[]> {
  const [found, { desiredCount }] = await Promise.all([facts.subnets(), facts.service()]);
  const free = found.reduce((sum, { freeAddresses }) => sum + freeAddresses, 0);
  if (found.length === 0 || free >= desiredCount) return [];
  return [
    warning(
      'free addresses',
      `the subnets have ${free}, but a deploy starts ${desiredCount} more tasks`,
      {
        hint: 'Add a subnet, or free some.',
      },
    ),
  ];
}
