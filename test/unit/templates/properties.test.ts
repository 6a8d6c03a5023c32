import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Json } from '../../../src/config/json.ts';
import { Pending } from '../../../src/templates/go/reference.ts';
import { renderTemplate } from '../../../src/templates/render.ts';
import { TemplateError } from '../../../src/templates/template-error.ts';
import type { TemplateValues } from '../../../src/templates/values.ts';

const SIGNS = [
  [
    '{{',
    '}}',
    '{{.Account}}',
    '{{{',
    '{{/*',
    '{{end}}',
    '{{- ',
    ' -}}',
    '"',
    '\\',
    '`',
    '%s',
    '%!',
  ],
  ['\n', '\r', '\0', '\u2028', '\uD800', '\uDC00', '$(', '</', '__proto__'],
].flat();

/** Characters that mean something to JSON, Go, Handlebars or a shell, and some that are no text. */
const nastyText = fc
  .array(fc.oneof(fc.string({ maxLength: 3, unit: 'binary' }), fc.constantFrom(...SIGNS)), {
    maxLength: 6,
  })
  .map((parts) => parts.join(''));

const nastyValues = fc.record({
  Account: nastyText,
  Region: nastyText,
  Environment: nastyText,
  TaskDefinition: nastyText,
  Artifact: fc.record({
    Value: nastyText,
    BuildNumber: fc.nat(),
    Tags: fc
      .tuple(nastyText, fc.dictionary(nastyText, nastyText))
      .map(([SHA, others]): Record<string, string> => ({ ...others, SHA })),
  }),
});

/** Each beside what it must be rendered to: values go through variables, functions and blocks. */
const NAMING: readonly (readonly [string, (values: TemplateValues) => string])[] = [
  ['<{{.Artifact.Value}}>', ({ Artifact }) => `<${Artifact.Value}>`],
  ['<{{Artifact.Value}}>', ({ Artifact }) => `<${Artifact.Value}>`],
  ['{{$x := .Artifact.Tags.SHA}}"{{$x}}"', ({ Artifact }) => `"${Artifact.Tags['SHA']}"`],
  ['{{printf "%s|%v" .Region .Account}}', ({ Region, Account }) => `${Region}|${Account}`],
  ['{{.Environment | print .Region}}', ({ Region, Environment }) => Region + Environment],
  ['{{with .Artifact.Tags}}{{index . "SHA"}}{{end}}', ({ Artifact }) => `${Artifact.Tags['SHA']}`],
  ['{{or "" .TaskDefinition ""}}', ({ TaskDefinition }) => TaskDefinition ?? ''],
  ['{{slice .Region}}{{len ""}}', ({ Region }) => `${Region}0`],
];

test('no value, tag or variable changes anything but the string in which it stands', () => {
  fc.assert(
    fc.property(nastyValues, (values) => {
      const template: Json = {
        before: 'fixed',
        named: NAMING.map(([text]) => text),
        nested: [{ 'a key': 'fixed', list: ['fixed', 1, true, null] }],
        after: { fixed: '}} fixed' },
      };

      expect(renderTemplate(template, values, 'Path')).toEqual({
        ...template,
        named: NAMING.map(([, expected]) => expected(values)),
      });
    }),
    { numRuns: 300 },
  );
});

test('every tag can be gone through, in the order of its bytes', () => {
  fc.assert(
    fc.property(nastyValues, (values) => {
      const { Tags } = values.Artifact;
      // Half a surrogate pair has no bytes.
      fc.pre(Object.keys(Tags).every((name) => !/[\uD800-\uDFFF]/u.test(name)));
      const names = Object.keys(Tags).sort((a, b) =>
        Buffer.compare(Buffer.from(a), Buffer.from(b)),
      );

      expect(
        renderTemplate('{{range $k, $v := .Artifact.Tags}}{{$k}}={{$v}};{{end}}', values, 'Path'),
      ).toBe(names.map((name) => `${name}=${Tags[name]};`).join(''));
    }),
    { numRuns: 200 },
  );
});

const VALUES: TemplateValues = {
  Account: '111122223333',
  Region: 'us-east-1',
  Environment: 'dev',
  Artifact: { Value: 'hello:1', BuildNumber: 42, Tags: { SHA: 'abcd1234', 'git-branch': 'main' } },
};

/** Rendered, or refused in the one way that there is. */
function assertUnderstood(template: string): void {
  try {
    const result = renderTemplate(template, VALUES, 'Path', ({ name }) => {
      if (name.length % 2 === 0) throw new Pending();
      return name;
    });
    // What is not an action is there as it was written.
    if (!template.includes('{{')) expect(result).toBe(template);
  } catch (error) {
    expect(error).toBeInstanceOf(TemplateError);
    expect((error as TemplateError).message).toMatch(/^Path \(line \d+, column \d+\): /);
    expect((error as TemplateError).hint).not.toBe('');
  }
}

/** What Go's and Handlebars' parsers know, in any order. */
const TOKENS = [
  '{{ }} {{{ {{- -}} . - ~ # / > ! ^ @ $ $x := = , ( ) [ ] | " \' ` \\ /* */ 0x 1.5 1e 07'.split(
    ' ',
  ),
  'Account .Artifact .Value .Tags $.Region this if else end range with break continue nil'.split(
    ' ',
  ),
  'printf index len slice eq lt and or not html js urlquery print define call "%s" "%d"'.split(' '),
  'env ssm secretArn "/x" "/xy"'.split(' '),
  [' ', ' ', ' ', '\n'],
].flat();

test('any text is rendered or refused with a TemplateError, and nothing else', () => {
  const token = fc.oneof(
    { weight: 1, arbitrary: fc.string({ maxLength: 3, unit: 'binary' }) },
    { weight: 4, arbitrary: fc.constantFrom(...TOKENS) },
  );
  const text = fc.array(token, { maxLength: 14 }).map((parts) => parts.join(''));
  const template = fc.oneof(
    text,
    text.map((inside) => `{{${inside}}}`),
  );
  fc.assert(fc.property(template, assertUnderstood), { numRuns: 2000 });
});

const VALID = [
  '{{if eq .Environment "dev" "test"}}a{{else if not .Artifact.Tags.x}}b{{else}}c{{end}}',
  '{{range $k, $v := .Artifact.Tags}}{{if eq $k "SHA"}}{{continue}}{{end}}{{printf "%-8s|%q" $k $v}}{{end}}',
  '{{with $x := .Artifact}}{{$x.Value | printf "%s-%05d" .Value | slice 1}}{{end}}',
  '{{- /* c */ -}} {{print `raw` \'c\' 0x1F 1.5e3 (len "a\\u00e9") nil}} {{index .Artifact.Tags "SHA"}}',
  '{{if env "A"}}{{ssm (printf "/%s" .Region)}}{{end}}{{$x := secretArn "ab" | slice 1}}{{$x}}',
  '{{$x := 3}}{{range $x}}{{$x = .}}{{end}}{{$x}}{{.Artifact.Tags.[git-branch]}}{{Artifact.Value}}',
];

test('a valid template with slips in it is rendered or refused, and nothing else', () => {
  const slip = fc.tuple(fc.nat(), fc.nat(4), fc.constantFrom(...TOKENS, ''));
  fc.assert(
    fc.property(
      fc.constantFrom(...VALID),
      fc.array(slip, { minLength: 1, maxLength: 3 }),
      (valid, slips) => {
        let template = valid;
        for (const [place, removed, inserted] of slips) {
          const at = place % (template.length + 1);
          template = template.slice(0, at) + inserted + template.slice(at + removed);
        }

        assertUnderstood(template);
      },
    ),
    { numRuns: 2000 },
  );
});

const repeat = (text: string, count: number) => text.repeat(count);

test.each([
  ['parentheses', repeat('{{(', 1) + repeat('(', 50_000) + '1' + repeat(')', 50_001) + '}}'],
  ['blocks', repeat('{{if true}}', 50_000) + repeat('{{end}}', 50_000)],
  ['else ifs', '{{if false}}' + repeat('{{else if false}}', 50_000) + '{{end}}'],
])('%s inside each other are refused when they get too deep', (_name, template) => {
  expect(() => renderTemplate(template, VALUES, 'Path')).toThrow(
    /^Path \(line 1, column \d+\): nested deeper than 100 levels/,
  );
});

test.each([
  ['{{range 1000}}{{range 1000}}{{range 1000}}0123456789{{end}}{{end}}{{end}}'],
  ['{{$x := "0123456789"}}{{range 40}}{{$x = print $x $x}}{{end}}{{$x}}'],
  ['{{$x := printf "%10000d" 1}}{{range 200}}{{$x}}{{end}}'],
  ['{{range 200}}{{printf "%10000d" .}}{{end}}'],
])('%s is refused for what it would make', (template) => {
  expect(() => renderTemplate(template, VALUES, 'Path')).toThrow(/longer than 1048576 characters/);
});

test.each([
  ['{{range 9223372036854775807}}{{end}}'],
  ['{{range 100000}}{{range 100000}}{{if eq "a" "b"}}x{{end}}{{end}}{{end}}'],
  ['{{$x := printf "%10000s" ""}}{{range 1000000}}{{if eq $x "a"}}x{{end}}{{end}}'],
])('%s is refused for the work it would take', (template) => {
  expect(() => renderTemplate(template, VALUES, 'Path')).toThrow(/does more work than any/);
});

test('a long template without end is read in one go', () => {
  for (const part of [
    '{',
    '{{',
    '{{"',
    '{{`',
    '{{/*',
    ' ',
    '{{(',
    '\\',
    "{{'",
    '{{$x',
    '{{.a',
    '{{a.',
  ]) {
    assertUnderstood(repeat(part, 200_000 / part.length));
    assertUnderstood(`{{${repeat(part, 200_000 / part.length)}`);
    assertUnderstood(`x${repeat(part, 200_000 / part.length)}{{- 1}}`);
  }
});
