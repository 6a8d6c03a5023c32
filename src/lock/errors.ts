import type { LockRecord } from './item.ts';

/**
 * Why a lease gives no right any more.
 * - `taken`: the record carries another owner's name, or a version that this lease never wrote.
 * - `released`: somebody marked the record as released.
 * - `deleted`: the record is gone.
 * - `malformed`: somebody overwrote the record with what no lock client understands.
 * - `expired`: no write was confirmed for a whole lease, so somebody may have taken it.
 * - `suspect`: not lost, but too little of the lease is left to begin anything that changes things.
 * - `ended`: this process released or yielded it, or is about to.
 */
export type LeaseLostReason =
  | 'taken'
  | 'released'
  | 'deleted'
  | 'malformed'
  | 'expired'
  | 'suspect'
  | 'ended';

/** What is known about a lost lease, beside its reason. */
export interface LeaseLostDetails {
  readonly key: string;
  /** The record as it was found, when it could be read: whose it is now. */
  readonly current?: LockRecord | undefined;
  /** The last thing that went wrong on the way to the store. */
  readonly cause?: unknown;
  /**
   * True when a release or a yield was sent and its answer was lost before the lease was. It may have
   * been that write that freed the lock for the next owner.
   */
  readonly endMayBeWritten?: boolean;
}

/** The lease does not allow what was asked. Nothing was written on behalf of the call. */
export class LeaseLostError extends Error {
  readonly key: string;
  readonly reason: LeaseLostReason;
  readonly current: LockRecord | undefined;
  readonly endMayBeWritten: boolean;

  constructor(reason: LeaseLostReason, details: LeaseLostDetails) {
    super(messageFor(reason, details), details.cause === undefined ? {} : { cause: details.cause });
    this.name = 'LeaseLostError';
    this.key = details.key;
    this.reason = reason;
    this.current = details.current;
    this.endMayBeWritten = details.endMayBeWritten ?? false;
  }
}

/** What follows "The lock … ". */
const EXPLANATION: Readonly<Record<LeaseLostReason, string>> = {
  taken: 'was taken over by',
  released: 'was released by somebody else',
  deleted: 'was deleted by somebody else',
  malformed: 'was overwritten with an item that no lock client understands',
  expired: 'may be lost: no write to it was confirmed for a whole lease',
  suspect: 'was not confirmed lately: too little of its lease is left to change anything',
  ended: 'was given up by this process',
};

function messageFor(reason: LeaseLostReason, { key, current }: LeaseLostDetails): string {
  const by = current ? `"${current.owner}"` : 'somebody else';
  return `The lock "${key}" ${EXPLANATION[reason]}${reason === 'taken' ? ` ${by}` : ''}.`;
}

/** The item under a lock's key is none that this protocol allows. Nothing was written. */
export class MalformedLockItemError extends Error {
  readonly key: string;
  /** The attribute that is wrong. */
  readonly attribute: string;

  constructor(key: string, attribute: string, problem: string) {
    super(`The item of the lock "${key}" is malformed: ${attribute} ${problem}.`);
    this.name = 'MalformedLockItemError';
    this.key = key;
    this.attribute = attribute;
  }
}
