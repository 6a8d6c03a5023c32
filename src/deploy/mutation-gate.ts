import { unlessAborted } from '../unless-aborted.ts';
import type { CommandRunner } from './ports.ts';

/** What the gate asks of a lease. */
export interface HeldLease {
  /** Waits for the next confirmed write when too little of the lease is left. */
  untilCanMutate(): Promise<void>;
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
  #interrupt: AbortSignal | undefined;

  /** @param interrupt Ends the wait for a change that may not begin yet. */
  openWith(lease: HeldLease, interrupt?: AbortSignal): void {
    this.#lease = lease;
    this.#interrupt = interrupt;
  }

  /**
   * Waits until a change may begin: as a rule not at all.
   * @throws {LeaseLostError} when the lock is lost or given up meanwhile.
   * @throws the interrupt's reason, when it is aborted first.
   */
  async untilCanMutate(): Promise<void> {
    const ready = this.#held().untilCanMutate();
    // What was begun before the interrupt is finished; only waiting makes no sense any more.
    const interrupt = this.#interrupt;
    await (interrupt && !interrupt.aborted ? unlessAborted(ready, interrupt) : ready);
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

/** A command changes things as a request does, so it starts only when a request might. */
export function gatedCommands(commands: CommandRunner, gate: MutationGate): CommandRunner {
  return {
    async run(command, options) {
      await gate.untilCanMutate();
      gate.assertCanMutate();
      await commands.run(command, options);
    },
  };
}
