/** A target as events name it. */
export interface TargetName {
  readonly targetGroupArn: string;
  readonly address: string;
  readonly port: number;
}

/**
 * The requests that are at targets. A target that drains keeps its own until the deregistration
 * delay is over; then they are cut.
 * @see Deregistration delay, User Guide for Application Load Balancers
 */
export class InFlight {
  readonly #requests = new Map<string, Set<() => void>>();

  /** @param cut Ends the request. @returns what to call when it has ended by itself. */
  add(target: TargetName, cut: () => void): () => void {
    const key = keyOf(target);
    const requests = this.#requests.get(key) ?? new Set();
    this.#requests.set(key, requests.add(cut));
    return () => {
      requests.delete(cut);
      if (requests.size === 0 && this.#requests.get(key) === requests) this.#requests.delete(key);
    };
  }

  /** Ends what is still at a target. */
  cut(target: TargetName): void {
    for (const cut of this.#requests.get(keyOf(target)) ?? []) cut();
  }
}

function keyOf({ targetGroupArn, address, port }: TargetName): string {
  return `${targetGroupArn} ${address}:${port}`;
}
