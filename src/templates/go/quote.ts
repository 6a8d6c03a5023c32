/** Go's idea of a character that can be shown: letters, marks, numbers, punctuation, symbols, and the space. */
export function isPrintable(character: string): boolean {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character);
}

const SHORT: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};

/**
 * A Go literal of the text.
 * @param ascii writes everything beyond ASCII as an escape
 * @see Quote, QuoteToASCII and QuoteRune, package strconv, Go standard library
 */
export function quoted(text: string, quote: '"' | "'", ascii: boolean): string {
  const inside = Array.from(text, (character) => {
    if (character === quote) return `\\${quote}`;
    const short = SHORT[character];
    if (short !== undefined) return short;
    const point = character.codePointAt(0) ?? 0;
    if (point < 0x7f ? point >= 0x20 : !ascii && isPrintable(character)) return character;
    return escaped(point);
  });
  return `${quote}${inside.join('')}${quote}`;
}

function escaped(point: number): string {
  const hex = point.toString(16);
  if (point < 0x80) return `\\x${hex.padStart(2, '0')}`;
  return point < 0x1_0000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** Whether the text can stand between back quotes as it is. */
export function fitsBackQuotes(text: string): boolean {
  return !/[`\uFEFF]|(?![\t\u0080-\u009F])\p{Cc}/u.test(text);
}
