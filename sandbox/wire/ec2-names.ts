/**
 * How EC2 spells on the wire what the SDK spells otherwise, over all operations that the sandbox
 * implements. A list in a request has the name of one item.
 */
const LISTS_IN_REQUESTS: Readonly<Record<string, string>> = {
  Filter: 'Filters',
  GroupId: 'GroupIds',
  SubnetId: 'SubnetIds',
  Value: 'Values',
  VpcId: 'VpcIds',
};

const IN_REQUESTS: Readonly<Record<string, string>> = { GroupDescription: 'Description' };

const IN_RESPONSES: Readonly<Record<string, string>> = {
  Description: 'groupDescription',
  SecurityGroups: 'securityGroupInfo',
  Subnets: 'subnetSet',
  Vpcs: 'vpcSet',
};

/** The SDK's name of a request's member. One that is not known stays: it is refused by name. */
export function ec2InputName(wireName: string, isList: boolean): string {
  const names = isList ? LISTS_IN_REQUESTS : IN_REQUESTS;
  return Object.hasOwn(names, wireName) ? (names[wireName] ?? wireName) : wireName;
}

/** The element that a member of an answer is written as. */
export function ec2OutputName(name: string): string {
  if (Object.hasOwn(IN_RESPONSES, name)) return IN_RESPONSES[name] ?? name;
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}
