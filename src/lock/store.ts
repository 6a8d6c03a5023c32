import type { RawItem, WritableAttributes } from './item.ts';

/**
 * What must hold of the item for a write to be made, judged by the store in the same instant.
 * - `free`: there is no item, or it is released (`isReleased` is the string `1`), its data, if any,
 *   is binary, and its owner, if any, is not the claimant: that one had it, and is through with it.
 * - `released`: the item is released and still has this version, which a release does not change.
 * - `held`: the item is not released, is this owner's and has one of these versions.
 */
export type LockCondition =
  | { readonly kind: 'free'; readonly claimant?: string }
  | { readonly kind: 'released'; readonly version: string }
  | { readonly kind: 'held'; readonly owner: string; readonly versions: readonly string[] };

/** The most versions that a condition may list: what DynamoDB takes in one `IN`. */
export const MAX_VERSIONS = 100;

/** A write that leaves alone every attribute that it does not name. */
export interface LockUpdate {
  readonly set: WritableAttributes;
  readonly remove: readonly string[];
  readonly condition: LockCondition;
}

/** Either the item before the write, or the item that did not meet the condition. */
export type LockUpdateResult =
  | { readonly written: true; readonly previous: RawItem | undefined }
  | { readonly written: false; readonly current: RawItem | undefined };

/**
 * Where lock items are kept. It must be linearizable: a read sees every write that was answered
 * before it began.
 *
 * A promise that rejects with anything but a `LockStoreError` counts as an unknown outcome.
 */
export interface LockStore {
  /** Reads an item consistently; undefined when there is none. */
  read(key: string, signal?: AbortSignal): Promise<RawItem | undefined>;
  /** Writes an item, or makes it, if the condition holds. Must not repeat the write by itself. */
  update(key: string, update: LockUpdate, signal?: AbortSignal): Promise<LockUpdateResult>;
}

/**
 * How a request failed.
 * - `unknown`: a write may or may not have been made, or may yet be.
 * - `throttled`: nothing was written; the same request may succeed a moment later.
 * - `denied`: nothing was written for want of permission, credentials or a table.
 * - `invalid`: nothing was written; this very request can never succeed.
 */
export type LockStoreFailure = 'unknown' | 'throttled' | 'denied' | 'invalid';

/** A request to the store failed. */
export class LockStoreError extends Error {
  readonly failure: LockStoreFailure;
  /** Whether a write was sent whose outcome is unknown, by this request or by one that it repeats. */
  readonly mayHaveWritten: boolean;

  constructor(
    failure: LockStoreFailure,
    message: string,
    { mayHaveWritten = false, ...options }: { cause?: unknown; mayHaveWritten?: boolean } = {},
  ) {
    super(message, options);
    this.name = 'LockStoreError';
    this.failure = failure;
    this.mayHaveWritten = mayHaveWritten;
  }

  /** Whether the item is certainly as it was before. */
  get definitelyNotApplied(): boolean {
    return this.failure !== 'unknown';
  }
}

/** Whether the same request may succeed a moment later, without anybody doing anything about it. */
export function isPassing(error: unknown): boolean {
  const failure = error instanceof LockStoreError ? error.failure : undefined;
  return failure === 'unknown' || failure === 'throttled';
}

/** What a failed request says about its write. */
export function failureOf(error: unknown): LockStoreFailure {
  return error instanceof LockStoreError ? error.failure : 'unknown';
}
