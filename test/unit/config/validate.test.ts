import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { contentIdentity } from '../../../src/config/content-identity.ts';
import { parseConfigFile } from '../../../src/config/parse.ts';
import { type Validation, validateConfig } from '../../../src/config/validate.ts';
import {
  containerOf,
  devOf,
  type Loose,
  loose,
  TWO_APPS,
  twoAppsWith,
} from './fixtures/two-apps.ts';

const validate = (text: string, source = 'f.json') =>
  validateConfig({ path: source, text }, (name) => name === 'SET');

/** A config in use with one more container variable, `X`. */
const withValue = (value: string, more: (file: Loose) => void = () => {}) =>
  validate(
    twoAppsWith((file) => {
      containerOf(file)['environment'] = loose([{ name: 'X', value }]);
      more(file);
    }),
  );

const PATH = 'Apps.net-conf.ContainerDefinitionTemplates[0].environment[0].value';

const messages = ({ errors, warnings }: Validation) => ({
  errors: errors.map(({ path, message }) => `${path}: ${message}`),
  warnings: warnings.map(({ path, message }) => `${path}: ${message}`),
});

test('a config in use has nothing to complain about', async () => {
  const { config, ...rest } = await validate(TWO_APPS);

  expect([...(config?.apps.keys() ?? [])]).toEqual(['net-conf', 'creds-api']);
  expect(rest).toEqual({ errors: [], warnings: [], references: [] });
});

const FIXTURES = path.resolve(import.meta.dirname, '../../fixtures/configs');
const fixture = (name: string) => ({
  path: name,
  text: readFileSync(path.join(FIXTURES, name), 'utf8'),
});

test.each(['commercial.json', 'commercial.yaml', 'gov.json'])('%s is valid', async (name) => {
  const { errors, warnings } = await validateConfig(fixture(name), () => false);

  expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
});

test('the same config in JSON and in YAML is the same config', async () => {
  const [json, yaml] = await Promise.all([
    parseConfigFile(fixture('commercial.json')),
    parseConfigFile(fixture('commercial.yaml')),
  ]);

  expect(yaml.config).toEqual(json.config);
  expect([...yaml.config.apps.values()].map(contentIdentity)).toEqual(
    [...json.config.apps.values()].map(contentIdentity),
  );
});

test.each(['f.json', 'f.yaml'])(
  'errors of every kind are shown at once, each at its line: %s',
  async (source) => {
    const file = JSON.parse(
      twoAppsWith((file) => {
        containerOf(file)['Image'] = loose('{{.Acount}}');
        delete containerOf(file)['PortMappings'];
        containerOf(file)['portMappings'] = loose([{ containerPort: true }]);
        devOf(file)['Memory'] = loose(true);
        file['Apps']!['net-conf']!['PreDeployCommandTemplates'] = loose([
          { Program: '{{if}}', Arguments: ['ok', '{{.TaskDefinition}}'] },
        ]);
        file['Apps']!['creds-api']!['environments']!['dev']!['requiresPreviousEnvDeploy'] =
          loose('nope');
        file['Comment'] = loose('unknown');
      }),
    ) as unknown;
    const text = source.endsWith('json') ? JSON.stringify(file, null, 2) : stringify(file);

    const { config, errors, warnings } = await validate(text, source);

    expect(config).toBeUndefined();
    expect(errors.map(({ path }) => path)).toEqual([
      'Apps.net-conf.ContainerDefinitionTemplates[0].image',
      'Apps.net-conf.ContainerDefinitionTemplates[0].portMappings[0].containerPort',
      'Apps.net-conf.PreDeployCommandTemplates[0].Program',
      'Apps.net-conf.PreDeployCommandTemplates[0].Arguments[1]',
      'Apps.net-conf.Environments.dev.Memory',
    ]);
    expect(warnings.map(({ path }) => path)).toEqual(['Comment']);
    const lines = text.split('\n');
    expect(lines[errors[0]!.line - 1]).toContain('{{.Acount}}');
    expect(lines[errors[0]!.line - 1]!.slice(errors[0]!.column - 1)).toMatch(/^"\{\{\.Acount/);
    expect(lines[errors[3]!.line - 1]).toContain('{{.TaskDefinition}}');
  },
);

test('an error of syntax is all that can be said', async () => {
  expect(await validate('{"a" 1}')).toEqual({
    errors: [
      { line: 1, column: 6, message: 'not JSON: expected ":" after the key "a", found "1"' },
    ],
    warnings: [],
    references: [],
  });
});

test('traps of YAML are listed with their paths', async () => {
  const { errors } = await validate('Apps: {x: no}\nConfigAccountID: 012\n', 'f.yml');

  expect(errors).toEqual([
    { line: 1, column: 11, path: 'Apps.x', message: expect.stringContaining('true or false') },
    { line: 2, column: 18, path: 'ConfigAccountID', message: expect.stringContaining('octal') },
  ]);
});

describe('a template', () => {
  test.each([
    ['{{.Artifact.Tags.branch}}'],
    ['{{index .Artifact.Tags "git-branch"}}'],
    ['{{.Artifact.Tags.[git-branch]}}{{Artifact.Tags.other}}'],
    ['{{with .Artifact.Tags}}{{.branch}}{{end}}'],
    ['{{slice .Artifact.Tags.SHA 0 8}}{{slice .Artifact.Value 0 12}}'],
    ['{{if .Artifact.Tags.x}}{{.Artifact.Tags.x}}{{else}}none{{end}}'],
    ['{{if eq .Environment "prod"}}{{.Region}}{{end}}'],
    ['{{range $k, $v := .Artifact.Tags}}{{$k}}={{$v}}{{end}}'],
    ['{{env "SET"}}{{ssm "/x"}}{{secretArn "y"}}'],
  ])('that some artifact could be rendered with is right: %s', async (value) => {
    expect(messages(await withValue(value))).toEqual({ errors: [], warnings: [] });
  });

  test.each([
    ['{{.Nope}}', '{{.Nope}} names a value that is not there.'],
    ['{{if .Artifact.Tags.x}}a{{else}}{{.Nope}}{{end}}', 'column 35: {{.Nope}} names a value'],
    ['{{if .Artifact.Tags.x}}{{.Nope}}{{end}}', '{{.Nope}} names a value that is not there.'],
    ['{{lt .Artifact.Tags.SHA 1}}', "lt can't compare a string with an integer"],
    ['{{end}}', '{{end}} belongs to nothing'],
    ['{{ssm .Artifact}}', 'ssm takes a name, found a group of values'],
    ['{{range 9999999999}}{{end}}', 'the template does more work than any configuration needs'],
  ])('that no artifact could be rendered with is an error: %s', async (value, expected) => {
    const { errors, warnings } = messages(await withValue(value));

    expect(errors).toEqual([expect.stringContaining(expected)]);
    expect(errors[0]).toMatch(
      new RegExp(`^${PATH.replaceAll(/[[\]]/g, '\\$&')}: template, line 1`),
    );
    expect(warnings).toEqual([]);
  });

  test('that is wrong in one environment only says in which', async () => {
    const { errors } = messages(await withValue('{{if eq .Environment "prod"}}{{.Nope}}{{end}}'));

    expect(errors).toEqual([expect.stringMatching(/names are case-sensitive\. \(in prod\)$/)]);
  });

  test('that depends on the values is worth a warning', async () => {
    const { errors, warnings } = messages(await withValue('{{slice .Artifact.Tags.x 0 200}}'));

    expect(errors).toEqual([]);
    expect(warnings).toEqual([
      expect.stringContaining('may be refused, depending on values: template, line 1, column 3'),
    ]);
  });

  test('that names a variable which is not set here is worth a warning', async () => {
    const validation = await withValue('{{env "UNSET"}}{{env "SET"}}{{ssm "/x"}}');

    expect(messages(validation).warnings).toEqual([
      `${PATH}: {{env "UNSET"}} is not set here; it has to be for a deploy`,
    ]);
    expect(validation.references).toEqual([
      { kind: 'env', name: 'UNSET' },
      { kind: 'env', name: 'SET' },
      { kind: 'ssm', name: '/x' },
    ]);
  });

  test('in a key is an error', async () => {
    const validation = await withValue('', (file) => {
      containerOf(file)['DockerLabels'] = loose({ '{{.Region}}': 'x' });
    });

    expect(messages(validation).errors).toEqual([
      expect.stringContaining(`dockerLabels["{{.Region}}"]: a key can't be a template`),
    ]);
  });
});

describe('whatever is in a file', () => {
  const nasty = fc.constantFrom(
    '{{.Nope}}',
    '{{',
    '{{ssm 1}}',
    '\uD800',
    '\0',
    '__proto__',
    '{{env "a"}}',
  );
  const value = fc.oneof(nasty, fc.jsonValue({ maxDepth: 2 }));
  const text = fc
    .tuple(
      fc.constantFrom('Image', 'environment', 'DockerLabels', 'LogConfiguration'),
      value,
      value,
    )
    .map(([key, inner, other]) =>
      twoAppsWith((file) => {
        containerOf(file)[key] = loose(inner);
        devOf(file)[key] = loose(other);
        file['Apps']!['net-conf']!['PreDeployCommandTemplates'] = loose(other);
      }),
    );
  const yaml = text.map((text) => stringify(JSON.parse(text)));
  const cut = fc.tuple(text, fc.nat(3000)).map(([text, end]) => text.slice(0, end));

  test('it is told in problems with a place, and nothing is thrown', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(text, yaml, cut, fc.string()),
        fc.boolean(),
        async (text, isYaml) => {
          const { config, errors } = await validate(text, isYaml ? 'f.yaml' : 'f.json');

          expect(config === undefined).toBe(errors.length > 0);
          for (const { column, line, message } of errors) {
            expect(line).toBeGreaterThanOrEqual(1);
            expect(column).toBeGreaterThanOrEqual(1);
            expect(message).not.toBe('');
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
