import type { HolderInfo } from '../lock/item.ts';

/** Why nobody may deploy, until a person says so. */
export interface Hold {
  readonly reason: string;
  /** Who put it there, e.g. `ann@laptop`; for showing only. */
  readonly by: string;
  /** ISO 8601, by that person's clock; for showing only. */
  readonly since: string;
  /** Whether the lock was free before: then it is free afterwards, whatever its data says. */
  readonly wasFree: boolean;
}

type JsonRecord = Readonly<Record<string, unknown>>;

/** What a lock's data says when no deploy was ever recorded: for the original, a deploy long done. */
const NO_DEPLOY: JsonRecord = {
  Artifact: { BuildNumber: 0, Value: '', Tags: null },
  ConfigSHA: '',
  NewTaskSetID: '',
  NewActiveColor: '',
  Done: true,
  Step: 0,
};
const VERSION = 1;

/** The hold that a lock's holder stands for; undefined when the holder is a deploy. */
export function holdIn(holder: HolderInfo): Hold | undefined {
  const { Hold: hold } = ownPart(parsed(holder.data)) as {
    Hold?: Partial<Record<string, unknown>>;
  };
  if (typeof hold !== 'object' || hold === null) return undefined;
  const text = (name: string) => (typeof hold[name] === 'string' ? hold[name] : 'unknown');
  return {
    reason: text('Reason'),
    by: text('By'),
    since: text('Since'),
    wasFree: hold['WasFree'] === true,
  };
}

/**
 * Adds a hold to what a lock's data records. The rest stays as it is, so that a deploy which was cut
 * off can be finished after the hold.
 */
export function withHold(data: Uint8Array, { reason, by, since, wasFree }: Hold): Uint8Array {
  const record = parsed(data) ?? NO_DEPLOY;
  const hold = { Reason: reason, By: by, Since: since, WasFree: wasFree };
  const x = { V: VERSION, ...ownPart(record), Hold: hold };
  return encoded({ ...record, X: x });
}

/** Takes the hold out again. */
export function withoutHold(data: Uint8Array): Uint8Array {
  const record = parsed(data) ?? NO_DEPLOY;
  const { X: _, ...original } = record;
  const { Hold: _hold, ...own } = ownPart(record);
  // Nothing but the version: there was no part of ours before.
  return encoded(Object.keys(own).length > 1 ? { ...original, X: own } : original);
}

function ownPart(record: JsonRecord | undefined): JsonRecord {
  const own = record?.['X'];
  return typeof own === 'object' && own !== null ? (own as JsonRecord) : {};
}

/** Data that is none of ours is no obstacle: a deploy would replace it as well. */
function parsed(data: Uint8Array): JsonRecord | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonRecord)
      : undefined;
  } catch {
    return undefined;
  }
}

function encoded(record: JsonRecord): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(record));
}
