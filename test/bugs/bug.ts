/** A known defect, as a change of one source file that brings it back. */
export interface Bug {
  /** Short, and unique in its bank. */
  readonly id: string;
  /** What goes wrong, and where that is known from. */
  readonly defect: string;
  /** The source file to change, from the root of the repository. */
  readonly file: string;
  /** Text that is in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  readonly caughtBy: Catcher;
}

/** What must fail when the bug is in. */
interface Catcher {
  /** The test file, from the root of the repository. It must load the file that is changed. */
  readonly file: string;
  /** The full name of the test, after those of the blocks that it is in. Left out: any test. */
  readonly test?: string;
  /**
   * How it fails: by an assertion, unless this gives the error that the defect throws instead. `hang`
   * means that the test never ends. It costs the whole time limit, so an assertion is better.
   */
  readonly by?: RegExp | 'hang';
}

/**
 * Brings a bug into the text of its file.
 * @throws {Error} unless what it replaces is there exactly once, and becomes something else: the
 * source has changed since, and the bug must follow.
 */
export function withBug(source: string, { id, file, find, replace }: Bug): string {
  const count = source.split(find).length - 1;
  if (count !== 1) {
    const found = count === 0 ? 'is not' : `is ${count} times`;
    throw new Error(`The bug "${id}" doesn't fit: what it replaces ${found} in ${file}:\n${find}`);
  }
  if (find === replace) throw new Error(`The bug "${id}" replaces a text with itself.`);
  return source.replace(find, () => replace);
}
