import { ArtifactDbError } from '../artifactdb/errors.ts';
import {
  type DeployError,
  FailedAfterSwapError,
  FailedBeforeSwapError,
  InterruptedError,
  LockedError,
  NeedsHumanError,
  RefusedError,
} from '../errors.ts';
import { LeaseLostError } from '../lock/errors.ts';
import { GateClosedError } from './gate-check.ts';
import { Interruption } from './interruption.ts';
import { hasNoCredentials, loginHint } from './no-credentials.ts';
import { commandLine, lockCommandLine, nextCommands, withSha } from './next-commands.ts';
import { readTraffic, toldOnly, type Traffic, type Unfinished, whoHasLock } from './aftermath.ts';
import { CallFailedError } from './ports.ts';
import type { DeployRequest } from './request.ts';
import type { Checkpoint } from './checkpoint.ts';
import { swapHasBegun } from './recorded.ts';
import { StepFailedError } from './step.ts';

/**
 * What a deploy that stopped in the middle means: the one place where that is decided. Everything is
 * kept as it is, the lock is yielded so that a resume need not wait, and the ending tells the truth
 * about traffic.
 */
export async function endUnfinished(error: unknown, unfinished: Unfinished): Promise<Error> {
  const lost = lossOf(error, unfinished);
  if (lost) return lostLock(lost, unfinished);

  if (error instanceof Interruption) {
    const message = 'Stopping, and giving the lock up. A second signal ends this at once.';
    unfinished.context.report({ type: 'note', message });
  }
  const [traffic, lock] = await Promise.all([
    readTraffic(unfinished),
    giveUpLock(error, unfinished),
  ]);
  if (!isUnderstood(error)) return error instanceof Error ? error : new Error(String(error));
  return ended(error, traffic, lock, unfinished);
}

/** Refusals with nothing changed are reported as such; everything else by where traffic is. */
function ended(
  error: Error,
  traffic: Traffic,
  lock: string,
  { request, context }: Unfinished,
): DeployError {
  const { current, mayHaveChanged } = context.checkpoint;
  const message = sentences(error.message, traffic.noteAfter(error), lock);
  const isRefused = error instanceof GateClosedError; // By then nothing of this run has changed anything.
  const next = mayHaveChanged && !isRefused ? waysOn(error, withSha(request, current)) : '';
  const hint = [remedyOf(error), next].filter(Boolean).join(' ');
  const options = { hint, cause: error, serving: traffic.serving };

  if (error instanceof Interruption) return new InterruptedError(error.signal, message, options);
  if (isRefused || (error instanceof RefusedError && !mayHaveChanged))
    return new RefusedError(message, options);
  if (error instanceof NeedsHumanError) return new NeedsHumanError(message, options);
  if (mayHaveMoved(current, traffic)) return new NeedsHumanError(message, options);
  return traffic.serving?.taskSetId === current.newTaskSetId
    ? new FailedAfterSwapError(message, options)
    : new FailedBeforeSwapError(message, options);
}

/** Whether nobody can say that users get either of the two versions. */
function mayHaveMoved(current: Checkpoint, { active, serving, unreadable }: Traffic): boolean {
  // Rules that are not those of two colours any more may send it anywhere.
  if (unreadable instanceof RefusedError) return true;
  if (!swapHasBegun(current)) return false;
  return unreadable !== undefined || (!serving && active === current.newActiveColor);
}

/** One after the other, each with its full stop. */
function sentences(...parts: readonly string[]): string {
  return parts
    .filter((part) => part !== '')
    .map((part) => (/[.!?]$/.test(part) ? part : `${part}.`))
    .join(' ');
}

function waysOn(error: Error, named: DeployRequest): string {
  return error instanceof NeedsHumanError && !error.isResumable
    ? `To begin anew: ${commandLine(named, '-start-over')}`
    : nextCommands(named);
}

function remedyOf(error: Error): string {
  const login = loginHint(error);
  if (login !== undefined) return login;
  if (error instanceof StepFailedError) return error.remedy ?? '';
  if (error instanceof RefusedError || error instanceof NeedsHumanError) return error.hint;
  return '';
}

/** Everything that steps throw on purpose. Anything else is a bug, and is passed on as it is. */
function isUnderstood(error: unknown): error is Error {
  return (
    error instanceof StepFailedError ||
    (error instanceof Error && hasNoCredentials(error)) ||
    error instanceof CallFailedError ||
    error instanceof ArtifactDbError ||
    error instanceof RefusedError ||
    error instanceof NeedsHumanError ||
    error instanceof Interruption
  );
}

/** The loss may surface as the guard's error, as the aborted signal's reason, or as a later abort. */
function lossOf(error: unknown, { takenUp }: Unfinished): LeaseLostError | undefined {
  if (error instanceof LeaseLostError) return error;
  return takenUp.lease.state === 'LOST'
    ? (takenUp.lease.signal.reason as LeaseLostError)
    : undefined;
}

/** Nothing more is written, anywhere. */
async function lostLock(loss: LeaseLostError, unfinished: Unfinished): Promise<DeployError> {
  const { context, request, takenUp } = unfinished;
  const isLost = takenUp.lease.state === 'LOST';
  const named = withSha(request, context.checkpoint.current);
  const [traffic, lock] = await Promise.all([
    readTraffic(unfinished),
    // A lease that is given up already, or has too little left, is still ours to hand over.
    isLost ? whoHasLock(unfinished) : giveUpLock(loss, unfinished).then(toldOnly),
  ]);
  const { current } = context.checkpoint;
  const stopped =
    loss.endMayBeWritten && current.done
      ? 'The deploy had recorded its success by then, and its own release may have let the next one in.'
      : `The deploy stopped in step ${current.step} and has begun nothing since.`;
  const message = sentences(loss.message, stopped, traffic.noteAfter(loss), lock.told);
  const options = {
    hint: isLost
      ? `Before anything else see who has the lock: ${lockCommandLine(request, 'show')}\n${lock.isFree ? `To begin anew: ${commandLine(named, '-start-over')}` : nextCommands(named)}`
      : nextCommands(named),
    cause: loss,
    serving: traffic.serving,
  };
  return loss.reason === 'taken' && !context.checkpoint.mayHaveChanged
    ? new LockedError(message, options)
    : new NeedsHumanError(message, options);
}

/** @returns what to tell about the lock. */
async function giveUpLock(error: unknown, { context, takenUp }: Unfinished): Promise<string> {
  const { checkpoint } = context;
  const { found, lease } = takenUp;
  try {
    if (error instanceof GateClosedError && found?.isHeld) {
      await lease.yieldLock(found.data);
      return 'Nothing was changed, and the lock is kept for the deploy that was cut off, as before.';
    }
    if (checkpoint.mayHaveChanged) {
      await checkpoint.yieldLock(error instanceof Error ? error.message : String(error));
      return 'The lock is kept for -resume or -start-over.';
    }
    await lease.releaseLock(found?.data ?? new Uint8Array());
    return 'Nothing was changed, and the lock is free.';
  } catch (lockError) {
    return `The lock could not be given up (${lockError instanceof Error ? lockError.message : String(lockError)}); it lapses by itself.`;
  }
}
