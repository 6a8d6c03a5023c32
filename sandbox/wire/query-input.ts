import { ApiError } from '../world/operation.ts';

/** Members that are no strings, over all operations of ELBv2 and STS. Every other one is. */
const KINDS: Readonly<Record<string, 'boolean' | 'list' | 'number'>> = {
  DurationSeconds: 'number',
  HealthCheckIntervalSeconds: 'number',
  HealthCheckTimeoutSeconds: 'number',
  HealthyThresholdCount: 'number',
  Order: 'number',
  PageSize: 'number',
  Port: 'number',
  Priority: 'number',
  SessionTimeout: 'number',
  TargetControlPort: 'number',
  UnhealthyThresholdCount: 'number',
  Weight: 'number',

  Enabled: 'boolean',
  HealthCheckEnabled: 'boolean',
  IgnoreClientCertificateExpiry: 'boolean',
  ResetTransforms: 'boolean',
  UseExistingClientSecret: 'boolean',

  // Only an empty list needs this: it is sent as `RuleArns=`, which looks like an empty string.
  Actions: 'list',
  AlpnPolicy: 'list',
  Attributes: 'list',
  Certificates: 'list',
  Conditions: 'list',
  DefaultActions: 'list',
  Include: 'list',
  ListenerArns: 'list',
  LoadBalancerArns: 'list',
  Names: 'list',
  PolicyArns: 'list',
  ProvidedContexts: 'list',
  RegexValues: 'list',
  ResourceArns: 'list',
  RuleArns: 'list',
  RulePriorities: 'list',
  SecurityGroups: 'list',
  SubnetMappings: 'list',
  Subnets: 'list',
  TagKeys: 'list',
  Tags: 'list',
  TargetGroupArns: 'list',
  TargetGroups: 'list',
  Targets: 'list',
  Transforms: 'list',
  TransitiveTagKeys: 'list',
  Values: 'list',
};

/** A member with members of its own, or its text. */
type Node = Map<string, Node> | string;

/**
 * The input of a Query request: `Actions.member.1.Type=forward` becomes
 * `{ Actions: [{ Type: 'forward' }] }`. Action and Version are left out.
 * @see AWS Query protocol, Smithy
 * @throws {ApiError} MalformedInput
 */
export function readQueryInput(parameters: URLSearchParams): Record<string, unknown> {
  const root = new Map<string, Node>();
  for (const [name, text] of parameters) {
    if (name !== 'Action' && name !== 'Version') insert(root, name, text);
  }
  return membersOf(root);
}

function insert(root: Map<string, Node>, name: string, text: string): void {
  const path = name.split('.');
  const last = path.pop() ?? '';
  let node = root;
  for (const part of path) {
    const child = node.get(part) ?? new Map<string, Node>();
    if (typeof child === 'string') throw malformed(`${name} contradicts another parameter.`);
    node.set(part, child);
    node = child;
  }
  if (node.has(last)) throw malformed(`${name} is given twice.`);
  node.set(last, text);
}

function membersOf(node: Map<string, Node>): Record<string, unknown> {
  return Object.fromEntries([...node].map(([name, child]) => [name, valueOf(child, name)]));
}

/**
 * Items of lists are texts or structures: neither service has a list of numbers.
 * @param member The name of the member that `node` is the value of, or an item of.
 */
function valueOf(node: Node, member: string): unknown {
  if (typeof node === 'string') return scalarOf(node, member);
  const items = node.get('member');
  if (!(items instanceof Map)) return membersOf(node);
  if (node.size > 1) throw malformed(`${member} is both a list and a structure.`);
  return [...items]
    .map(([index, item]) => ({ index: indexOf(index, member), item }))
    .sort((a, b) => a.index - b.index)
    .map(({ item }) => (typeof item === 'string' ? item : valueOf(item, member)));
}

function indexOf(text: string, member: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(text)) throw malformed(`${member}.member.${text} is no list item.`);
  return Number(text);
}

function scalarOf(text: string, member: string): unknown {
  const kind = Object.hasOwn(KINDS, member) ? KINDS[member] : undefined;
  if (kind === 'number') {
    if (!/^-?[0-9]{1,15}$/.test(text)) throw malformed(`${member} must be a whole number.`);
    return Number(text);
  }
  if (kind === 'boolean') {
    if (text !== 'true' && text !== 'false') throw malformed(`${member} must be true or false.`);
    return text === 'true';
  }
  return kind === 'list' && text === '' ? [] : text;
}

function malformed(message: string): ApiError {
  return new ApiError('MalformedInput', message);
}
