import type { Argv } from 'yargs';
import { suggest } from '../src/config/suggest.ts';
import { UsageError } from '../src/errors.ts';

/** What yargs knows of its options. It has the method; its published types leave it out. */
interface DeclaredOptions {
  readonly key: Readonly<Record<string, unknown>>;
  readonly alias: Readonly<Record<string, readonly string[]>>;
  readonly boolean: readonly string[];
  readonly number: readonly string[];
  readonly array: readonly string[];
  readonly hiddenOptions: readonly string[];
}
type WithOptions = Argv & { getOptions(): DeclaredOptions };

interface Flag {
  /** As typed, without dashes. */
  readonly name: string;
  /** What stands behind `=`. */
  readonly attached: string | undefined;
  /** The arguments up to the next flag. */
  readonly following: readonly string[];
}

/** The spellings that Go's `strconv.ParseBool` knows. */
const GO_BOOLEANS = new Map([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map((text) => [text, false] as const),
]);

/**
 * Makes yargs read flags as Go's `flag` package does: `-app x`, `-app=x`, `--app x` and `--app=x`
 * mean the same, the last duplicate wins, a boolean takes its value only behind `=`, nothing is
 * abbreviated or grouped.
 *
 * What Go would take but nobody can mean is refused: empty values, a flag as another one's value,
 * `-resume false` (true to Go, and the end of all flags).
 * @throws {UsageError} from parsing, before any handler runs.
 */
export function readGoFlags<T>(cli: Argv<T>, argv: readonly string[]): Argv<T> {
  return cli
    .parserConfiguration({
      'short-option-groups': false,
      'duplicate-arguments-array': false,
      'boolean-negation': false,
      'dot-notation': false,
      'parse-positional-numbers': false,
    })
    .middleware((args) => {
      // The options of the command that runs: yargs adds them to `cli` itself.
      Object.assign(args, checkFlags(argv, (cli as Argv as WithOptions).getOptions()));
    }, true);
}

/** @returns the values of the boolean flags, which yargs knows only as `true` and `false`. */
function checkFlags(argv: readonly string[], options: DeclaredOptions): Record<string, boolean> {
  const names = new Set([...Object.keys(options.key), ...Object.keys(options.alias)]);
  for (const aliases of Object.values(options.alias)) for (const name of aliases) names.add(name);

  const booleans: Record<string, boolean> = {};
  for (const flag of flagsIn(argv)) {
    if (!names.has(flag.name)) throw unknownFlag(flag, names, options);
    const spellings = spellingsOf(flag.name, options.alias);
    const isOneOf = (list: readonly string[]) => spellings.some((name) => list.includes(name));
    if (isOneOf(options.boolean)) {
      for (const name of spellings) booleans[name] = booleanOf(flag);
    } else checkValues(flag, isOneOf(options.array), isOneOf(options.number));
  }
  return booleans;
}

function* flagsIn(argv: readonly string[]): Generator<Flag> {
  const end = argv.indexOf('--');
  const tokens = end === -1 ? argv : argv.slice(0, end);
  for (const [index, token] of tokens.entries()) {
    if (!isFlag(token)) continue;
    const match = /^--?([^=]*)(?:=(.*))?$/s.exec(token);
    const rest = tokens.slice(index + 1);
    const nextFlag = rest.findIndex(isFlag);
    const following = nextFlag === -1 ? rest : rest.slice(0, nextFlag);
    yield { name: match?.[1] ?? '', attached: match?.[2], following };
  }
}

/** A lone dash and a negative number are values. */
function isFlag(token: string): boolean {
  return /^-./s.test(token) && !/^-\d+(\.\d+)?$/.test(token);
}

/** A flag's name, its aliases and the camel-case forms under which yargs also stores values. */
function spellingsOf(name: string, alias: DeclaredOptions['alias']): string[] {
  const group = new Set([name, ...(alias[name] ?? [])]);
  for (const [key, aliases] of Object.entries(alias)) {
    if (aliases.includes(name)) for (const other of [key, ...aliases]) group.add(other);
  }
  const camelCased = Array.from(group, (one) =>
    one.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
  );
  return [...group, ...camelCased];
}

function booleanOf({ name, attached, following }: Flag): boolean {
  const next = following[0];
  if (attached === undefined) {
    if (next === undefined || !GO_BOOLEANS.has(next)) return true;
    throw wrong(`-${name} takes no separate value: "${next}"`, `Write -${name}=${next}.`);
  }
  const value = GO_BOOLEANS.get(attached);
  if (value === undefined) {
    throw wrong(
      `-${name} is true or false, not "${attached}"`,
      `Write -${name} or -${name}=false.`,
    );
  }
  return value;
}

function checkValues({ name, attached, following }: Flag, isArray: boolean, isNumber: boolean) {
  const separate = isArray ? following : following.slice(0, 1);
  const values = attached === undefined ? separate : [attached];
  if (values.length === 0) {
    throw wrong(
      `-${name} needs a value`,
      `Write -${name} <value>, or -${name}=<value> if it begins with a dash.`,
    );
  }
  for (const value of values) {
    if (value === '') throw wrong(`-${name} has an empty value`, 'Is a variable not set?');
    if (isNumber && !Number.isFinite(Number(value)))
      throw wrong(`-${name} is a number, not "${value}"`, `Write -${name} 123.`);
  }
}

function unknownFlag(flag: Flag, names: Iterable<string>, options: DeclaredOptions): UsageError {
  const shown = [...names].filter((name) => !options.hiddenOptions.includes(name));
  // Some parsers take abbreviations, Go's never did; a beginning is more telling than likeness.
  const begun = shown.filter((name) => name.startsWith(flag.name));
  const meant = begun.length === 1 ? begun[0] : suggest(flag.name, shown);
  return wrong(`Unknown flag: -${flag.name}`, meant === undefined ? '' : `Did you mean -${meant}?`);
}

/** The hint may be empty: `main` adds where to read more. */
function wrong(message: string, hint: string): UsageError {
  return new UsageError(message, { hint });
}
