import { type Spec, verbText } from './verbs.ts';
import type { Call } from './functions.ts';
import { TEXT_MAX, tooLong } from './limits.ts';
import { Refusal } from './refusal.ts';
import { nameOfKind, type Value } from './value.ts';

/** A verb with its flags, width and precision; a star takes the number from the arguments. */
const VERB = /%([+\-# 0]*)(\*|[0-9]+)?(?:\.(\*|[0-9]*))?([^]|$)/gu;

/**
 * Go's Sprintf. What Go would mark in its output, as `%!d(string=x)`, is refused here.
 * @throws {Refusal}
 * @see Printing, package fmt, Go standard library
 */
export function printf(format: Value | undefined, args: readonly Value[], call: Call): string {
  if (format?.kind !== 'string') {
    return refuse(`printf begins with a string, found ${nameOfKind(format)}`, call);
  }
  const rest = [...args];
  let length = 0;
  const text = format.is.replaceAll(
    VERB,
    (
      whole: string,
      flags: string,
      width: string | undefined,
      precision: string | undefined,
      verb: string,
    ) => {
      if (verb === '') return refuse(`printf: the format ends within ${whole}`, call);
      if (verb === '%') return '%';
      if (verb === '[') return refuse('printf: numbered arguments are not supported', call);
      const spec = specOf({ whole, flags, width, precision, verb }, rest, call);
      const value = rest.shift();
      if (value === undefined) return refuse(`printf: ${whole} has no argument`, call);
      const part = verbText(value, spec, call.index);
      length += part.length;
      if (length > TEXT_MAX) throw tooLong(call.index);
      return part;
    },
  );
  if (rest.length === 0) return text;
  return refuse(
    `printf: the format takes ${args.length - rest.length} arguments, found ${args.length}`,
    call,
  );
}

interface WrittenVerb {
  readonly whole: string;
  readonly flags: string;
  readonly width: string | undefined;
  readonly precision: string | undefined;
  readonly verb: string;
}

function specOf(written: WrittenVerb, rest: Value[], call: Call): Spec {
  const { whole, flags, verb } = written;
  const width = sizeOf(written.width, rest, whole, call) ?? 0;
  const precision = sizeOf(written.precision === '' ? '0' : written.precision, rest, whole, call);
  if (precision !== undefined && precision < 0) {
    return refuse(`printf: the precision of ${whole} is below 0`, call);
  }
  return {
    verb,
    text: whole,
    width: Math.abs(width),
    precision,
    left: flags.includes('-') || width < 0,
    // %+v shows more of a structure, and means nothing else.
    plus: flags.includes('+') && verb !== 'v',
    sharp: flags.includes('#'),
    space: flags.includes(' '),
    zero: flags.includes('0'),
  };
}

/** Go's own limit is a million, which only a mistake comes near to. */
const SIZE_MAX = 10_000;

function sizeOf(
  size: string | undefined,
  rest: Value[],
  verb: string,
  call: Call,
): number | undefined {
  if (size === undefined) return undefined;
  const value = size === '*' ? rest.shift() : undefined;
  if (size === '*' && value?.kind !== 'int') {
    return refuse(`printf: the star in ${verb} takes an integer`, call);
  }
  const number = value?.kind === 'int' ? Number(value.is) : Number(size);
  if (Math.abs(number) <= SIZE_MAX) return number;
  return refuse(`printf: ${number} is too large in ${verb}`, call);
}

function refuse(message: string, { index }: Call): never {
  throw new Refusal(message, {
    index,
    hint: 'Each verb takes one argument: {{printf "%s-%d" .Artifact.Value .Artifact.BuildNumber}}.',
  });
}
