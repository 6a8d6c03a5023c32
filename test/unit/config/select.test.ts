import { expect, test } from '@jest/globals';
import { servingContainer } from '../../../src/config/container-definitions.ts';
import { parseConfig } from '../../../src/config/parse.ts';
import { selectEnvironment } from '../../../src/config/select.ts';
import { ConfigError } from '../../../src/errors.ts';
import { TWO_APPS } from './fixtures/two-apps.ts';

const { config } = parseConfig(TWO_APPS, 'f');

test('an environment is found by its names', () => {
  const { app, environment } = selectEnvironment(config, 'net-conf', 'prod');

  expect(app.name).toBe('net-conf');
  expect(environment.family).toBe('net-conf-prod');
});

test.each([
  ['netconf', 'dev', '"netconf" is no app', 'net-conf, creds-api', 'Did you mean -app net-conf?'],
  ['zzz', 'dev', '"zzz" is no app', 'net-conf, creds-api', 'Give one of these names with -app.'],
  ['net-conf', 'prd', '"prd" is no environment', 'dev, prod', 'Did you mean -env prod?'],
  ['net-conf', 'constructor', '"constructor" is no env', 'dev, prod', 'Give one of these'],
])('unknown names are refused with those that there are: %s %s', (app, env, what, known, hint) => {
  const select = () => selectEnvironment(config, app, env);

  expect(select).toThrow(ConfigError);
  expect(select).toThrow(what);
  expect(select).toThrow(`There is: ${known}.`);
  expect(select).toThrow(expect.objectContaining({ hint: expect.stringContaining(hint) }));
});

test('the serving container is the first one, with its only port', () => {
  const templates = config.apps.get('net-conf')!.containerDefinitionTemplates;

  expect(servingContainer(templates)).toEqual({
    name: 'net-conf-{{.Environment}}',
    containerPort: 2020,
  });
  expect(servingContainer(templates.slice(1))).toBeUndefined();
  expect(servingContainer([])).toBeUndefined();
});
