import { type Looked, WaitTimeoutError, poll } from '../poll.ts';
import { CallFailedError } from './ports.ts';
import { type DeployContext, StepFailedError } from './step.ts';

/** Between two looks. Ten deploys that poll at this rate stay far below AWS's limits for reads. */
const POLL_INTERVAL_MS = 2_000;

/** How long a read or a change is repeated while AWS throttles, fails or does not answer. */
const OUTAGE_TIMEOUT_MS = 120_000;

/**
 * Waits, showing what for. A look that fails for a moment (throttled, no answer) is repeated; the
 * SDK has made its own attempts by then, and in a long outage it stops making any.
 * @throws {StepFailedError} at the deadline, saying what was still missing.
 */
export async function waitUntil<T>(
  context: DeployContext,
  timeoutMs: number,
  look: () => Promise<Looked<T>>,
  onTimeout: { remedy?: string } = {},
): Promise<T> {
  try {
    return await poll(
      {
        clock: context.clock,
        random: context.random,
        intervalMs: POLL_INTERVAL_MS,
        timeoutMs,
        signal: context.signal,
        onWait: (progress) => context.report({ type: 'wait.progressed', ...progress }),
      },
      () => tolerant(look),
    );
  } catch (error) {
    if (!(error instanceof WaitTimeoutError)) throw error;
    throw new StepFailedError(error.message, { ...onTimeout, cause: error });
  }
}

/** Reads, and rides out what passes by itself. For reads that nothing else repeats. */
export function steadily<T>(context: DeployContext, read: () => Promise<T>): Promise<T> {
  return waitUntil(context, OUTAGE_TIMEOUT_MS, async () => ({ done: await read() }));
}

/**
 * How long something that was made may not show yet. ECS promises only that it will.
 * @see Eventual consistency, in RunTask, Amazon ECS API Reference
 */
const VISIBILITY_MS = 15_000;

/**
 * Looks for something that was made just before, perhaps, and may not show yet.
 * @returns undefined when it has not shown for so long that it isn't there.
 */
export async function onceVisible<T extends object>(
  context: DeployContext,
  waitingFor: string,
  find: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const untilMs = context.clock.monotonicMs() + VISIBILITY_MS;
  return waitUntil(context, VISIBILITY_MS + OUTAGE_TIMEOUT_MS, async () => {
    const found = await find();
    const isOver = context.clock.monotonicMs() >= untilMs;
    return found || isOver ? { done: found } : { waitingFor };
  });
}

async function tolerant<T>(look: () => Promise<Looked<T>>): Promise<Looked<T>> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof CallFailedError && error.isTransient) return { waitingFor: error.message };
    throw error;
  }
}

/**
 * Makes a change that is harmless to repeat, until a look shows that it has taken effect. An answer
 * that was lost is thus told from a change that never happened, by looking and not by guessing.
 * Whatever the change depends on is to be looked at within `change`: a repetition may be minutes later.
 */
export async function achieve(
  context: DeployContext,
  goal: { isReached: () => Promise<boolean>; change: () => Promise<void>; waitingFor: string },
): Promise<void> {
  await waitUntil(context, OUTAGE_TIMEOUT_MS, async () => {
    if (await goal.isReached()) return { done: undefined };
    await goal.change();
    return (await goal.isReached()) ? { done: undefined } : { waitingFor: goal.waitingFor };
  });
}
