import { type Clock, sleep } from '../clock.ts';
import { unlessAborted } from '../unless-aborted.ts';

export interface WatchOptions<T> {
  readonly look: () => Promise<T>;
  readonly show: (seen: T) => void | Promise<void>;
  /** Between the end of one look and the start of the next; never less than the look has taken. */
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Looks again and again. It rests for as long as it has looked at least, so that of what AWS lets
 * through half is left to others.
 * @throws the signal's reason, as soon as it is aborted. That is the only way to end it.
 */
export async function watch<T>(options: WatchOptions<T>): Promise<never> {
  const { clock, intervalMs, look, show, signal } = options;
  for (;;) {
    const startedMs = clock.monotonicMs();
    await show(await unlessAborted(look(), signal));
    const tookMs = clock.monotonicMs() - startedMs;
    await sleep(clock, Math.max(intervalMs, tookMs), signal);
  }
}
