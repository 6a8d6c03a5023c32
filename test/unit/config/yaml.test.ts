/**
 * Goal: a config says the same in YAML as in JSON, errors are told as exactly, and nothing in YAML
 * means something that its writer can't see.
 */
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { plain } from '../../../src/config/json.ts';
import { parseConfig, parseConfigFile } from '../../../src/config/parse.ts';
import { parseJson } from '../../../src/config/parse-json.ts';
import { parseYaml } from '../../../src/config/parse-yaml.ts';
import { SyntaxProblems } from '../../../src/config/syntax-problems.ts';
import { ConfigError } from '../../../src/errors.ts';
import { devOf, loose, prodOf, TWO_APPS, twoAppsWith } from './fixtures/two-apps.ts';

/** What is wrong with a text, as `line:column message`. */
function problemsIn(text: string): string[] {
  try {
    parseYaml(text);
  } catch (error) {
    if (!(error instanceof SyntaxProblems)) throw error;
    return error.problems.map(({ at, message }) => `${at.line}:${at.column} ${message}`);
  }
  throw new Error(`Accepted: ${text}`);
}

test('what is valid JSON is read as JSON is, and every value in the same place', () => {
  expect(parseYaml(TWO_APPS)).toEqual(parseJson(TWO_APPS));
});

test('whatever JSON can say, YAML can', () => {
  const quoted = { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'QUOTE_DOUBLE' } as const;
  const value = fc.object({ withNullPrototype: false, maxDepth: 3 }).map((any) => {
    return JSON.parse(JSON.stringify(any)) as unknown;
  });
  fc.assert(
    fc.property(value, (value) => {
      fc.pre(!/__proto__|\d[eE][+-]?\d|\d{16}/.test(JSON.stringify(value)));

      expect(plain(parseYaml(stringify(value, quoted)))).toEqual(value);
    }),
    { numRuns: 200 },
  );
});

test('a config in YAML means what it means in JSON', async () => {
  const text = stringify(JSON.parse(TWO_APPS));

  const { config, warnings } = await parseConfigFile({ path: 'deploy.yaml', text });

  expect(config).toEqual(parseConfig(TWO_APPS, 'deploy.json').config);
  expect(warnings).toEqual([]);
});

test.each([
  ['deploy.yaml', 'A: 1', 'deploy.yaml:1:1: ConfigAccountID'],
  ['deploy.YML', '{"A": 1}', 'deploy.YML:1:1: ConfigAccountID'],
  ['deploy.json', 'A: 1', 'deploy.json:1:1: not JSON'],
  ['deploy', '# ours\n\nConfigRegion: x', 'deploy:3:15: ConfigRegion: found "x"'],
  ['deploy', '---\nConfigRegion: x', 'deploy:2:15: ConfigRegion: found "x"'],
  ['deploy.conf', '\n {"ConfigRegion" "x"}', 'deploy.conf:2:18: not JSON'],
  ['deploy', 'hello', 'deploy:1:1: not JSON'],
  ['deploy', '', 'deploy:1:1: not JSON: the file is empty'],
])('%s with %j is told by its name, else by how it begins', async (path, text, expected) => {
  const message = await messageOf(path, text);

  expect(message).toContain(expected);
});

async function messageOf(path: string, text: string): Promise<string> {
  try {
    await parseConfigFile({ path, text });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error(`Accepted: ${text}`);
}

test('errors of the schema and of the rules have the line, column and path of the YAML file', async () => {
  const file = JSON.parse(
    twoAppsWith((file) => {
      devOf(file)['Memory'] = loose(true);
      prodOf(file)['TargetGroupARNs']!['green'] = prodOf(file)['TargetGroupARNs']!['blue']!;
    }),
  ) as unknown;
  const text = stringify(file);
  const lineOf = (part: string) => text.split('\n').findIndex((line) => line.includes(part)) + 1;

  const [, memory, green] = (await messageOf('deploy.yaml', text)).split('\n');

  expect(memory).toBe(
    `deploy.yaml:${lineOf('Memory: true')}:17: Apps.net-conf.Environments.dev.Memory: found true, ` +
      'expected MiB such as "1024", or "1 GB"',
  );
  expect(green).toMatch(
    /^deploy\.yaml:\d+:\d+: Apps\.net-conf\.Environments\.prod\..*green: is the same target/,
  );
});

test('every trap is shown at once, with the path to it', async () => {
  const text = 'Apps:\n  x:\n    Environments:\n      dev: {AccountID: 012345678901, B: no}\n';

  expect(await messageOf('f.yaml', text)).toBe(
    [
      'The config f.yaml has 2 errors:',
      'f.yaml:4:24: Apps.x.Environments.dev.AccountID: begins with 0, which makes it an octal ' +
        'number to some YAML readers; quote it',
      'f.yaml:4:41: Apps.x.Environments.dev.B: is text to some YAML readers and true or false to ' +
        'others; write true or false, or "no"',
    ].join('\n'),
  );
});

test('an account id without quotes is told to be put into them', async () => {
  const message = await messageOf('f.yaml', 'ConfigAccountID: 111122223333');

  expect(message).toContain(
    'f.yaml:1:18: ConfigAccountID: found 111122223333, expected an account id: 12 digits in quotes',
  );
});

test.each([
  ['octal', 'a: 012345678901', '1:4 begins with 0'],
  ['yes', 'a: yes', '1:4 is text to some YAML readers and true or false'],
  ['on', 'a: [On]', '1:5 is text to some YAML readers and true or false'],
  ['n', 'a: n', '1:4 is text to some YAML readers and true or false'],
  ['a date', 'a: 2022-10-03', '1:4 is a date'],
  ['a time', 'a: 2001-12-14t21:59:43.10-05:00', '1:4 is a date'],
  ['base 60', 'a: 22:22', '1:4 is a number to some'],
  ['an exponent', 'a: 12e34567', '1:4 is a number to some'],
  ['base 16', 'a: 0xBEEF', '1:4 is a number to some'],
  ['infinity', 'a: -.inf', '1:4 is a number to some'],
  ['an underscore', 'a: 1_000', '1:4 is a number to some'],
  ['a sign', 'a: +1', '1:4 is a number to some'],
  ['many digits', 'a: 12345678901234567890', '1:4 is too large for a number'],
  ['a tag', 'a: !!binary aGVsbG8=', '1:13 has a tag'],
  ['a tag of its own', 'a: !Ref x', '1:9 has a tag'],
  ['a tagged list', 'a: !x [1]', '1:7 has a tag'],
  ['a key twice', 'a: 1\nb: 2\na: 3', '3:1 is given twice'],
  ['a merge key', 'a: &a {x: 1}\nb: {<<: *a}', '2:5 is a merge key'],
  ['a number as key', '1: x', '1:1 is a key that some YAML readers take for no text'],
  ['a date as key', 'a: {2022-10-03: x}', '1:5 is a key that some YAML readers take for no text'],
  ['on as key', 'on: x', '1:1 is a key that some YAML readers take for no text'],
  ['nothing as key', ': x', '1:1 is a key that some YAML readers take for no text'],
  ['a list as key', '? [a]\n: 1', '1:3 has a key that is no text'],
  ['a key with a tag', '!!str a: 1', '1:7 is a key with a tag or an anchor'],
  ['the prototype', '__proto__: 1', "1:1 can't be a key"],
  ['two documents', 'a: 1\n---\nb: 2', '2:1 a second document begins here'],
  ['another version', '%YAML 1.1\n---\na: 1', '1:1 is YAML 1.1; only YAML 1.2 is read'],
  ['an unknown anchor', 'a: *b', '1:4 *b names no anchor that ends before it'],
  ['an anchor in itself', 'a: &a [*a]', '1:8 *a names no anchor that ends before it'],
  ['a tab', 'a:\n\tb: 1', '2:1 not YAML: Tabs are not allowed as indentation'],
  ['an open list', 'a: [1', '1:6 not YAML: '],
  ['an open string', 'a: "x', '1:6 not YAML: Missing closing "quote'],
  [
    'a bare template',
    'a: {{.Region}}',
    '1:5 has a key that is no text, which no config has; a value that begins with {{',
  ],
  ['a template and more', 'a: {{.Region}}/x', 'a value that begins with {{ has to be quoted'],
  ['nothing', '', '1:1 the file is empty'],
  ['a comment only', '# nothing\n', '1:1 the file is empty'],
])('%s is refused: %j', (_what, text, expected) => {
  expect(problemsIn(text)).toEqual([expect.stringContaining(expected)]);
});

test.each([
  ['a: "012"', { a: '012' }],
  ["a: 'yes'", { a: 'yes' }],
  ['"on": 1', { on: 1 }],
  ['a: 0', { a: 0 }],
  ['a: -1.5', { a: -1.5 }],
  ['a: True\nb: false\nc: ~\nd:\ne: Null', { a: true, b: false, c: null, d: null, e: null }],
  ['a: node', { a: 'node' }],
  ['a: 1.2.3', { a: '1.2.3' }],
  ['a: 10.0.0.0/8', { a: '10.0.0.0/8' }],
  ['a: 0.5 vCPU', { a: '0.5 vCPU' }],
  ['a: 1a2b3c4d', { a: '1a2b3c4d' }],
  ['a: |\n  x\n  y\nb: >-\n  x\n  y\n', { a: 'x\ny\n', b: 'x y' }],
  ['\uFEFFa: 1', { a: 1 }],
  ['a: &x {b: [1, 2]}\nc: *x\nd: [*x]', { a: { b: [1, 2] }, c: { b: [1, 2] }, d: [{ b: [1, 2] }] }],
  ['a: &x 1\nb: &x 2\nc: *x', { a: 1, b: 2, c: 2 }],
])('%j is read as %j', (text, expected) => {
  expect(plain(parseYaml(text))).toEqual(expected);
});

test('what stands behind an alias is located where the alias is', () => {
  const node = parseYaml('a: &x\n  b: 1\nc: *x\n');

  expect(node).toMatchObject({
    members: [{ key: 'a' }, { key: 'c', value: { at: { line: 3, column: 4 } } }],
  });
});

test('aliases that multiply are refused before they are followed', () => {
  const levels = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 12; level++) {
    const before = `*a${level - 1}`;
    levels.push(`a${level}: &a${level} [${Array(10).fill(before).join(', ')}]`);
  }

  expect(problemsIn(levels.join('\n'))).toEqual([
    '5:45 the aliases up to here stand for more than 100000 values',
  ]);
});

test('aliases that nest are refused when they get too deep', () => {
  const levels = Array.from({ length: 300 }, (_, level) =>
    level === 0 ? 'a0: &a0 [x]' : `a${level}: &a${level} [*a${level - 1}]`,
  );

  expect(problemsIn(levels.join('\n'))).toEqual([
    expect.stringContaining('nested deeper than 100 levels'),
  ]);
});

test.each(['['.repeat(20_000), '{a: '.repeat(20_000), '- '.repeat(20_000), '? '.repeat(20_000)])(
  'a text that nests without end is refused',
  (text) => {
    expect(problemsIn(text)).toEqual([
      expect.stringMatching(/^1:\d+ nested deeper than 100 levels/),
    ]);
  },
);

test('a text that is longer than any config is refused unread', () => {
  expect(problemsIn(`a: ${'x'.repeat(1024 * 1024)}`)).toEqual([
    '1:1 is longer than 1048576 characters',
  ]);
});

const SIGNS = '- : , [ ] { } # & * ! | > \' " % @ ` ? \n \t ~ << a b 0 1 . _ yes 012 2022-10-03 ---'
  .split(' ')
  .concat('\n', '\n  ', '  ', ' ', ': ', '- ', '&a ', '*a', '!x ', '\uFEFF', '\0', '\uD800');

test('any text is read or refused, and nothing else', () => {
  const text = fc
    .array(fc.oneof(fc.constantFrom(...SIGNS), fc.string({ maxLength: 2, unit: 'binary' })), {
      maxLength: 25,
    })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (text) => {
      try {
        JSON.stringify(plain(parseYaml(text)));
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxProblems);
        const { problems } = error as SyntaxProblems;
        expect(problems.length).toBeGreaterThan(0);
        for (const { at, message } of problems) {
          expect(at.line).toBeGreaterThanOrEqual(1);
          expect(at.column).toBeGreaterThanOrEqual(1);
          expect(message).not.toBe('');
        }
      }
    }),
    { numRuns: 1500 },
  );
});

const YAML_TWO_APPS = stringify(JSON.parse(TWO_APPS));

test('a config with any slip in it is accepted or refused with file, line and column', async () => {
  const slip = fc.tuple(fc.nat(YAML_TWO_APPS.length - 1), fc.nat(3), fc.constantFrom(...SIGNS, ''));
  await fc.assert(
    fc.asyncProperty(slip, async ([at, removed, inserted]) => {
      const text = YAML_TWO_APPS.slice(0, at) + inserted + YAML_TWO_APPS.slice(at + removed);
      try {
        await parseConfigFile({ path: 'f.yaml', text });
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
        expect((error as ConfigError).message).toMatch(
          /^The config f\.yaml has \d+ errors?:\nf\.yaml:\d+:\d+: /,
        );
      }
    }),
    { numRuns: 150 },
  );
});
