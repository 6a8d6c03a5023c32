import { createHash } from 'node:crypto';
import type { OwnCheckpoint } from './checkpoint.ts';

type Lineage = Pick<OwnCheckpoint, 'deployId' | 'attempt'>;

/** By this a task set is known as ours, also when the answer to its creation was lost. */
export function externalIdOf({ deployId, attempt }: Lineage): string {
  return `${deployId}.${attempt}`;
}

/**
 * The same for every repetition of one creation, another for each attempt and each start-over.
 * @see CreateTaskSet.clientToken, Amazon ECS API Reference: at most 36 ASCII characters
 */
export function clientTokenOf(lineage: Lineage): string {
  return createHash('sha256').update(externalIdOf(lineage)).digest('hex').slice(0, 36);
}

/** 80 random bits. */
export function newDeployId(randomBytes: (count: number) => Uint8Array): string {
  return Buffer.from(randomBytes(10)).toString('hex');
}
