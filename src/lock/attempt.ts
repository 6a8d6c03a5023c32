import type { Clock } from '../clock.ts';
import { LockStoreError } from './store.ts';

/** Gives so many random bytes, unpredictable ones: `randomBytes` of node:crypto, for example. */
export type RandomBytes = (count: number) => Uint8Array;

/** @returns hexadecimal text with 128 random bits. */
export function randomId(random: RandomBytes): string {
  return Buffer.from(random(16)).toString('hex');
}

/**
 * Makes one request to the store, and stops waiting for it when the time is up: a request that hangs
 * must not keep the next one from being sent.
 * @throws {LockStoreError} `unknown` when there is no answer within `limitMs`.
 * @throws the signal's reason, as soon as it is aborted.
 */
export function attempt<T>(
  request: (signal: AbortSignal) => Promise<T>,
  { clock, limitMs, signal }: { clock: Clock; limitMs: number; signal?: AbortSignal | undefined },
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const cutOff = new AbortController();
    const clear = () => {
      cancelTimer();
      signal?.removeEventListener('abort', onAbort);
    };
    const stop = (reason: Error) => {
      clear();
      reject(reason); // First, so that what the store makes of the abort comes second.
      cutOff.abort(reason);
    };
    const onAbort = () => stop(signal?.reason as Error);
    const cancelTimer = clock.after(limitMs, () =>
      stop(new LockStoreError('unknown', `The lock table did not answer within ${limitMs} ms.`)),
    );
    signal?.addEventListener('abort', onAbort, { once: true });
    request(cutOff.signal).finally(clear).then(resolve, reject);
  });
}

const RETRY_DELAYS_MS = [0, 100, 200, 400];

/** How long to wait after so many failures in a row: not at all at first, then with jitter. */
export function retryDelayMs(failures: number, random: RandomBytes): number {
  const delayMs = RETRY_DELAYS_MS[Math.min(failures, RETRY_DELAYS_MS.length) - 1] ?? 0;
  return delayMs * (0.5 + (random(1)[0] ?? 0) / 512);
}
