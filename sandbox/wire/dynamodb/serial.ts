/** Runs work one piece after the other, in the order in which it was given. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  /** What `work` returns or throws; a failure does not hold up what comes after it. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work, work);
    this.#last = done;
    return done;
  }
}
