/** What the gate asks of a lease. */
export interface HeldLease {
  assertCanMutate(): void;
  /** Until when, from now on, a request that changes something may be under way. */
  mutationDeadlineMs(): number;
}

/**
 * Stands in front of every change that the AWS clients make. Closed until a lease is held: before
 * that nothing may be written, whatever the code believes.
 */
export class MutationGate {
  #lease: HeldLease | undefined;

  openWith(lease: HeldLease): void {
    this.#lease = lease;
  }

  /** @throws {LeaseLostError} when too little of the lease is left. */
  assertCanMutate(): void {
    this.#held().assertCanMutate();
  }

  mutationDeadlineMs(): number {
    return this.#held().mutationDeadlineMs();
  }

  #held(): HeldLease {
    if (!this.#lease) throw new Error('A change was about to be made before the lock was held.');
    return this.#lease;
  }
}
