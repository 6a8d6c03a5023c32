/** What is changed in one place of a source. */
export interface Change {
  /** The source file to change, from the root of the repository. */
  readonly file: string;
  /** Text that is in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** A known defect, as a change of the sources that brings it back. */
export interface Bug extends Change {
  /** Short, and unique in its bank. */
  readonly id: string;
  /** What goes wrong, and where that is known from. */
  readonly defect: string;
  /** What else has to be changed: further checks that would cover the defect up. */
  readonly also?: readonly Change[];
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

/** Everything that a bug changes. */
export function changesOf(bug: Bug): readonly Change[] {
  return [bug, ...(bug.also ?? [])];
}

/**
 * Brings a bug into the text of one of its files.
 * @throws {Error} unless what it replaces is there exactly once, and becomes something else: the
 * source has changed since, and the bug must follow.
 */
export function withBug(source: string, bug: Bug, file: string = bug.file): string {
  return changesOf(bug)
    .filter((change) => change.file === file)
    .reduce((text, change) => withChange(text, change, bug.id), source);
}

function withChange(source: string, { file, find, replace }: Change, id: string): string {
  const count = source.split(find).length - 1;
  if (count !== 1) {
    const found = count === 0 ? 'is not' : `is ${count} times`;
    throw new Error(`The bug "${id}" doesn't fit: what it replaces ${found} in ${file}:\n${find}`);
  }
  if (find === replace) throw new Error(`The bug "${id}" replaces a text with itself.`);
  return source.replace(find, () => replace);
}
