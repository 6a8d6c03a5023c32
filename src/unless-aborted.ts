/**
 * Waits for something, but no longer than until a signal is aborted. What was waited for goes on by
 * itself, unheeded: so it must leave nothing behind.
 * @throws the signal's reason, as soon as it is aborted.
 */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
  });
  work.catch(() => {}); // It may fail when nobody waits for it any more.
  signal.throwIfAborted();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
