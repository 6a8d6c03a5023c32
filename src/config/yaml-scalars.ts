/** What a plain scalar of YAML stands for: a value, or why it can't be told. */
export type PlainScalar =
  | { readonly kind: 'value'; readonly value: string | number | boolean | null }
  | { readonly kind: 'doubtful'; readonly why: string };

const NULLS = new Set(['', '~', 'null', 'Null', 'NULL']);
const BOOLEANS = new Map([
  ...['true', 'True', 'TRUE'].map((text) => [text, true] as const),
  ...['false', 'False', 'FALSE'].map((text) => [text, false] as const),
]);

const OLD_BOOLEAN = /^(?:y|yes|on|n|no|off)$/i;
/** As JSON writes it, without an exponent: `1e5` is more often the beginning of a commit's SHA. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const LEADING_ZERO = /^[-+]?0[\d_]+$/;
const DATE = /^\d{4}-\d\d?-\d\d?(?:$|[Tt \t])/;
/** With a sign, an underscore, an exponent, another base or base 60, infinite or no number at all. */
const UNUSUAL_NUMBER = new RegExp(
  [
    String.raw`[-+]?0(?:o[0-7_]+|x[\da-f_]+|b[01_]+)`,
    String.raw`[-+]?(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[-+]?\d+)?`,
    String.raw`[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?`,
    String.raw`[-+]?\.inf|\.nan`,
  ]
    .map((form) => `^(?:${form})$`)
    .join('|'),
  'i',
);

/**
 * Reads a scalar without quotes. What readers of YAML 1.1 and of YAML 1.2 take for different values
 * is doubtful, and so is what is text to the eye and a number or a date to a reader: whoever wrote it
 * has to say.
 * @see YAML Ain't Markup Language (YAML) version 1.2.2, 10.3 Core Schema
 */
export function plainScalar(text: string): PlainScalar {
  if (NULLS.has(text)) return { kind: 'value', value: null };
  const boolean = BOOLEANS.get(text);
  if (boolean !== undefined) return { kind: 'value', value: boolean };
  if (OLD_BOOLEAN.test(text)) {
    return doubtful(
      `is text to some YAML readers and true or false to others; write true or false, or "${text}"`,
    );
  }
  if (NUMBER.test(text)) return number(text);
  if (LEADING_ZERO.test(text)) {
    return doubtful('begins with 0, which makes it an octal number to some YAML readers; quote it');
  }
  if (DATE.test(text)) return doubtful('is a date to some YAML readers; quote it');
  if (UNUSUAL_NUMBER.test(text)) {
    return doubtful('is a number to some YAML readers; quote it, or write it with digits only');
  }
  return { kind: 'value', value: text };
}

function number(text: string): PlainScalar {
  const value = Number(text);
  const isExact = Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return isExact ? { kind: 'value', value } : doubtful('is too large for a number; quote it');
}

function doubtful(why: string): PlainScalar {
  return { kind: 'doubtful', why };
}
