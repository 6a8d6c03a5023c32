/** The flags by their letters. */
const WITH_VALUE: Readonly<Record<string, string>> = {
  b: 'build',
  c: 'contained-artifact',
  k: 'key',
  p: 'project',
  t: 'tags',
  v: 'value',
};
const WITHOUT_VALUE: Readonly<Record<string, string>> = { h: 'help', j: 'json' };
/** These may have one dash here, so they are no letters. */
const LONG_WITH_VALUE = [...Object.values(WITH_VALUE), 'limit', 'output', 'region', 'table'];
const LONG = [...LONG_WITH_VALUE, ...Object.values(WITHOUT_VALUE), 'verbose', 'version'];
const TAGS = ['t', 'tags'];

/**
 * Reads what only the tool that `artifact-db` replaces takes, and rewrites it in flags as all our
 * programs have them: letters in one word (`-phello`, `-jphello`), and empty tags, which are none.
 */
export function expandShorthands(argv: readonly string[]): string[] {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const expanded: string[] = [];
  for (let index = 0; index < end; index++) {
    const flags = flagsIn(argv[index] ?? '');
    expanded.push(...flags);
    const last = flags.at(-1) ?? '';
    if (!takesNext(last) || index + 1 === end) continue;
    const value = argv[++index] ?? ''; // Whatever it looks like.
    expanded.push(value === '' && TAGS.includes(nameOf(last)) ? 'null' : value);
  }
  return [...expanded, ...argv.slice(end)];
}

function flagsIn(word: string): string[] {
  const [, dashes, name = '', attached] = /^(--?)([^-=][^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  if (dashes === undefined) return [word];
  if (attached === '' && TAGS.includes(name)) return [`${dashes}${name}=null`];
  if (dashes === '--' || name.length === 1 || LONG.includes(name)) return [word];

  const letter = word.charAt(1);
  const rest = word.slice(2);
  if (Object.hasOwn(WITH_VALUE, letter)) return [`-${letter}=${rest}`];
  return Object.hasOwn(WITHOUT_VALUE, letter) ? [`-${letter}`, ...flagsIn(`-${rest}`)] : [word];
}

/** Whether its value is the next word. */
function takesNext(word: string): boolean {
  const name = nameOf(word);
  return Object.hasOwn(WITH_VALUE, name) || LONG_WITH_VALUE.includes(name);
}

/** Of a flag without an attached value; of anything else, what is no flag's name. */
function nameOf(word: string): string {
  return /^--?([^-=][^=]*)$/s.exec(word)?.[1] ?? '';
}
