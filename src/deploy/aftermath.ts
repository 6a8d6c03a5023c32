import { LeaseLostError } from '../lock/errors.ts';
import { inspect } from '../lock/inspect.ts';
import type { LockRecord } from '../lock/item.ts';
import type { Serving } from '../report/events.ts';
import { describeNow, lockKeyOf } from './held-lock.ts';
import type { Color } from './model.ts';
import type { DeployRequest, DeployTools, TakenUp } from './request.ts';
import { findServing } from './serving.ts';
import type { DeployContext } from './step.ts';
import { within } from './within.ts';

/** A deploy that stopped in the middle. */
export interface Unfinished {
  readonly request: DeployRequest;
  readonly takenUp: TakenUp;
  readonly context: DeployContext;
  readonly artifacts: DeployTools['artifacts'];
  readonly lockStore: DeployTools['lockStore'];
}

/** What is known about the lock, in a sentence. */
export interface LockNow {
  readonly told: string;
  /** Then there is nothing to resume. */
  readonly isFree: boolean;
}

/** Somebody has it, or nobody knows. */
export const toldOnly = (told: string): LockNow => ({ told, isFree: false });

/** The lock may have changed hands more than once since it was lost. */
export async function whoHasLock(unfinished: Unfinished): Promise<LockNow> {
  const { lease } = unfinished.takenUp;
  try {
    const record = await readLock(unfinished);
    const isFree = !record || record.isReleased;
    return record?.owner === lease.owner && !isFree
      ? toldOnly("The lock's record is still this deploy's: nobody has taken it.")
      : { told: `The lock now: ${describeNow(record)}.`, isFree };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return toldOnly(`Who has the lock now could not be read (${why}).`);
  }
}

function readLock(unfinished: Unfinished): Promise<LockRecord | undefined> {
  const { context, lockStore, request } = unfinished;
  return within(context.clock, LOOK_LIMIT_MS, (signal) =>
    inspect(lockStore, lockKeyOf(request), signal),
  );
}

/**
 * Whether a deploy that lost its lock in its very last write has succeeded all the same: the record
 * says so, under its own name.
 */
export async function hasEndedWell(error: unknown, unfinished: Unfinished): Promise<boolean> {
  const { context, takenUp } = unfinished;
  if (!(error instanceof LeaseLostError) || !error.endMayBeWritten) return false;
  if (!context.checkpoint.current.done) return false;
  const record = await readLock(unfinished).catch(() => undefined);
  return record?.owner === takenUp.lease.owner && record.isReleased;
}

/** An ending must not take longer than people wait for it. */
const LOOK_LIMIT_MS = 5_000;

/** What could be found out about who serves. */
export interface Traffic {
  readonly serving?: Serving | undefined;
  /** The colour that the rules send it to. */
  readonly active?: Color;
  readonly unreadable?: unknown;
  /** A sentence for the message about that failure; empty when `serving` tells it all. */
  noteAfter(error: Error): string;
}

/** Reads who serves; never rejects. */
export async function readTraffic({ artifacts, context, takenUp }: Unfinished): Promise<Traffic> {
  const { current } = context.checkpoint;
  try {
    const { active, serving } = await within(context.clock, LOOK_LIMIT_MS, () =>
      findServing(context.aws, takenUp.plan, artifacts, current),
    );
    const note = serving ? '' : `Traffic goes to ${active}, where no task set serves.`;
    return { active, serving, noteAfter: () => note };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      unreadable: error,
      noteAfter: (failure) =>
        failure.message === why
          ? 'So it is unknown which version serves.'
          : `Which version serves could not be read (${why}).`,
    };
  }
}
