/**
 * `AbortController` and `AbortSignal` as far as the deployer uses them, for the simulation's bundle.
 * Node's own are EventTargets, and a deploy makes so many of them that they would take a tenth of
 * its simulated time.
 */
class LightSignal {
  aborted = false;
  reason: unknown;
  #listeners: Set<() => void> | undefined;

  static any(signals: readonly LightSignal[]): LightSignal {
    const any = new LightSignal();
    for (const signal of signals) {
      if (signal.aborted) any.abort(signal.reason);
      else signal.addEventListener('abort', () => any.abort(signal.reason));
    }
    return any;
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  /** Whether `once` or not: nothing is aborted twice. */
  addEventListener(type: 'abort', listener: () => void): void {
    if (type !== 'abort') throw new Error(`An AbortSignal has no event ${String(type)}.`);
    if (this.aborted) return; // It comes too late to be called.
    (this.#listeners ??= new Set()).add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners?.delete(listener);
  }

  /** For the controller and for `any`. */
  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason =
      reason === undefined ? new DOMException('This operation was aborted', 'AbortError') : reason;
    for (const listener of this.#listeners ?? []) listener();
  }
}

class LightController {
  readonly signal = new LightSignal();

  abort(reason?: unknown): void {
    this.signal.abort(reason);
  }
}

export { LightController as AbortController, LightSignal as AbortSignal };
