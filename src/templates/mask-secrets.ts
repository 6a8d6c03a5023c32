import type { Json } from '../config/json.ts';
import { formatPath, type Path } from '../config/problems.ts';
import { describeReference, referenceKey } from './reference-names.ts';
import type { Reference, ResolvedReference } from './references.ts';

const MASK = '***';

/** As whole words of a name: `DB_PIN`, `ApiKey`, but no `KEYCLOAK_URL`. */
const SECRET_WORDS = new Set(
  'auth authorization cookie credential credentials dsn jwt key keys passphrase pin salt signature'.split(
    ' ',
  ),
);
/** At the end of a word: `DBPASS`, `--pw`, but no `BYPASS`. */
const SECRET_END = /(?:(?<!by|com|over|sur|tres|under)pass|pwd?)$/i;
/** Anywhere in a name. */
const SECRET_PARTS = /passw|secret|token(?!iz)|apikey|privatekey|accesskey|credential/i;

/** Whether what has this name is likely to be secret: `DB_PASSWORD`, `apiKey`, `--auth-token`. */
export function looksSecret(name: string): boolean {
  if (SECRET_PARTS.test(name.replaceAll(/[^A-Za-z0-9]/g, ''))) return true;
  const words = name.split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/);
  return words.some((word) => SECRET_WORDS.has(word.toLowerCase()) || SECRET_END.test(word));
}

/**
 * A copy of rendered templates for people to read, with what is likely to be secret as `***`:
 * - the value of an environment variable, option or label whose name looks like a secret's
 * - what stands behind such a name in a command, a URL, JSON or a header
 * - a password within a URL, and what `curl -u` and `mysql -p` are given
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
export function isHidden({ kind, name }: Reference): boolean {
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
    if (typeof item !== 'string' || typeof before !== 'string') {
      return mask(item, [...path, index], hiddenAt);
    }
    if (SECRET_FLAG.test(before) && looksSecret(before) && !LIKE_FLAG.test(item)) return MASK;
    const shown = hide(item, hiddenAt([...path, index]));
    // Read together with its flag, which may give it a meaning: `-u`, `me:S3`.
    return LOGIN_FLAG.test(before) ? maskText(shown).replace(LOGIN, `$1${MASK}`) : maskText(shown);
  });
}

const SECRET_FLAG = /^--?[A-Za-z][\w-]*$/;
/** Another flag: a value may begin with a hyphen as well. */
const LIKE_FLAG = /^(?:--|-[A-Za-z]$)/;
const LOGIN_FLAG = /^(?:-u|--(?:proxy-)?user)$/;
/** `name:password`, but not the numbers of a user and a group. */
const LOGIN = /^(?!\d+:\d+$)([^\s:]+:).+$/;

/** Where a value was changed on its way into the text, all of it may tell what it was. */
function hide(text: string, values: readonly string[]): string {
  if (values.some((value) => value !== '' && !text.includes(value))) return MASK;
  // The longest first: one may stand within another.
  return values
    .filter((value) => value !== '')
    .sort((a, b) => b.length - a.length)
    .reduce((masked, value) => masked.replaceAll(value, MASK), text);
}

/** Up to the last `@`, since a password may contain one; not what follows a port. */
const PASSWORD_IN_URL = /(\/\/[^\s/@:"'<>]*:)(?!\d{1,5}(?:[/?#]|$))[^\s"'<>]+@/g;
/** A name alone may be a token. */
const USER_IN_URL = /(https?:\/\/)[^\s/@:"'<>?#]+@/gi;
/** `curl -u me:S3`, but not `docker run -u 1000:1000`. */
const LOGIN_IN_TEXT =
  /((?<!\S)(?:-u|--(?:proxy-)?user)[\s=]+["']?)(?!\d+:\d+(?!\S))([^\s:"']+:)[^\s"']+/g;
/** There `-p` has its value right behind it. */
const MYSQL_PASSWORD = /(\b(?:mysql|mariadb)[\w-]*\s(?:[^|;&\n]*?\s)?-p)[^\s"']+/g;
/** Names as they stand in front of a value, each with what a value is there. */
const NAMED: readonly { readonly name: RegExp; readonly value: RegExp }[] = [
  {
    // `"password":"S3"`, also where its quotes are escaped.
    name: /(?<quote>\\?["'])(?<name>[A-Za-z][\w.-]*)\k<quote>\s*:\s*\k<quote>/g,
    value: /(?<=\\(["']))(?:(?!\\\1).)+|(?<=(["']))(?:\\.|(?!\2).)+/y,
  },
  {
    // `Authorization: Bearer S3` to the end of line or quotes; but no part of an ARN or an image.
    name: /(?<![\w:/.@-])(?<name>[A-Za-z][\w.-]*):[ \t]+/g,
    value: /(?:[^\n"']|["'](?=\w))+/y,
  },
  {
    // `--password S3`, where no other flag follows; what closes the text around it stays.
    name: /(?<![\w-])(?<name>--?[A-Za-z][\w-]*)\s+(?!--|-[A-Za-z](?!\S))/g,
    value: /"[^"]*"|'[^']*'|\S+?(?=["'`)\]}]*(?!\S))/y,
  },
  {
    // `password=a,b`, as long as no other name follows; quotes within a word belong to it.
    name: /(?<name>[A-Za-z][\w.-]*)=/g,
    value: /"[^"]*"|'[^']*'|(?:[^\s&;,'"]|,(?![\w.-]+=)|["'](?=\w))+/y,
  },
];

function maskText(text: string): string {
  const shown = text
    .replace(PASSWORD_IN_URL, `$1${MASK}@`)
    .replace(USER_IN_URL, `$1${MASK}@`)
    .replace(LOGIN_IN_TEXT, `$1$2${MASK}`)
    .replace(MYSQL_PASSWORD, `$1${MASK}`);
  return NAMED.reduce((masked, { name, value }) => maskBehind(masked, name, value), shown);
}

/** Values behind other names are looked into: they may be whole command lines. */
function maskBehind(text: string, names: RegExp, value: RegExp): string {
  let shown = '';
  let end = 0;
  for (const { 0: all, groups, index } of text.matchAll(names)) {
    if (index < end || !looksSecret(groups?.['name'] ?? '')) continue;
    value.lastIndex = index + all.length;
    if (!value.test(text)) continue;
    shown += text.slice(end, index) + all + MASK;
    end = value.lastIndex;
  }
  return shown + text.slice(end);
}
