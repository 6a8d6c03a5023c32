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

/** Functions of our own, which name a value that is outside of the config. */
const REFERENCE_KINDS = ['env', 'ssm', 'secretArn'] as const;

export type ReferenceKind = (typeof REFERENCE_KINDS)[number];

/**
 * All functions: ours and those that Go itself brings. `call` is among them, but is refused: values
 * are no functions.
 */
export const FUNCTION_NAMES = [
  ...REFERENCE_KINDS,
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

export function isReferenceKind(word: string): word is ReferenceKind {
  return (REFERENCE_KINDS as readonly string[]).includes(word);
}

export function isFunctionName(word: string): word is FunctionName {
  return (FUNCTION_NAMES as readonly string[]).includes(word);
}
