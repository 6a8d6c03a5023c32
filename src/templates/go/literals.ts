import { Refusal } from './refusal.ts';
import type { Token } from './lexer.ts';
import { int, string, type Value } from './value.ts';

const INT_MIN = -(2n ** 63n);
const INT_MAX = 2n ** 63n - 1n;

const DECIMAL = /^[+-]?(?:0|[1-9](?:_?[0-9])*)$/;
const PREFIXED = /^[+-]?0(?:[xX](?:_?[0-9a-fA-F])+|[oO](?:_?[0-7])+|[bB](?:_?[01])+)$/;
const OCTAL = /^[+-]?0(?:_?[0-7])+$/;
const FLOAT =
  /^[+-]?(?=\.?[0-9])(?:[0-9](?:_?[0-9])*)?\.?(?:[0-9](?:_?[0-9])*)?(?:[eE][+-]?[0-9](?:_?[0-9])*)?$/;

/**
 * The value of a number as it is written in Go.
 * @throws {Refusal} also for complex and hexadecimal floating-point numbers, which no config needs
 * @see Integer literals, The Go Programming Language Specification
 */
export function numberOf(token: Token): Value {
  const { text } = token;
  const sign = text.startsWith('-') ? -1n : 1n;
  const digits = text.replace(/^[+-]/, '').replaceAll('_', '');
  let is: bigint | undefined;
  if (DECIMAL.test(text)) is = BigInt(digits);
  else if (PREFIXED.test(text)) is = BigInt(digits.toLowerCase());
  else if (OCTAL.test(text)) is = BigInt(`0o${digits.slice(1)}`);
  if (is !== undefined) {
    is *= sign;
    if (is >= INT_MIN && is <= INT_MAX) return int(is);
    return refuse(token, `${text} is too large: an integer has 64 bits`);
  }
  if (FLOAT.test(text) && /[.eE]/.test(text)) {
    const float = Number(text.replaceAll('_', ''));
    if (Number.isFinite(float)) return { kind: 'float', is: float };
    return refuse(token, `${text} is too large`);
  }
  if (text.endsWith('i')) {
    return refuse(token, `found ${text}: complex numbers are not supported`);
  }
  if (/^[+-]?0[xX].*[.pP]/.test(text)) {
    return refuse(token, `found ${text}: hexadecimal numbers can't have fractions or exponents`);
  }
  return refuse(token, `${text} is no number`);
}

/** @throws {Refusal} */
export function characterOf(token: Token): Value {
  const content = token.text.slice(1, -1);
  const parts = partsOf(token, content, "'");
  const part = parts[0];
  if (parts.length !== 1 || part === undefined) {
    refuse(token, `found ${token.text}; expected one character between the quotes`);
  }
  return int(typeof part === 'number' ? part : (part.codePointAt(0) ?? 0));
}

/** @throws {Refusal} */
export function stringOf(token: Token): Value {
  const content = token.text.slice(1, -1);
  // Go drops carriage returns from raw strings.
  if (token.kind === 'raw string') return string(content.replaceAll('\r', ''));
  if (!content.includes('\\')) return string(content);
  let text = '';
  let bytes: number[] = [];
  for (const part of [...partsOf(token, content, '"'), '']) {
    if (typeof part === 'number') {
      bytes.push(part);
      continue;
    }
    text += decode(token, bytes) + part;
    bytes = [];
  }
  return string(text);
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};
const PART =
  /\\(?:x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]))|([^\\])/uy;

/** The characters between quotes; a number is a byte that is written as `\x00` or `\000`. */
function partsOf(token: Token, content: string, quote: string): (string | number)[] {
  const parts: (string | number)[] = [];
  PART.lastIndex = 0;
  while (PART.lastIndex < content.length) {
    const found = PART.exec(content);
    if (found === null) refuse(token, `found ${token.text}, which breaks off`);
    const [whole, hex, octal, short, long, escape, character] = found;
    const byte = hex === undefined ? octal && parseInt(octal, 8) : parseInt(hex, 16);
    const point = short ?? long;
    if (typeof byte === 'number' && byte <= 0xff) parts.push(byte);
    else if (point !== undefined && isCharacter(parseInt(point, 16))) {
      parts.push(String.fromCodePoint(parseInt(point, 16)));
    } else if (escape === quote) parts.push(quote);
    else if (escape !== undefined && Object.hasOwn(ESCAPES, escape)) {
      parts.push(ESCAPES[escape] ?? '');
    } else if (character === undefined) {
      refuse(token, `found ${whole}, which stands for nothing`);
    } else parts.push(character);
  }
  return parts;
}

function isCharacter(point: number): boolean {
  return point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
}

function decode(token: Token, bytes: readonly number[]): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Uint8Array.from(bytes),
    );
  } catch {
    return refuse(token, `${token.text} is no text: its bytes are no UTF-8`);
  }
}

function refuse(token: Token, message: string): never {
  throw new Refusal(message, {
    index: token.index,
    hint: 'Numbers, strings and escapes are written as in Go: 42, "text\\n", `raw text`.',
  });
}
