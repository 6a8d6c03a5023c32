import { ConfigError } from '../errors.ts';
import type { Position } from './json.ts';

/** The way to a value: object keys, in the spelling of the schema, and array indexes. */
export type Path = readonly (string | number)[];

/** Something wrong, or worth a warning, at one place of the config. */
export interface Problem {
  readonly path: Path;
  /** What was found and what is expected, to be read after the path. */
  readonly message: string;
}

/** `Apps.hello.ContainerDefinitionTemplates[0].name`; keys that are no plain words stand in quotes. */
export function formatPath(path: Path): string {
  let text = '';
  for (const segment of path) {
    if (typeof segment === 'number') text += `[${segment}]`;
    else if (/^[\w-]+$/.test(segment)) text += text === '' ? segment : `.${segment}`;
    else text += `[${JSON.stringify(segment)}]`;
  }
  return text;
}

/** Something wrong, or worth a warning, at one place of the file. */
export interface LocatedProblem extends Position {
  /** As `formatPath` writes it; empty for the whole config, left out where no value could be read. */
  readonly path?: string;
  readonly message: string;
}

/** `file:line:column: path: message`. @param kind is put before the path, as `warning: ` */
export function describeProblem(source: string, problem: LocatedProblem, kind = ''): string {
  const { line, column, path, message } = problem;
  const where = path === undefined ? '' : `${path || 'the config'}: `;
  return `${source}:${line}:${column}: ${kind}${where}${message}`;
}

/** For sorting. */
export function inOrderOfFile(a: Position, b: Position): number {
  return a.line - b.line || a.column - b.column;
}

/** Where the values of one file stand, to put `file:line:column` in front of a problem. */
export class Locator {
  readonly #source: string;
  readonly #positions = new Map<string, Position>();

  constructor(source: string) {
    this.#source = source;
  }

  /** Remembers where the value at `path` stands. */
  note(path: Path, at: Position): void {
    this.#positions.set(formatPath(path), at);
  }

  /** Each with its place, in the order of the file. */
  locate(problems: readonly Problem[]): LocatedProblem[] {
    return problems
      .map(({ path, message }) => {
        return { ...this.#nearest(path), path: formatPath(path), message };
      })
      .sort(inOrderOfFile);
  }

  /** One line for each, in the order of the file. */
  describe(problems: readonly Problem[]): string[] {
    const lines = this.locate(problems).map((problem) => describeProblem(this.#source, problem));
    return [...new Set(lines)];
  }

  /** What is missing is located at the nearest thing around it that is there. */
  #nearest(path: Path): Position {
    const at = this.#positions.get(formatPath(path));
    if (at !== undefined || path.length === 0) return at ?? { line: 1, column: 1 };
    return this.#nearest(path.slice(0, -1));
  }
}

/** All that is wrong with a file, as one error. `lines` are the problems, one per line. */
export function configError(source: string, lines: readonly string[]): ConfigError {
  const count = lines.length === 1 ? '1 error' : `${lines.length} errors`;
  return new ConfigError([`The config ${source} has ${count}:`, ...lines].join('\n'), {
    hint: `Correct ${source} and run the same command again. Nothing was changed in AWS.`,
  });
}

/** What a caught error says. */
export function reasonOf(error: unknown): string {
  const message = (error as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' ? message : String(error);
}

/** A value in an error message: short, and only its kind where it may be a secret. */
export function describeValue(value: unknown, path: Path): string {
  const kind = kindOf(value);
  if (mayBeSecret(path) || kind === 'an object' || kind === 'a list') return kind;
  const text = JSON.stringify(value) ?? kind;
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Containers and commands carry environment variables and arguments; an address, a password. */
function mayBeSecret(path: Path): boolean {
  return path.some(
    (key) =>
      typeof key === 'string' && /Templates$|^(?:ExternalId|BaseUrl|Username|Password)$/.test(key),
  );
}
