/**
 * Time as the program sees it. Nothing in `src` or in the sandbox's world reads the time or sets a
 * timer by other means, so that a test can move the clock instead of sleeping.
 */
export interface Clock {
  /**
   * Milliseconds that only ever grow, for measuring how long something took. Its zero is arbitrary.
   */
  monotonicMs(): number;
  /** Milliseconds since 1970 as the machine believes them; may jump either way. For showing only. */
  wallMs(): number;
  /** Calls `callback` once, `delayMs` from now. Returns what calls it off. */
  after(delayMs: number, callback: () => void): () => void;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  monotonicMs: () => Number(process.hrtime.bigint()) / 1e6,
  wallMs: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/**
 * Waits.
 * @throws the signal's reason, as soon as it is aborted.
 */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const onAbort = () => {
      cancel();
      reject(signal?.reason as Error);
    };
    const cancel = clock.after(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** Now, as ISO 8601 in UTC, as far as the machine knows. For showing only. */
export function isoTime(clock: Pick<Clock, 'wallMs'>): string {
  return isoTimeAt(clock.wallMs());
}

/** A moment, given in milliseconds since 1970, as ISO 8601 in UTC. */
export function isoTimeAt(wallMs: number): string {
  return new Date(wallMs).toISOString();
}
