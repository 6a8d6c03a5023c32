import { type Checkpoint, type OwnCheckpoint, encodeCheckpoint } from './checkpoint.ts';

/** Where checkpoints go: the lease's item. Each method is one write. */
export interface CheckpointSink {
  checkpoint(data: Uint8Array): Promise<void>;
  releaseLock(data: Uint8Array): Promise<void>;
  yieldLock(data: Uint8Array): Promise<void>;
}

/** The number of the step that begins only once the swap has been seen. */
export const SWAP_SEEN = 10;

type Changes = Partial<Omit<Checkpoint, 'own'>> & { readonly own?: Partial<OwnCheckpoint> };

/** The checkpoint of the deploy that runs here, and the only way it gets written. */
export class CheckpointLog {
  readonly #sink: CheckpointSink;
  #current: Checkpoint & { readonly own: OwnCheckpoint };
  #mayHaveChanged: boolean;

  /** @param options.mayHaveChanged Whether an earlier run may have changed anything. */
  constructor(
    sink: CheckpointSink,
    initial: Checkpoint & { readonly own: OwnCheckpoint },
    options: { readonly mayHaveChanged: boolean },
  ) {
    this.#sink = sink;
    this.#current = initial;
    this.#mayHaveChanged = options.mayHaveChanged;
  }

  /** Whether a step that changes things has begun. Until then, giving up leaves no trace. */
  get mayHaveChanged(): boolean {
    return this.#mayHaveChanged;
  }

  /** Something is about to change outside the steps: giving up leaves a trace from now on. */
  willChange(): void {
    this.#mayHaveChanged = true;
  }

  get current(): Checkpoint & { readonly own: OwnCheckpoint } {
    return this.#current;
  }

  /** Writes that the step has begun. Nothing of the step may take effect before this resolves. */
  async begin(step: {
    readonly number: number;
    readonly changes: readonly string[];
    readonly records?: Partial<OwnCheckpoint>;
  }): Promise<void> {
    this.note({ step: this.#numberFor(step.number), own: step.records ?? {} });
    this.#mayHaveChanged ||= step.changes.length > 0;
    await this.#sink.checkpoint(encodeCheckpoint(this.#current));
  }

  /**
   * Once the swap has been seen, the number does not go back, whatever is done again: it tells the
   * original tool, and a resume, that traffic which is back by then was sent back by a person.
   */
  #numberFor(number: number): number {
    const { own, step } = this.#current;
    return step >= SWAP_SEEN && own.swapBegun !== false ? Math.max(number, step) : number;
  }

  /** Remembers what came out of a step; the next write carries it. */
  note(changes: Changes): void {
    this.#current = {
      ...this.#current,
      ...changes,
      own: { ...this.#current.own, ...changes.own },
    };
  }

  /** As `note`, written at once. */
  async save(changes: Changes): Promise<void> {
    this.note(changes);
    await this.#sink.checkpoint(encodeCheckpoint(this.#current));
  }

  /** The end: done and released, in one write. */
  async finish(): Promise<void> {
    this.note({ done: true });
    await this.#sink.releaseLock(encodeCheckpoint(this.#current));
  }

  /** Gives the lock up before the end, so that a resume need not wait for the lease to run out. */
  async yieldLock(why: string): Promise<void> {
    this.note({ own: { yielded: why } });
    await this.#sink.yieldLock(encodeCheckpoint(this.#current));
  }
}
