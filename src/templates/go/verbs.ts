import { formatFloat } from './float.ts';
import { print, printEach, unprintable } from './format.ts';
import { fitsBackQuotes, isPrintable, quoted } from './quote.ts';
import { Refusal } from './refusal.ts';
import { nameOfKind, type Value } from './value.ts';

/** A verb of a printf format. */
export interface Spec {
  /** One letter. */
  readonly verb: string;
  /** As it stands in the format. */
  readonly text: string;
  /** The least number of characters. */
  readonly width: number;
  readonly precision: number | undefined;
  readonly left: boolean;
  readonly plus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
}

/**
 * One value as the verb asks for it.
 * @throws {Refusal} for a value that the verb does not take, and for verbs that show Go's own types
 */
export function verbText(value: Value, spec: Spec, index: number): string {
  const { verb } = spec;
  if ('Tpw'.includes(verb) || (verb === 'v' && spec.sharp)) {
    throw new Refusal(`printf: ${spec.text} is not supported: it shows what Go has inside`, {
      index,
      hint: 'Print a value with %v.',
    });
  }
  switch (value.kind) {
    case 'list':
    case 'map':
      return printEach(value, index, (item) => verbText(item, spec, index));
    case 'string': {
      const text = ofString(value.is, spec);
      if (text !== undefined) return padded(text, spec);
      break;
    }
    case 'int': {
      const text = ofInt(value.is, spec);
      if (text === undefined) break;
      // Zeros fill numbers from within, and are nothing for U+0041.
      if (verb === 'U') return padded(text, { ...spec, zero: false });
      return 'cq'.includes(verb) ? padded(text, spec) : text;
    }
    case 'float': {
      const text = ofFloat(value.is, spec, index);
      if (text !== undefined) return text;
      break;
    }
    case 'bool':
      if ('tv'.includes(verb)) return padded(print(value, index), spec);
      break;
    case 'absent':
      throw value.refusal;
    case 'nil':
    case 'group':
      throw unprintable(value, index);
  }
  throw new Refusal(
    `printf: ${spec.text} takes ${TAKES[verb] ?? 'nothing: there is no such verb'}, found ${nameOfKind(value)}`,
    {
      index,
      hint: '%v takes any value, %s and %q a string, %d an integer, %t a boolean, %.2f a decimal number.',
    },
  );
}

const TAKES: Readonly<Record<string, string>> = {
  s: 'a string',
  q: 'a string or an integer',
  x: 'a string or an integer',
  X: 'a string or an integer',
  t: 'a boolean',
  ...Object.fromEntries(Array.from('bcdoOU', (verb) => [verb, 'an integer'])),
  ...Object.fromEntries(Array.from('eEfFgG', (verb) => [verb, 'a decimal number'])),
};

function ofString(text: string, spec: Spec): string | undefined {
  const { verb, precision } = spec;
  if ('xX'.includes(verb)) return hexOf(text, spec);
  const characters = precision === undefined ? text : Array.from(text).slice(0, precision).join('');
  if ('sv'.includes(verb)) return characters;
  if (verb !== 'q') return undefined;
  if (spec.sharp && fitsBackQuotes(characters)) return `\`${characters}\``;
  return quoted(characters, '"', spec.plus);
}

function hexOf(text: string, spec: Spec): string {
  const bytes = Buffer.from(text, 'utf8').subarray(0, spec.precision);
  if (bytes.length === 0) return '';
  const hex = bytes.toString('hex').match(/../g) ?? [];
  const prefix = spec.sharp ? '0x' : '';
  const joined = prefix + hex.join(spec.space ? ` ${prefix}` : '');
  return spec.verb === 'X' ? joined.toUpperCase() : joined;
}

const BASES: Readonly<Record<string, readonly [number, string]>> = {
  d: [10, ''],
  v: [10, ''],
  b: [2, '0b'],
  o: [8, ''],
  O: [8, '0o'],
  x: [16, '0x'],
  X: [16, '0X'],
};

function ofInt(is: bigint, spec: Spec): string | undefined {
  const { verb, precision } = spec;
  if ('cqU'.includes(verb)) return ofCharacter(is, spec);
  const base = Object.hasOwn(BASES, verb) ? BASES[verb] : undefined;
  if (base === undefined) return undefined;
  const [radix, prefix] = base;
  const sign = is < 0n ? '-' : spec.plus ? '+' : spec.space ? ' ' : '';
  if (precision === 0 && is === 0n) return ' '.repeat(spec.width);
  let digits = (is < 0n ? -is : is).toString(radix);
  if (verb === 'X') digits = digits.toUpperCase();
  if (precision !== undefined) digits = digits.padStart(precision, '0');
  else if (spec.zero && !spec.left) digits = digits.padStart(spec.width - sign.length, '0');
  // A single 0 says octal, and one that is there already is enough.
  if (spec.sharp && radix === 8 && !digits.startsWith('0')) digits = `0${digits}`;
  const shown = verb === 'O' || (spec.sharp && radix !== 8) ? prefix : '';
  return padded(sign + shown + digits, spec, 'number');
}

/** An integer that stands for a character. */
function ofCharacter(is: bigint, spec: Spec): string {
  const isCharacter = is >= 0n && is <= 0x10ffffn && !(is >= 0xd800n && is <= 0xdfffn);
  const character = isCharacter ? String.fromCodePoint(Number(is)) : '\uFFFD';
  if (spec.verb === 'c') return character;
  if (spec.verb === 'q') return quoted(character, "'", spec.plus);
  const digits = BigInt.asUintN(64, is).toString(16).toUpperCase();
  const code = `U+${digits.padStart(Math.max(4, spec.precision ?? 0), '0')}`;
  return spec.sharp && isCharacter && isPrintable(character) ? `${code} '${character}'` : code;
}

function ofFloat(is: number, spec: Spec, index: number): string | undefined {
  const { verb } = spec;
  const form = verb === 'v' ? 'g' : verb.toLowerCase();
  if (form !== 'e' && form !== 'f' && form !== 'g') return undefined;
  if (spec.sharp) {
    throw new Refusal(`printf: ${spec.text} is not supported: # has no use with decimal numbers`, {
      index,
      hint: 'Leave # out.',
    });
  }
  const precision = spec.precision ?? (form === 'g' ? undefined : 6);
  const text = formatFloat(is, form, precision);
  const sign = text.startsWith('-') ? '-' : spec.plus ? '+' : spec.space ? ' ' : '';
  const digits = text.replace(/^-/, '');
  const shown = verb === 'E' || verb === 'G' ? digits.toUpperCase() : digits;
  const zeros = spec.zero && !spec.left ? spec.width - sign.length : 0;
  return padded(sign + shown.padStart(zeros, '0'), spec, 'number');
}

/** Padded to the width, counted in characters. */
function padded(text: string, spec: Spec, kind?: 'number'): string {
  const missing = spec.width - (spec.width === 0 ? 0 : Array.from(text).length);
  if (missing <= 0) return text;
  if (spec.left) return text + ' '.repeat(missing);
  return (spec.zero && kind === undefined ? '0' : ' ').repeat(missing) + text;
}
