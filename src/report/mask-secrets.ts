import type { Json } from '../config/json.ts';
import { formatPath, type Path } from '../config/problems.ts';
import {
  describeReference,
  referenceKey,
  type ResolvedReference,
} from '../templates/references.ts';

const MASK = '***';

/** As whole words of a name: `DB_PIN`, `ApiKey`, but no `KEYCLOAK_URL`. */
const SECRET_WORDS = new Set(
  'auth cookie credential credentials dsn jwt key keys pass passphrase pin pwd salt signature'.split(
    ' ',
  ),
);
/** Anywhere in a name. */
const SECRET_PARTS = /passw|secret|token|apikey|privatekey|accesskey|credential/i;

/** Whether what has this name is likely to be secret: `DB_PASSWORD`, `apiKey`, `--auth-token`. */
export function looksSecret(name: string): boolean {
  if (SECRET_PARTS.test(name.replaceAll(/[^A-Za-z0-9]/g, ''))) return true;
  const words = name.split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/);
  return words.some((word) => SECRET_WORDS.has(word.toLowerCase()));
}

/**
 * A copy of rendered templates for people to read, with what is likely to be secret as `***`:
 * - the value of an environment variable, option or label whose name looks like a secret's
 * - what stands behind such a name in a command or a URL, and a password within a URL
 * - what parameters stand for, and variables of the deployer whose name looks like a secret's
 *
 * Names of secrets (`valueFrom`) are shown: they are no secrets.
 * @param path where the templates stand in the config, as their references' paths begin
 */
export function maskSecrets<T extends Json>(
  rendered: T,
  path: Path,
  references: readonly ResolvedReference[],
): T {
  const hidden = new Map<string, string[]>();
  for (const reference of references.filter(isHidden)) {
    hidden.set(reference.path, [...(hidden.get(reference.path) ?? []), reference.value]);
  }
  return mask(rendered, path, (path) => hidden.get(formatPath(path)) ?? []) as T;
}

/** A reference for people to read. */
export interface ReferenceDescription {
  /** `{{ssm "/hello/url"}}`. */
  readonly reference: string;
  /** Where the config names it. */
  readonly paths: readonly string[];
  /** What it stands for; `***` where that may be a secret. */
  readonly value: string;
}

/** Each reference once, in the order in which the config names them. */
export function describeReferences(
  references: readonly ResolvedReference[],
): ReferenceDescription[] {
  const byKey = new Map<string, ResolvedReference[]>();
  for (const use of references) {
    const key = referenceKey(use);
    byKey.set(key, [...(byKey.get(key) ?? []), use]);
  }
  return Array.from(byKey.values(), (uses) => ({
    reference: uses.slice(0, 1).map(describeReference).join(''),
    paths: uses.map(({ path }) => path),
    value: uses.slice(0, 1).map(shownValue).join(''),
  }));
}

function shownValue(reference: ResolvedReference): string {
  return isHidden(reference) ? MASK : maskText(reference.value);
}

/** A parameter's value may be anything; the ARN of a secret is none. */
function isHidden({ kind, name }: ResolvedReference): boolean {
  return kind === 'ssm' || (kind === 'env' && looksSecret(name));
}

function mask(value: Json, path: Path, hiddenAt: (path: Path) => readonly string[]): Json {
  if (typeof value === 'string') return maskText(hide(value, hiddenAt(path)));
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return maskList(value, path, hiddenAt);
  const object = value as Readonly<Record<string, Json>>;
  const named = typeof object['name'] === 'string' && looksSecret(object['name']);
  const members = Object.entries(object).map(([key, member]) => {
    const isSecret = key === 'value' ? named : looksSecret(key) && !NAMES_ONLY.has(key);
    if (isSecret && typeof member === 'string' && member !== '') return [key, MASK] as const;
    return [key, mask(member, [...path, key], hiddenAt)] as const;
  });
  return Object.fromEntries(members);
}

/** Members of ECS whose names look secret, and that only name secrets. */
const NAMES_ONLY = new Set(['credentialsParameter', 'credentialSpecs', 'secretOptions', 'secrets']);

/** In a list of arguments, the value of a flag is the next one. */
function maskList(
  list: readonly Json[],
  path: Path,
  hiddenAt: (path: Path) => readonly string[],
): Json[] {
  return list.map((item, index) => {
    const before = list[index - 1];
    const isFlagValue =
      typeof item === 'string' &&
      typeof before === 'string' &&
      /^--?[A-Za-z][\w-]*$/.test(before) &&
      looksSecret(before) &&
      !item.startsWith('-');
    return isFlagValue ? MASK : mask(item, [...path, index], hiddenAt);
  });
}

/** Where a value was changed on its way into the text, all of it may tell what it was. */
function hide(text: string, values: readonly string[]): string {
  if (values.some((value) => value !== '' && !text.includes(value))) return MASK;
  // The longest first: one may stand within another.
  return values
    .filter((value) => value !== '')
    .sort((a, b) => b.length - a.length)
    .reduce((masked, value) => masked.replaceAll(value, MASK), text);
}

const ASSIGNMENT = /([A-Za-z][\w.-]*)=("[^"]*"|'[^']*'|[^\s&;,'"]+)/g;
const USER_INFO = /(\/\/[^\s/@:]*:)[^\s/@]+@/g;

function maskText(text: string): string {
  return text
    .replace(USER_INFO, `$1${MASK}@`)
    .replace(ASSIGNMENT, (all, name: string) => (looksSecret(name) ? `${name}=${MASK}` : all));
}
