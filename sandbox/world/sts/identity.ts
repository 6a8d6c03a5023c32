import { createHash } from 'node:crypto';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A role's or a user's unique id, always the same for the same ARN, e.g. `AROA…`. */
export function uniqueId(kind: 'AROA' | 'AIDA', arn: string): string {
  const hash = createHash('sha256').update(arn).digest();
  return `${kind}${[...hash.subarray(0, 17)].map((byte) => BASE32.charAt(byte % 32)).join('')}`;
}

/** The parts of `arn:aws:iam::<account>:role/<path and name>`; undefined for anything else. */
export function parseRoleArn(
  arn: string,
): { partition: string; accountId: string; name: string } | undefined {
  const [, partition, accountId, path] =
    /^arn:(aws[a-z-]*):iam::(\d{12}):role\/([\w+=,.@/-]+)$/.exec(arn) ?? [];
  const name = path?.split('/').at(-1);
  return partition && accountId && name ? { partition, accountId, name } : undefined;
}

/** The parts of an assumed role's ARN; undefined for any other principal. */
export function parseAssumedRoleArn(
  arn: string,
): { roleArn: string; sessionName: string } | undefined {
  const [, partition, accountId, name, sessionName] =
    /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\/([^/]+)$/.exec(arn) ?? [];
  // A role's path is not in the ARN of its sessions; its name is unique without it.
  return partition && accountId && name && sessionName
    ? { roleArn: `arn:${partition}:iam::${accountId}:role/${name}`, sessionName }
    : undefined;
}
