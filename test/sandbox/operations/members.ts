/**
 * The SDK drops what it does not know: a member that the sandbox spells wrongly, or puts in the wrong
 * place, would be missing without a trace. So the names on the wire are compared with those that
 * come out of the SDK.
 */
import type { Pluggable } from '@smithy/types';
import type { SdkClients } from '../../support/sdk.ts';

/** DynamoDB answers these too, though its model has them not. */
const NOT_IN_MODEL = new Set(['TableThroughputModeSummary']);

/** What the SDK makes of EC2's own names. */
const EC2_NAMES: Readonly<Record<string, string>> = {
  groupDescription: 'Description',
  securityGroupInfo: 'SecurityGroups',
  subnetSet: 'Subnets',
  vpcSet: 'Vpcs',
};

/** Makes every call of these clients fail whose answer has a member that the SDK does not know. */
export function refuseUnknownMembers({ destroy: _destroy, ...clients }: SdkClients): void {
  for (const client of Object.values(clients)) refuseUnknownMembersOf(client);
}

/** As `refuseUnknownMembers`, for one client. */
export function refuseUnknownMembersOf(client: { readonly middlewareStack: object }): void {
  // Each client wants inputs and outputs of its own; here nothing depends on them.
  (client.middlewareStack as { use(plugin: Pluggable<object, object>): void }).use(COMPARISON);
}

const COMPARISON: Pluggable<object, object> = {
  applyToStack: (stack) => {
    stack.add(
      (next) => async (args) => {
        const result = await next(args);
        const { body } = result.response as { body: Uint8Array };
        const { $metadata: _, ...output } = result.output as Record<string, unknown>;
        const sent = namesIn(Buffer.from(body).toString('utf8'));
        const understood = namesOf(output);
        if (sent.join() !== understood.join()) {
          const unknown = sent.filter((name) => !understood.includes(name));
          throw new Error(`The SDK does not understand all that was answered: ${unknown.join()}`);
        }
        return result;
      },
      { step: 'deserialize', name: 'compareMembers', priority: 'high' },
    );
  },
};

/** The names of all members in a body of either protocol, sorted, each as often as it stands there. */
function namesIn(body: string): string[] {
  if (body.startsWith('{')) return namesOf(JSON.parse(body));
  const [, result] = /<(?:\w+)Result>(.*)<\/\w+Result>/s.exec(body) ?? [];
  if (result === undefined) return ec2NamesIn(body);
  return Array.from(result.matchAll(/<(\w+)>/g), ([, name]) => name!)
    .filter((name) => name !== 'member')
    .sort();
}

/** EC2 spells its members otherwise than the SDK: the names are turned back. */
function ec2NamesIn(body: string): string[] {
  const [, result = ''] = /<requestId>[^<]*<\/requestId>(.*)<\/\w+Response>/s.exec(body) ?? [];
  return Array.from(result.matchAll(/<(\w+)>/g), ([, name]) => name!)
    .filter((name) => name !== 'item')
    .map((name) => EC2_NAMES[name] ?? `${name.charAt(0).toUpperCase()}${name.slice(1)}`)
    .sort();
}

function namesOf(value: unknown): string[] {
  const names: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || node instanceof Date) return;
    if (node instanceof Uint8Array) return;
    for (const [name, member] of Object.entries(node)) {
      if (member === undefined || member === null || NOT_IN_MODEL.has(name)) continue;
      if (!Array.isArray(node)) names.push(name);
      visit(member);
    }
  };
  visit(value);
  return names.sort();
}
