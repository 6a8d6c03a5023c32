import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { configSchemaFile, type JsonSchema } from '../../../scripts/generate/config-schema.ts';
import { CONTAINER_DEFINITION_TEXTS } from '../../../scripts/generate/container-definition-texts.ts';
import { parseConfig } from '../../../src/config/parse.ts';
import { TWO_APPS } from './fixtures/two-apps.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const SCHEMA = JSON.parse(configSchemaFile.content()) as JsonSchema;
const ENVIRONMENT = '.Apps.*.Environments.*.';
const CONTAINER = '.Apps.*.ContainerDefinitionTemplates[].';

/** Every key that the schema knows, by its path: `*` is any name, `[]` any item. */
function keysIn(schema: JsonSchema, at = ''): Map<string, JsonSchema> {
  const { additionalProperties, items, properties = {} } = schema;
  const keys = new Map<string, JsonSchema>();
  const add = (inner: JsonSchema, path: string) => {
    for (const [key, found] of keysIn(inner, path)) keys.set(key, found);
  };
  for (const [key, inner] of Object.entries(properties)) {
    keys.set(`${at}.${key}`, inner);
    add(inner, `${at}.${key}`);
  }
  if (items) add(items, `${at}[]`);
  if (typeof additionalProperties === 'object') add(additionalProperties, `${at}.*`);
  return keys;
}

const KEYS = keysIn(SCHEMA);

test('the JSON Schema in the repository is what the config is checked with', async () => {
  const committed = await readFile(path.join(root, configSchemaFile.file), 'utf8');

  expect(committed).toBe(configSchemaFile.content());
});

test('it knows the keys inside of names that are data', () => {
  expect(KEYS.size).toBeGreaterThan(150);
  for (const key of [
    `${ENVIRONMENT}RequiresPreviousEnvDeploy`,
    `${ENVIRONMENT}TargetGroupARNs.blue`,
    `${CONTAINER}portMappings[].containerPort`,
    '.Apps.*.PostDeployCommandTemplates[].Arguments',
  ]) {
    expect(KEYS.get(key)).toBeDefined();
  }
});

test('every key is described, with an example unless nothing may be written there', () => {
  const wanting = [...KEYS].filter(
    ([, { description = '', examples = [], not }]) =>
      !/^\S.*[.]$/s.test(description) || (examples.length === 0 && !not),
  );

  expect(wanting.map(([key]) => key)).toEqual([]);
});

test('what may not be written is described with the reason', () => {
  const refused = [...KEYS].filter(([, schema]) => schema.not);

  expect(refused.length).toBeGreaterThan(0);
  for (const [, { description }] of refused) {
    expect(description).toMatch(/^(?:Reserved for a later version: .|Never in this file: set )/);
  }
});

test('no key has the words of another one', () => {
  const keysBy = new Map<string, Set<string>>();
  for (const [key, { description = '' }] of KEYS) {
    if (key.startsWith(CONTAINER)) continue;
    const name = key.slice(key.lastIndexOf('.') + 1);
    keysBy.set(description, (keysBy.get(description) ?? new Set()).add(name));
  }

  expect([...keysBy.values()].filter((names) => names.size > 1)).toEqual([]);
});

test('there are texts for the keys of a container that there are, and for no others', () => {
  const known = [...KEYS.keys()]
    .filter((key) => key.startsWith(CONTAINER))
    .map((key) => key.slice(CONTAINER.length));

  expect(Object.keys(CONTAINER_DEFINITION_TEXTS).sort()).toEqual(known.sort());
});

test('each example would be accepted in its place', () => {
  const examples = [...KEYS].filter(
    ([key, { examples }]) => examples && (key.startsWith(ENVIRONMENT) || key.startsWith(CONTAINER)),
  );
  for (const [key, schema] of examples) {
    for (const example of schema.examples ?? []) {
      expect({ key, error: errorWith(key, example) }).toEqual({ key });
    }
  }
});

/** What the schema says to an example in the place of its key; rules that compare keys aside. */
function errorWith(key: string, example: unknown): string | undefined {
  const file = JSON.parse(TWO_APPS) as Record<string, unknown>;
  const segments = key.slice(1).replaceAll('[]', '.0').split('.');
  let here: Record<string, unknown> = file;
  const names = ['creds-api', 'dev'];
  const spelled = segments.map((segment) => (segment === '*' ? names.shift() : segment) ?? '');
  for (const [depth, segment] of spelled.entries()) {
    const found = Object.keys(here).find((name) => name.toLowerCase() === segment.toLowerCase());
    if (depth === spelled.length - 1) {
      if (found !== undefined) delete here[found];
      here[segment] = example;
    } else here = (here[found ?? segment] ??= {}) as typeof here;
  }
  try {
    parseConfig(JSON.stringify(listed(file)), 'f');
    return undefined;
  } catch (error) {
    return (error as Error).message.split('\n').find((line) => line.includes(', expected '));
  }
}

/** Objects that were made on the way and stand for lists. */
function listed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(listed);
  const keys = Object.keys(value);
  const inner = Object.fromEntries(
    Object.entries(value).map(([key, member]: [string, unknown]) => [key, listed(member)]),
  );
  return keys.length > 0 && keys.every((key) => key === '0') ? [inner['0']] : inner;
}

test('it requires the settings of an environment that have no default', () => {
  const environments = KEYS.get('.Apps.*.Environments')?.additionalProperties;

  expect((environments as JsonSchema).required?.join(' ')).toBe(
    'AccountID Region CPU Memory ExecutionRoleARN Family Cluster Subnets ListenerARN ' +
      'TargetGroupARNs',
  );
});

test('the guide names every key of the file, of an app and of an environment', async () => {
  const guide = await readFile(path.join(root, 'docs/config.md'), 'utf8');
  const names = [...KEYS.keys()]
    .filter((key) => !key.startsWith(CONTAINER))
    .map((key) => key.slice(key.lastIndexOf('.') + 1));

  expect(names.filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
});
