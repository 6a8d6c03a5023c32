import type { Clock } from '../clock.ts';
import { unlessAborted } from '../unless-aborted.ts';

/**
 * Waits for something, but not for long: an ending must not take longer than people wait for it.
 * @throws {Error} when it is over first. What was begun goes on, and is told by its signal.
 */
export async function within<T>(
  clock: Clock,
  limitMs: number,
  begin: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const reason = new Error(`no answer within ${limitMs / 1000} s`);
  const cancel = clock.after(limitMs, () => limit.abort(reason));
  try {
    return await unlessAborted(begin(limit.signal), limit.signal);
  } finally {
    cancel();
  }
}
