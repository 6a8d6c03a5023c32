/** Words that steer a Go template. */
export const KEYWORDS: readonly string[] = [
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'false',
  'if',
  'nil',
  'range',
  'template',
  'true',
  'with',
];

/** The functions that Go itself brings. `call` is among them, but is refused: values are no functions. */
export const FUNCTION_NAMES = [
  'and',
  'call',
  'eq',
  'ge',
  'gt',
  'html',
  'index',
  'js',
  'le',
  'len',
  'lt',
  'ne',
  'not',
  'or',
  'print',
  'printf',
  'println',
  'slice',
  'urlquery',
] as const;

export type FunctionName = (typeof FUNCTION_NAMES)[number];

export function isFunctionName(word: string): word is FunctionName {
  return (FUNCTION_NAMES as readonly string[]).includes(word);
}
