import { isoTime } from '../clock.ts';
import { LockedError, RefusedError } from '../errors.ts';
import { breakLock as overwriteAsReleased } from '../lock/break-lock.ts';
import { holdLock, liftHold } from '../lock/hold-lock.ts';
import { inspect } from '../lock/inspect.ts';
import type { HolderInfo, LockRecord } from '../lock/item.ts';
import { listen } from '../lock/listen.ts';
import type { Checkpoint } from './checkpoint.ts';
import {
  describeHolder,
  describeNow,
  hasYielded,
  isDone,
  lockKeyOf,
  readCheckpoint,
} from './held-lock.ts';
import { holdIn, withHold, withoutHold } from './hold.ts';
import { commandLine, lockCommandLine, withSha } from './next-commands.ts';
import type { DeployTools, LockTarget } from './request.ts';

/** What people who look after a lock need. */
export type LockTools = Pick<
  DeployTools,
  'lockStore' | 'clock' | 'randomBytes' | 'lease' | 'report' | 'interrupt'
> & { readonly user: string };

/**
 * Keeps everybody from deploying until the hold is lifted, deployers of the original tool as well.
 * What a deploy that was cut off has recorded is kept, to be finished after the hold.
 * @throws {LockedError} when a deploy is at work, or the lock is on hold already. Nothing was written.
 */
export async function holdDeploys(
  target: LockTarget,
  reason: string,
  tools: LockTools,
): Promise<void> {
  const seen = await inspect(tools.lockStore, lockKeyOf(target), tools.interrupt);
  if (seen && !seen.isReleased) {
    const hold = holdIn(seen);
    if (hold) {
      throw new LockedError(`It is on hold already: ${hold.reason} (${hold.by}, ${hold.since}).`, {
        hint: `Lift that hold first: ${lockCommandLine(target, 'release')}`,
      });
    }
    await assertSilent(target, seen, tools, 'Wait until it has ended, then hold.');
  }
  const wasFree = !seen || seen.isReleased;
  const hold = { reason, by: tools.user, since: isoTime(tools.clock), wasFree };
  const outcome = await holdLock({
    ...optionsOf(target, tools),
    over: seen,
    data: withHold(seen?.data ?? new Uint8Array(), hold),
  });
  if (!outcome.written) throw hasChanged(target, outcome.current);
}

/**
 * Lifts a hold.
 * @returns the deploy that was cut off before the hold and waits for a decision again, if there is one.
 * @throws {RefusedError} when there is no hold, {LockedError} when it changed meanwhile. Nothing was
 *   written.
 */
export async function releaseHold(
  target: LockTarget,
  tools: LockTools,
): Promise<Checkpoint | undefined> {
  const seen = await inspect(tools.lockStore, lockKeyOf(target), tools.interrupt);
  const hold = seen && !seen.isReleased ? holdIn(seen) : undefined;
  if (!seen || !hold) {
    const isFree = !seen || seen.isReleased;
    throw new RefusedError(
      isFree ? 'There is no hold: the lock is free.' : `That is no hold: ${describeHolder(seen)}.`,
      { hint: isFree ? 'Nothing keeps you from deploying.' : breakHint(target) },
    );
  }
  const unfinished = hold.wasFree ? undefined : unfinishedIn(seen);
  const outcome = await liftHold({
    ...optionsOf(target, tools),
    seen,
    data: withoutHold(seen.data),
    to: unfinished ? 'yielded' : 'free',
  });
  if (!outcome.written) throw hasChanged(target, outcome.current);
  return unfinished;
}

/**
 * Frees a lock whose holder will not do so itself. Its deploy can't be resumed any more.
 * @param evenIfLive Also when the holder is at work: it notices with its next heartbeat, but what it
 *   has under way at that moment still takes effect.
 * @returns the holder that lost it, undefined when the lock was free.
 * @throws {LockedError} when the holder is alive, {RefusedError} for a hold. Nothing was written.
 */
export async function breakLock(
  target: LockTarget,
  { evenIfLive }: { readonly evenIfLive: boolean },
  tools: LockTools,
): Promise<HolderInfo | undefined> {
  const seen = await inspect(tools.lockStore, lockKeyOf(target), tools.interrupt);
  if (!seen || seen.isReleased) return undefined;
  const hold = holdIn(seen);
  if (hold) {
    throw new RefusedError(`Nothing is at work: it is on hold (${hold.reason}; ${hold.by}).`, {
      hint: `Lift the hold: ${lockCommandLine(target, 'release')}`,
    });
  }
  const hint = 'Wait until it has ended; --even-if-live breaks its lock all the same.';
  if (!evenIfLive) await assertSilent(target, seen, tools, hint);
  return overwriteUntilBroken(target, seen, { evenIfLive }, tools);
}

/** A holder that is alive writes every second, so that what was seen may be out of date. */
async function overwriteUntilBroken(
  target: LockTarget,
  seen: HolderInfo,
  { evenIfLive }: { readonly evenIfLive: boolean },
  tools: LockTools,
): Promise<HolderInfo | undefined> {
  let holder = seen;
  for (;;) {
    const outcome = await overwriteAsReleased({ ...optionsOf(target, tools), seen: holder });
    if (outcome.broken) return holder;
    const { current } = outcome;
    if (!current || current.isReleased) return undefined;
    // The consent was for this holder, not for whoever came after it.
    if (!evenIfLive || current.owner !== seen.owner) throw hasChanged(target, current);
    holder = current;
  }
}

/** What can be told about the deploy that lost its lock, and about what is still possible. */
export function afterBreaking(target: LockTarget, holder: HolderInfo): string[] {
  const checkpoint = unfinishedIn(holder);
  if (!checkpoint) return ['No deploy was cut off by it.'];
  const { artifact, newTaskSetId, step } = checkpoint;
  const again = commandLine(withSha(target, checkpoint), '-start-over');
  return [
    `The deploy of ${artifact.value} was at step ${step}; it can't be resumed any more.`,
    ...(newTaskSetId === ''
      ? []
      : [`Its task set ${newTaskSetId} is left as it is; the next deploy deals with it.`]),
    step >= 9
      ? `Traffic may have moved already, so begin anew with ${again}`
      : `To deploy it after all: ${again}`,
  ];
}

/** A whole lease must have passed without a word, as for taking a lock over. */
async function assertSilent(
  target: LockTarget,
  seen: HolderInfo,
  tools: LockTools,
  hint: string,
): Promise<void> {
  if (hasYielded(seen)) return;
  const { clock, interrupt, lockStore, report } = tools;
  const startedMs = clock.monotonicMs();
  const heard = await listen({
    store: lockStore,
    clock,
    key: lockKeyOf(target),
    seen,
    forMs: seen.leaseDurationMs + 1,
    signal: interrupt,
    onWait: (remainingMs) =>
      report({
        type: 'wait.progressed',
        waitingFor: `${describeHolder(seen)} to be silent for a whole lease`,
        elapsedMs: clock.monotonicMs() - startedMs,
        remainingMs,
      }),
  });
  if (heard.kind === 'sign') {
    const hold = holdIn(heard.current);
    if (hold) throw hasChanged(target, heard.current);
    throw new LockedError(`A deploy is at work: ${describeHolder(heard.current)}.`, { hint });
  }
  if (heard.kind === 'released') throw hasChanged(target, heard.current);
}

function unfinishedIn(holder: HolderInfo): Checkpoint | undefined {
  const checkpoint = readCheckpoint(holder);
  return checkpoint && !checkpoint.done && !isDone(holder) ? checkpoint : undefined;
}

function hasChanged(target: LockTarget, current: LockRecord | undefined): LockedError {
  return new LockedError(`The lock has changed meanwhile: ${describeNow(current)}.`, {
    hint: `Look again: ${lockCommandLine(target, 'show')}`,
  });
}

function breakHint(target: LockTarget): string {
  return `A deploy that will not end by itself is dealt with by -resume or -start-over, or by ${lockCommandLine(target, 'break')}`;
}

function optionsOf(target: LockTarget, { clock, lockStore, randomBytes, user }: LockTools) {
  return {
    store: lockStore,
    clock,
    random: randomBytes,
    key: lockKeyOf(target),
    ownerLabel: user,
  };
}
