import { ApiError } from '../world/operation.ts';

/** Members that are no strings, over all operations of the Query services. Every other one is. */
const KINDS: Readonly<Record<string, 'boolean' | 'list' | 'number'>> = {
  DurationSeconds: 'number',
  HealthCheckIntervalSeconds: 'number',
  HealthCheckTimeoutSeconds: 'number',
  HealthyThresholdCount: 'number',
  MaxItems: 'number',
  MaxResults: 'number',
  MaxSessionDuration: 'number',
  Order: 'number',
  PageSize: 'number',
  Port: 'number',
  Priority: 'number',
  SessionTimeout: 'number',
  TargetControlPort: 'number',
  UnhealthyThresholdCount: 'number',
  Weight: 'number',

  DryRun: 'boolean',
  Enabled: 'boolean',
  HealthCheckEnabled: 'boolean',
  IgnoreClientCertificateExpiry: 'boolean',
  ResetTransforms: 'boolean',
  UseExistingClientSecret: 'boolean',

  // Only an empty list needs this: it is sent as `RuleArns=`, which looks like an empty string.
  ActionNames: 'list',
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
export type FormNode = Map<string, FormNode> | string;

/**
 * The input of a Query request: `Actions.member.1.Type=forward` becomes
 * `{ Actions: [{ Type: 'forward' }] }`. Action and Version are left out.
 * @see AWS Query protocol, Smithy
 * @throws {ApiError} MalformedInput
 */
export function readQueryInput(parameters: URLSearchParams): Record<string, unknown> {
  return membersOf(readForm(parameters));
}

/**
 * A form as a tree: `a.b=c` is the member `b` of `a`. Action and Version are left out.
 * @throws {ApiError} MalformedInput
 */
export function readForm(parameters: URLSearchParams): Map<string, FormNode> {
  const root = new Map<string, FormNode>();
  for (const [name, text] of parameters) {
    if (name !== 'Action' && name !== 'Version') insert(root, name, text);
  }
  return root;
}

/**
 * The items of a list, whose members are numbers, in order.
 * @param list Where it stands in the form, for messages.
 * @throws {ApiError} MalformedInput
 */
export function listItems(node: ReadonlyMap<string, FormNode>, list: string): FormNode[] {
  return [...node]
    .map(([index, item]) => ({ index: indexOf(index, list), item }))
    .sort((a, b) => a.index - b.index)
    .map(({ item }) => item);
}

function insert(root: Map<string, FormNode>, name: string, text: string): void {
  const path = name.split('.');
  const last = path.pop() ?? '';
  let node = root;
  for (const part of path) {
    const child = node.get(part) ?? new Map<string, FormNode>();
    if (typeof child === 'string') throw malformed(`${name} contradicts another parameter.`);
    node.set(part, child);
    node = child;
  }
  if (node.has(last)) throw malformed(`${name} is given twice.`);
  node.set(last, text);
}

function membersOf(node: Map<string, FormNode>): Record<string, unknown> {
  return Object.fromEntries([...node].map(([name, child]) => [name, valueOf(child, name)]));
}

/**
 * Items of lists are texts or structures: no operation takes a list of numbers.
 * @param member The name of the member that `node` is the value of, or an item of.
 */
function valueOf(node: FormNode, member: string): unknown {
  if (typeof node === 'string') return scalarOf(node, member);
  const items = node.get('member');
  if (!(items instanceof Map)) return membersOf(node);
  if (node.size > 1) throw malformed(`${member} is both a list and a structure.`);
  return listItems(items, `${member}.member`).map((item) =>
    typeof item === 'string' ? item : valueOf(item, member),
  );
}

function indexOf(text: string, list: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(text)) throw malformed(`${list}.${text} is no list item.`);
  return Number(text);
}

/**
 * The value of a text, by what the member holds.
 * @throws {ApiError} MalformedInput
 */
export function scalarOf(text: string, member: string): unknown {
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
