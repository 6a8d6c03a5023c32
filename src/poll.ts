import { type Clock, sleep } from './clock.ts';

/** What a look at the world has shown: what was waited for, or what is still missing. */
export type Looked<T> = { readonly done: T } | { readonly waitingFor: string };

export interface PollOptions {
  readonly clock: Clock;
  /** Numbers in [0, 1), for the jitter. */
  readonly random: () => number;
  /** Between the end of one look and the start of the next; jitter shortens it by up to a fifth. */
  readonly intervalMs: number;
  /** From the first look on. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Told after each look that was not the last. */
  readonly onWait?: (progress: WaitProgress) => void;
}

interface WaitProgress {
  readonly waitingFor: string;
  readonly elapsedMs: number;
  readonly remainingMs: number;
}

/** A wait that reached its deadline. Says what was still missing at the last look. */
export class WaitTimeoutError extends Error {
  readonly waitingFor: string;
  readonly timeoutMs: number;

  constructor(waitingFor: string, timeoutMs: number) {
    super(`After ${Math.round(timeoutMs / 1000)} s still waiting: ${waitingFor}`);
    this.name = 'WaitTimeoutError';
    this.waitingFor = waitingFor;
    this.timeoutMs = timeoutMs;
  }
}

/**
 * Looks again and again until what is waited for is there.
 * @throws {WaitTimeoutError} at the deadline; the last look starts no later than at the deadline.
 * @throws whatever `look` throws, at once: a look that can fail for a moment has to say `waitingFor`.
 */
export async function poll<T>(options: PollOptions, look: () => Promise<Looked<T>>): Promise<T> {
  const { clock, signal } = options;
  const startedMs = clock.monotonicMs();
  for (;;) {
    signal?.throwIfAborted();
    const looked = await look();
    if ('done' in looked) return looked.done;

    const elapsedMs = clock.monotonicMs() - startedMs;
    const remainingMs = options.timeoutMs - elapsedMs;
    if (remainingMs <= 0) throw new WaitTimeoutError(looked.waitingFor, options.timeoutMs);
    options.onWait?.({ waitingFor: looked.waitingFor, elapsedMs, remainingMs });
    const jitteredMs = options.intervalMs * (1 - 0.2 * options.random());
    await sleep(clock, Math.min(jitteredMs, remainingMs), signal);
  }
}
