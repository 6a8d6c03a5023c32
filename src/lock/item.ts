import { MalformedLockItemError } from './errors.ts';
import { formatLeaseDuration, parseLeaseDuration } from './lease-duration.ts';

/**
 * One attribute as DynamoDB types it. Only strings and bytes mean something here; the others are
 * carried along.
 * @see AttributeValue, Amazon DynamoDB API Reference
 */
export interface AttributeValue {
  readonly S?: string | undefined;
  readonly B?: Uint8Array | undefined;
}

/** An item as it is stored, with whatever other attributes people have put into it. */
export type RawItem = Readonly<Record<string, AttributeValue>>;

/** Attributes to write. */
export type WritableAttributes = Readonly<
  Record<string, { readonly S: string } | { readonly B: Uint8Array }>
>;

/**
 * The names that dynamolock for Go and the lock client for Java use, in every version. The partition
 * key is the store's affair.
 */
export const ATTRIBUTE = {
  owner: 'ownerName',
  leaseDuration: 'leaseDuration',
  recordVersionNumber: 'recordVersionNumber',
  isReleased: 'isReleased',
  data: 'data',
} as const;

/** The one value of `isReleased` that the conditional writes of every client look for. */
export const RELEASED = '1';

/** A lock's item, decoded. */
export interface LockRecord {
  /** Who wrote it last. Opaque. */
  readonly owner: string;
  /** What the owner keeps in it. Empty when it keeps nothing. */
  readonly data: Uint8Array;
  /** 0 when the owner has yielded the lock: it may be taken over at once. */
  readonly leaseDurationMs: number;
  /** New with every write. Opaque, to be compared for equality only. */
  readonly recordVersionNumber: string;
  readonly isReleased: boolean;
  readonly item: RawItem;
}

/** Whoever has the lock: a record that is not released. */
export type HolderInfo = LockRecord;

/**
 * Decodes an item.
 * @throws {MalformedLockItemError} naming the attribute that no lock client could have written so.
 */
export function decodeItem(key: string, item: RawItem): LockRecord {
  return {
    owner: requiredString(key, item, ATTRIBUTE.owner),
    data: bytes(key, item, ATTRIBUTE.data),
    leaseDurationMs: leaseDuration(key, item),
    recordVersionNumber: requiredString(key, item, ATTRIBUTE.recordVersionNumber),
    isReleased: isReleased(key, item),
    item,
  };
}

/** What a write of the lock may change. */
export interface LockFields {
  readonly owner?: string | undefined;
  readonly leaseDurationMs?: number | undefined;
  readonly recordVersionNumber?: string | undefined;
  readonly data?: Uint8Array | undefined;
  readonly isReleased?: true | undefined;
}

/** Encodes the fields that are given. */
export function encodeFields(fields: LockFields): WritableAttributes {
  const attributes: Record<string, { S: string } | { B: Uint8Array }> = {};
  const { owner, leaseDurationMs, recordVersionNumber, data } = fields;
  if (owner !== undefined) attributes[ATTRIBUTE.owner] = { S: owner };
  if (leaseDurationMs !== undefined) {
    attributes[ATTRIBUTE.leaseDuration] = { S: formatLeaseDuration(leaseDurationMs) };
  }
  if (recordVersionNumber !== undefined) {
    attributes[ATTRIBUTE.recordVersionNumber] = { S: recordVersionNumber };
  }
  if (data !== undefined) attributes[ATTRIBUTE.data] = { B: data };
  if (fields.isReleased) attributes[ATTRIBUTE.isReleased] = { S: RELEASED };
  return attributes;
}

function requiredString(key: string, item: RawItem, attribute: string): string {
  const value = item[attribute];
  if (value?.S === undefined) {
    throw new MalformedLockItemError(key, attribute, `must be a string, but ${found(value)}`);
  }
  return value.S;
}

function bytes(key: string, item: RawItem, attribute: string): Uint8Array {
  const value = item[attribute];
  if (value === undefined) return new Uint8Array();
  if (value.B === undefined) {
    throw new MalformedLockItemError(
      key,
      attribute,
      // Not the value: the data may hold anything, secrets as well.
      `must be binary (B), but is of the type ${Object.keys(value).join()}; ` +
        'other lock clients would read it as empty',
    );
  }
  return value.B;
}

function leaseDuration(key: string, item: RawItem): number {
  const text = requiredString(key, item, ATTRIBUTE.leaseDuration);
  const durationMs = parseLeaseDuration(text);
  if (durationMs === undefined) {
    throw new MalformedLockItemError(
      key,
      ATTRIBUTE.leaseDuration,
      `must be a duration such as "10s", or milliseconds such as "10000", but is "${text}"`,
    );
  }
  return durationMs;
}

function isReleased(key: string, item: RawItem): boolean {
  const value = item[ATTRIBUTE.isReleased];
  if (value === undefined) return false;
  if (value.S !== RELEASED) {
    throw new MalformedLockItemError(
      key,
      ATTRIBUTE.isReleased,
      `must be the string "${RELEASED}" or absent, but ${found(value)}; ` +
        'other lock clients neither acquire such a lock nor give up on it',
    );
  }
  return true;
}

/** Names the type, and shows a value that is short. */
function found(value: AttributeValue | undefined): string {
  const [type, content] = Object.entries(value ?? {})[0] ?? [];
  if (type === undefined) return 'is missing';
  const isShort = ['S', 'N', 'BOOL'].includes(type) && String(content).length <= 16;
  return isShort ? `is ${type} ${JSON.stringify(content)}` : `is of the type ${type}`;
}
