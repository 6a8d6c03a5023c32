import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { EXIT } from '../../../src/errors.ts';
import { renderTemplate } from '../../../src/templates/render.ts';
import { renderRoleArn } from '../../../src/templates/role-arn.ts';
import { TemplateError } from '../../../src/templates/template-error.ts';
import type { TemplateValues } from '../../../src/templates/values.ts';

const VALUES: TemplateValues = {
  Account: '111122223333',
  Region: 'us-east-1',
  Environment: 'dev',
  Artifact: {
    Value: 'hello:abcd1234',
    BuildNumber: 42,
    Tags: { SHA: 'abcd1234', 'git-branch': 'main', constructor: 'a tag like any other' },
  },
};

const render = (template: string, values = VALUES) => renderTemplate(template, values, 'Path');

function errorOf(template: string, values = VALUES): TemplateError {
  try {
    render(template, values);
  } catch (error) {
    expect(error).toBeInstanceOf(TemplateError);
    return error as TemplateError;
  }
  throw new Error(`Rendered: ${template}`);
}

test.each([
  [
    '{{.Account}}.dkr.ecr.{{.Region}}.amazonaws.com',
    '111122223333.dkr.ecr.us-east-1.amazonaws.com',
  ],
  ['{{ .Artifact.Tags.SHA }}', 'abcd1234'],
  ['{{Artifact.Value}}', 'hello:abcd1234'],
  ['{{.Artifact.BuildNumber}}', '42'],
  ['{{.Artifact.Tags.[git-branch]}}', 'main'],
  ['{{.Artifact.Tags.constructor}}', 'a tag like any other'],
  ['a \n {{- .Region -}} \t b', 'aus-east-1b'],
  ['a {{/* }} not an action */}}b', 'a b'],
  ['a {{- /* trims too */ -}} b', 'ab'],
  ['C:\\{{.Region}}\\x', 'C:\\us-east-1\\x'],
  ['no template: } }} { $ \\', 'no template: } }} { $ \\'],
  ['{{\n.Region\n}}', 'us-east-1'],
  ['', ''],
])('%j is rendered as %j', (template, expected) => {
  expect(render(template)).toBe(expected);
});

test('every string of a structure is rendered, and nothing else is changed', () => {
  const template = {
    image: '{{.Artifact.Value}}',
    environment: [{ name: 'ENV', value: '{{.Environment}}' }],
    memory: 512,
    essential: true,
    hostname: null,
    dockerLabels: { 'Com.Example': '{{.Region}}', __proto__2: 'x' },
  };

  expect(renderTemplate(template, VALUES, 'Path')).toEqual({
    image: 'hello:abcd1234',
    environment: [{ name: 'ENV', value: 'dev' }],
    memory: 512,
    essential: true,
    hostname: null,
    dockerLabels: { 'Com.Example': 'us-east-1', __proto__2: 'x' },
  });
});

test('a value is not escaped and not rendered again', () => {
  const Value = '<&"\\> {{.Account}} {{{Account}}} \\{{x}}';
  const values = { ...VALUES, Artifact: { ...VALUES.Artifact, Value } };

  expect(render('[{{.Artifact.Value}}]', values)).toBe(`[${Value}]`);
});

test('a missing name is an error with its place, the names that there are and the likely one', () => {
  const template = { env: [{ value: 'a\nb {{.Artifact.Tags.Sha}}' }] };
  let error: unknown;
  try {
    renderTemplate(template, VALUES, 'Apps.x.C[0]');
  } catch (thrown) {
    error = thrown;
  }

  expect(error).toBeInstanceOf(TemplateError);
  expect(error).toMatchObject({
    exitCode: EXIT.usage,
    message:
      'Apps.x.C[0].env[0].value (line 2, column 3): {{.Artifact.Tags.Sha}} names a value that is ' +
      'not there. There are: Account, Region, Environment, Artifact.Value, Artifact.BuildNumber, ' +
      'Artifact.Tags.SHA, Artifact.Tags.git-branch, Artifact.Tags.constructor.',
    hint: 'Did you mean {{.Artifact.Tags.SHA}}?',
  });
});

test.each([
  ['{{.SHA}}', 'Did you mean {{.Artifact.Tags.SHA}}?'],
  ['{{.account}}', 'Did you mean {{.Account}}?'],
  ['{{.Nothing}}', 'Name one of these values; names are case-sensitive.'],
])('%s leads to the hint %s', (template, hint) => {
  expect(errorOf(template).hint).toBe(hint);
});

test('the task definition is known to post-deploy commands only', () => {
  const after = { ...VALUES, TaskDefinition: 'hello-dev:7' };

  expect(render('{{.TaskDefinition}}', after)).toBe('hello-dev:7');
  expect(errorOf('{{.TaskDefinition}}').message).toBe(
    'Path (line 1, column 1): {{.TaskDefinition}} is known only after the deploy',
  );
  expect(errorOf('{{.TaskDefinition}}').hint).toContain('PostDeployCommandTemplates');
});

test.each(['{{.Artifact}}', '{{.Artifact.Tags}}'])('%s names no single value', (template) => {
  expect(errorOf(template).message).toContain('names a group of values');
});

test.each([
  '{{.constructor}}',
  '{{constructor.constructor}}',
  '{{.__proto__}}',
  '{{.Artifact.__proto__}}',
  '{{.Account.length}}',
  '{{.Artifact.Tags.toString}}',
  '{{.Artifact.Tags.[__proto__]}}',
])('%s reaches nothing that is not a value', (template) => {
  expect(errorOf(template).message).toContain('names a value that is not there');
});

test.each([
  '{{if .Account}}x{{end}}',
  '{{range .Artifact.Tags}}{{end}}',
  '{{with .Artifact}}{{end}}',
  '{{printf "%s" .Account}}',
  '{{.Account | printf "%s"}}',
  '{{index .Artifact.Tags "SHA"}}',
  '{{$x := .Account}}',
  '{{"text"}}',
  '{{`text`}}',
  '{{42}}',
  '{{true}}',
  '{{.}}',
  '{{..}}',
  '{{}}',
  '{{-.Account}}',
  '{{#if Account}}x{{/if}}',
  '{{#Account}}',
  '{{/Account}}',
  '{{^}}',
  '{{else}}',
  '{{> partial}}',
  '{{* decorator}}',
  '{{! comment }}',
  '{{!-- comment --}}',
  '{{~Account~}}',
  '{{&Account}}',
  '{{{Account}}}',
  '{{{{raw}}}}x{{{{/raw}}}}',
  '{{@root.Account}}',
  '{{../Account}}',
  '{{this}}',
  '{{lookup Artifact "Value"}}',
  '{{Account x=1}}',
  '{{Account Region}}',
  '{{(Account)}}',
  '{{Account}} {{log}} {{Account Region}}',
])('%s is refused as not supported', (template) => {
  const { message, hint } = errorOf(template);

  expect(message).toMatch(/^Path \(line 1, column \d+\): .*(is not supported yet|is not there)/);
  expect(hint).not.toBe('');
});

test('a comment ends where it says so', () => {
  expect(errorOf('{{/* a */ x}} text {{/* b */}}').message).toContain('is not supported yet');
});

test.each(['{{', 'a {{.Account', '{{.Account}', '{{/* comment', '{{/* comment */ x'])(
  '%s breaks off',
  (template) => {
    expect(errorOf(template).message).toMatch(/column \d+\): "\{\{" has no "\}\}" after it/);
  },
);

test('a key is never a template', () => {
  const render = () => renderTemplate({ a: { '{{.Region}}': 'x' } }, VALUES, 'Path');

  expect(render).toThrow(TemplateError);
  expect(render).toThrow(`Path.a["{{.Region}}"]: a key can't be a template`);
});

/** Characters that mean something to JSON, Go, Handlebars or a shell, among ordinary ones. */
const nasty = fc.array(
  fc.oneof(
    fc.string({ maxLength: 3 }),
    fc.constantFrom('{{', '}}', '{{.Account}}', '{{{', '"', '\\', '\n', '$(', '</', '__proto__'),
  ),
);
const nastyText = nasty.map((parts) => parts.join(''));

test('no value or tag changes anything but the strings that name it', () => {
  fc.assert(
    fc.property(nastyText, nastyText, fc.dictionary(nastyText, nastyText), (Value, SHA, others) => {
      const Tags = { ...others, SHA };
      const values = { ...VALUES, Artifact: { Value, BuildNumber: 1, Tags } };
      const template = {
        before: 'fixed {{.Account}}',
        named: ['<{{.Artifact.Value}}|{{.Artifact.Tags.SHA}}>'],
        after: { fixed: 'fixed' },
      };

      expect(renderTemplate(template, values, 'Path')).toEqual({
        before: 'fixed 111122223333',
        named: [`<${Value}|${SHA}>`],
        after: { fixed: 'fixed' },
      });
    }),
    { numRuns: 300 },
  );
});

/** What Go's and Handlebars' parsers know, in any order. */
const TOKENS = [
  '{{ }} {{{ . - ~ # / > ! ^ @ [ ] | = " /* */'.split(' '),
  'Account Artifact Value Tags this if else end'.split(' '),
  [' '],
].flat();

test('any text is rendered or refused with a TemplateError, and nothing else', () => {
  const token = fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom(...TOKENS));
  const template = fc.array(token, { maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(
      fc.oneof(
        template,
        template.map((inside) => `{{${inside}}}`),
      ),
      (template) => {
        try {
          const result = render(template);
          // What is not an action is there as it was written.
          if (!template.includes('{{')) expect(result).toBe(template);
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateError);
          expect((error as TemplateError).message).toMatch(/^Path \(line \d+, column \d+\): /);
        }
      },
    ),
    { numRuns: 3000 },
  );
});

test('a role can name the account and the region, and nothing else', () => {
  const account = { accountId: '111122223333', region: 'us-east-1' };

  expect(renderRoleArn('arn:aws:iam::{{.Account}}:role/x', account)).toBe(
    'arn:aws:iam::111122223333:role/x',
  );
  expect(() => renderRoleArn('{{.Environment}}', account)).toThrow(
    'Credentials.RoleArn (line 1, column 1): {{.Environment}} names a value that is not there. ' +
      'There are: Account, Region.',
  );
});
