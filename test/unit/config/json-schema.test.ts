import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { configSchemaFile } from '../../../scripts/generate/config-schema.ts';

const root = path.resolve(import.meta.dirname, '../../..');

interface JsonSchema {
  readonly description?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema;
}

test('the JSON Schema in the repository is what the config is checked with', async () => {
  const committed = await readFile(path.join(root, configSchemaFile.file), 'utf8');

  expect(committed).toBe(configSchemaFile.content());
});

test('it describes every setting of an environment, and requires those without a default', () => {
  const schema = JSON.parse(configSchemaFile.content()) as JsonSchema;
  const app = schema.properties?.['Apps']?.additionalProperties;
  const environment = app?.properties?.['Environments']?.additionalProperties;

  const settings = Object.entries(environment?.properties ?? {});
  expect(settings.length).toBeGreaterThan(15);
  expect(settings.filter(([, { description }]) => !description)).toEqual([]);
  expect(environment?.required?.join(' ')).toBe(
    'AccountID Region CPU Memory ExecutionRoleARN Family Cluster Subnets ListenerARN ' +
      'TargetGroupARNs',
  );
});
