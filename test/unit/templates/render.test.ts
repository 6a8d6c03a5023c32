import { expect, test } from '@jest/globals';
import { EXIT } from '../../../src/errors.ts';
import { Refusal } from '../../../src/templates/go/refusal.ts';
import { readHandlebarsPath } from '../../../src/templates/handlebars-path.ts';
import { renderTemplate } from '../../../src/templates/render.ts';
import { renderRoleArn } from '../../../src/templates/role-arn.ts';
import { rootOf } from '../../../src/templates/root.ts';
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
      'Apps.x.C[0].env[0].value (line 2, column 5): {{.Artifact.Tags.Sha}} names a value that is ' +
      'not there. There are: .Account, .Region, .Environment, .Artifact.Value, .Artifact.BuildNumber, ' +
      '.Artifact.Tags.SHA, .Artifact.Tags.[git-branch], .Artifact.Tags.constructor.',
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
    'Path (line 1, column 3): {{.TaskDefinition}} is known only after the deploy',
  );
  expect(errorOf('{{.TaskDefinition}}').hint).toContain('PostDeployCommandTemplates');
});

test.each(['{{.}}', '{{$}}', '{{.Artifact}}', '{{Artifact}}', '{{print .Artifact}}'])(
  '%s names no single value',
  (template) => {
    expect(errorOf(template).message).toContain("a group of values can't be printed");
  },
);

test('what is not there may be asked for, as in Go, but not printed', () => {
  const tag = '.Artifact.Tags.nope';

  expect(render(`{{if ${tag}}}a{{else}}b{{end}}`)).toBe('b');
  expect(render(`{{with ${tag}}}{{.}}{{else}}b{{end}}`)).toBe('b');
  expect(render(`{{or ${tag} "none"}}`)).toBe('none');
  expect(render('{{if eq (index .Artifact.Tags "nope") "x"}}a{{else}}b{{end}}')).toBe('b');
  expect(render('{{if .TaskDefinition}}a{{else}}b{{end}}')).toBe('b');
  expect(errorOf(`{{${tag}}}`).message).toContain('names a value that is not there');
  expect(errorOf(`{{print "x" ${tag}}}`).message).toContain('names a value that is not there');
  expect(errorOf('{{index .Artifact.Tags "nope"}}').message).toContain('.Artifact.Tags.nope');
  expect(errorOf(`{{or ${tag} .Artifact.Tags.Sha}}`).hint).toBe(
    'Did you mean {{.Artifact.Tags.SHA}}?',
  );
});

test.each([
  '{{.constructor}}',
  '{{constructor.constructor}}',
  '{{.__proto__}}',
  '{{.Artifact.__proto__}}',
  '{{.Account.length}}',
  '{{.Artifact.Tags.toString}}',
  '{{.Artifact.Tags.[__proto__]}}',
  '{{index . "__proto__"}}',
  '{{index . "constructor"}}',
  '{{index .Artifact "toString"}}',
  '{{index .Artifact.Tags "hasOwnProperty"}}',
  '{{if .constructor}}{{end}}',
  '{{$x := .}}{{$x.__proto__}}',
  '{{(.Artifact).constructor}}',
  '{{constructor}}',
  '{{Artifact.Tags.__proto__}}',
])('%s reaches nothing that is not a value', (template) => {
  expect(errorOf(template).message).toContain('names a value that is not there');
});

test.each([
  ['{{if eq .Environment "dev"}}a{{else}}b{{end}}', 'a'],
  ['{{range $name, $tag := .Artifact.Tags}}{{$name}} {{end}}', 'SHA constructor git-branch '],
  [
    '{{with .Artifact}}{{.Value}} {{$.Region}} {{Account}}{{end}}',
    'hello:abcd1234 us-east-1 111122223333',
  ],
  ['{{printf "%s-%05d" .Artifact.Value .Artifact.BuildNumber}}', 'hello:abcd1234-00042'],
  ['{{.Account | printf "%q"}}', '"111122223333"'],
  ['{{slice .Artifact.Tags.SHA 0 4}}', 'abcd'],
  ['{{$x := .Region}}{{$x}}', 'us-east-1'],
  ['{{if .Artifact.Tags.[git-branch]}}{{(.Artifact).Tags.[git-branch]}}{{end}}', 'main'],
  ['{{"}}"}} {{`"`}}', '}} "'],
])('%s is rendered by the rules of Go as %j', (template, expected) => {
  expect(render(template)).toBe(expected);
});

test.each([
  ['{{}}', 1, 3, 'found no value in the action', 'Name a value'],
  ['{{-.Account}}', 1, 3, '-. is no number', 'Numbers'],
  ['{{.Artifact.Tags.git-branch}}', 1, 21, 'found "-" after .git', '.[git-branch]'],
  ['{{pritnf "%s" .Region}}', 1, 3, 'there is no function pritnf', 'Did you mean printf?'],
  ['{{.Region | uper}}', 1, 13, 'there is no function uper', '{{.uper}}'],
  ['{{if Account}}x{{end}}', 1, 6, 'there is no function Account', '{{.Account}}'],
  ['{{esle}}', 1, 1, '{{esle}} is no word', 'Did you mean {{else}}?'],
  ['{{if true}}a{{esle}}b{{end}}', 1, 13, '{{esle}} is no word', 'Did you mean {{else}}?'],
  ['{{$regoin}}', 1, 3, '$regoin is not declared here', '{{$regoin := .Region}}'],
  ['{{$region := 1}}{{$regoin}}', 1, 19, '$regoin is not declared', 'Did you mean $region?'],
  ['a\nb {{if true}}x', 2, 3, '{{if}} has no {{end}}', 'Close it with {{end}}'],
  ['{{else}}', 1, 1, '{{else}} belongs to nothing', '{{if}}'],
  ['{{break}}', 1, 1, '{{break}} stands outside of {{range}}', 'loop'],
  ['{{define "x"}}{{end}}', 1, 1, '{{define}} is not supported', 'where it is wanted'],
  ['{{template "x"}}', 1, 1, '{{template}} is not supported', 'where it is wanted'],
  ['{{block "x" .}}{{end}}', 1, 1, '{{block}} is not supported', 'where it is wanted'],
  ['{{call .Region}}', 1, 3, 'the function call is not supported', 'Name the function'],
  ['{{eq .Artifact.BuildNumber "42"}}', 1, 3, "eq can't compare an integer with a string", 'kind'],
  ['{{index .Artifact.Tags 1}}', 1, 3, 'the key of a map is a string, found an integer', 'index'],
  ['{{printf "%d" .Region}}', 1, 3, 'printf: %d takes an integer, found a string', '%v'],
  ['{{printf "%s"}}', 1, 3, 'printf: %s has no argument', 'Each verb'],
  ['{{printf "a" "b"}}', 1, 3, 'the format takes 0 arguments, found 1', 'Each verb'],
  ['{{len .Region .Region}}', 1, 3, 'len takes 1 argument, found 2', 'parentheses'],
  ['{{.Region "x"}}', 1, 3, '.Region takes no arguments', 'function'],
  ['{{.Region | "x"}}', 1, 13, 'found "x" after "|"', 'last argument'],
  ['{{"a\\z"}}', 1, 3, 'found \\z, which stands for nothing', 'as in Go'],
  ['{{"a}}', 1, 3, 'found "\\"", which begins nothing', 'Close the string'],
  ['{{with .Region}}{{.Value}}{{end}}', 1, 19, 'looked up in a string', '{{$.Region}}'],
  ['{{if .Region.x}}{{end}}', 1, 6, '{{.Region.x}} names a value', 'Did you mean {{.Region}}?'],
  ['{{if .Zone.x}}{{end}}', 1, 6, '{{.Zone}} names a value', 'case-sensitive'],
  ['{{if true}}{{$y := 1}}{{else}}{{$y}}{{end}}', 1, 33, '$y is not declared here', 'Declare'],
  ['{{slice "h\u00e9" 0 2}}', 1, 3, 'slice 2 is in the middle of a character', 'bytes'],
  ['{{range .Region}}{{end}}', 1, 9, "{{range}} can't go through a string", 'maps and lists'],
  ['{{#if Account}}x{{/if}}', 1, 3, 'found "#"', '{{if .Name}}...{{end}}'],
  ['{{/if}}', 1, 3, 'found "/"', '{{end}}'],
  ['{{! comment }}', 1, 3, 'found "!"', '{{/* comment */}}'],
  ['{{~Account~}}', 1, 3, 'found "~"', '{{- .Name -}}'],
  ['{{&Account}}', 1, 3, 'found "&"', 'Nothing is escaped'],
  ['{{{Account}}}', 1, 3, 'found "{"', 'two braces'],
  ['{{> partial}}', 1, 3, 'found ">"', 'partial'],
  ['{{@root.Account}}', 1, 3, 'found "@"', '$.Name'],
  ['{{this}}', 1, 1, '{{this}} is neither a Go action nor', '{{.Artifact.Value}}'],
  ['{{lookup Artifact "Value"}}', 1, 3, 'there is no function lookup', '{{.lookup}}'],
  ['{{Account x=1}}', 1, 12, 'found "=" after x', 'looks like'],
  ['{{/* a */ x}} text {{/* b */}}', 1, 10, 'found " " after the comment', 'fills its action'],
  ['{{/* comment', 1, 1, 'the comment has no "*/"', 'fills its action'],
])('%s is refused at line %i, column %i: %s', (template, line, column, what, hint) => {
  const error = errorOf(template);

  expect(error.message).toMatch(new RegExp(`^Path \\(line ${line}, column ${column}\\): `));
  expect(error.message).toContain(what);
  expect(error.hint).toContain(hint);
});

test.each([
  'Account Region',
  'Account x=1',
  'this',
  '../Account',
  '@root.Account',
  '{Account',
  '#if Account',
  '> partial',
  '!comment',
  'Account}}{{Region',
  'Account}}{{lookup . "x"',
])('Handlebars is asked for nothing but a plain path: %s', (source) => {
  const read = () => readHandlebarsPath(source, { index: 0, values: VALUES, root: rootOf(VALUES) });

  expect(read).toThrow(Refusal);
  expect(read).toThrow('is neither a Go action nor a plain path of Handlebars');
});

test.each(['{{', 'a {{.Account', '{{.Account}', '{{if', '{{.Account |', '{{"x" '])(
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

test('a role can name the account and the region, and nothing else', () => {
  const account = { accountId: '111122223333', region: 'us-east-1' };

  expect(renderRoleArn('arn:aws:iam::{{.Account}}:role/x', account)).toBe(
    'arn:aws:iam::111122223333:role/x',
  );
  expect(() => renderRoleArn('{{.Environment}}', account)).toThrow(
    'Credentials.RoleArn (line 1, column 3): {{.Environment}} names a value that is not there. ' +
      'There are: .Account, .Region.',
  );
});
