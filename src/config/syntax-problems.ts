import type { Position } from './json.ts';
import { formatPath, inOrderOfFile, type LocatedProblem, type Path } from './problems.ts';

/** Something at one place of a text that makes it no config file, whatever it says. */
export interface SyntaxProblem {
  readonly at: Position;
  /** Where that is in the config, if the text could be read so far; keys as written. */
  readonly path?: Path;
  readonly message: string;
}

/** A text can't be read. Has one problem at least. */
export class SyntaxProblems extends Error {
  readonly problems: readonly SyntaxProblem[];

  constructor(problems: readonly SyntaxProblem[]) {
    super(problems.map(({ message }) => message).join('; '));
    this.name = 'SyntaxProblems';
    this.problems = problems;
  }

  /** In the order of the file. */
  located(): LocatedProblem[] {
    return this.problems
      .map(({ at, message, path }) => {
        return { ...at, ...(path && { path: formatPath(path) }), message };
      })
      .sort(inOrderOfFile);
  }
}
