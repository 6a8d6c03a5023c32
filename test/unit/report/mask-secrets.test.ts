import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Json } from '../../../src/config/json.ts';
import { describeReferences, looksSecret, maskSecrets } from '../../../src/report/mask-secrets.ts';
import type { ResolvedReference } from '../../../src/templates/references.ts';

const masked = (value: Json, references: readonly ResolvedReference[] = []) =>
  maskSecrets(value, ['Apps', 'x'], references);

test.each([
  'PASSWORD',
  'DB_PASSWORD',
  'dbPasswd',
  'API_KEY',
  'apiKey',
  'api-key',
  'SECRET',
  'CLIENT_SECRET',
  'clientSecretValue',
  'TOKEN',
  'splunk-token',
  'GITHUB_TOKENS',
  'KEY',
  'AUTH',
  'VPC_CONF_API_KEYS',
  'AWS_ACCESS_KEY_ID',
  'SENTRY_DSN',
  'COOKIE_SALT',
  'dbCredentials',
])('%s looks secret', (name) => {
  expect(looksSecret(name)).toBe(true);
});

test.each([
  'STAGE',
  'LOG_LEVEL',
  'KEYCLOAK_URL',
  'MONKEY',
  'AUTHOR',
  'PINNED',
  'awslogs-group',
  'SALTY',
  'PASSENGER',
  '',
])('%s does not', (name) => {
  expect(looksSecret(name)).toBe(false);
});

test('in a container, values of secret names are masked, names of secrets are not', () => {
  const container = {
    name: 'web',
    image: 'repo/token-service:v1',
    environment: [
      { name: 'STAGE', value: 'dev' },
      { name: 'API_KEY', value: 'abc' },
      { name: 'DATABASE_URL', value: 'postgres://me:hunter2@db/x?sslmode=on&password=p' },
      { name: 'OPTIONS', value: '-Dtoken=abc -Dlevel=1' },
      { name: 'EMPTY_SECRET', value: '' },
    ],
    secrets: [{ name: 'DB_PASSWORD', valueFrom: 'arn:aws:ssm:us-east-1:1:parameter/x' }],
    repositoryCredentials: { credentialsParameter: 'arn:aws:secretsmanager:x' },
    logConfiguration: {
      logDriver: 'splunk',
      options: { 'splunk-token': 'abc', 'splunk-url': 'u' },
    },
    command: ['serve', '--port', '80', '--password', 'abc', '--api-key=def', '--token', '--debug'],
    memory: 300,
  };

  expect(masked([container])).toEqual([
    {
      ...container,
      environment: [
        { name: 'STAGE', value: 'dev' },
        { name: 'API_KEY', value: '***' },
        { name: 'DATABASE_URL', value: 'postgres://me:***@db/x?sslmode=on&password=***' },
        { name: 'OPTIONS', value: '-Dtoken=*** -Dlevel=1' },
        { name: 'EMPTY_SECRET', value: '' },
      ],
      logConfiguration: {
        logDriver: 'splunk',
        options: { 'splunk-token': '***', 'splunk-url': 'u' },
      },
      command: [
        'serve',
        '--port',
        '80',
        '--password',
        '***',
        '--api-key=***',
        '--token',
        '--debug',
      ],
    },
  ]);
});

describe('what stands for a reference', () => {
  const use = (kind: 'env' | 'ssm' | 'secretArn', name: string, value: string, path: string) => {
    return { kind, name, value, path: `Apps.x${path}` };
  };

  test('is masked where it stands: parameters always, variables by their names', () => {
    const references = [
      use('ssm', '/x', 'abc', '.a'),
      use('env', 'MY_TOKEN', 'def', '.b[0]'),
      use('env', 'STAGE', 'dev', '.b[1]'),
      use('secretArn', 'key', 'arn:x', '.c'),
    ];

    expect(
      masked({ a: '<abc>', b: ['xdefx', 'dev'], c: 'arn:x', d: 'abc stands here too' }, references),
    ).toEqual({ a: '<***>', b: ['x***x', 'dev'], c: 'arn:x', d: 'abc stands here too' });
  });

  test('takes all of a text along in which it was changed', () => {
    const references = [use('ssm', '/x', 'abc', '.a'), use('ssm', '/y', 'long', '.a')];

    expect(masked({ a: 'https://ABC/long' }, references)).toEqual({ a: '***' });
  });

  test('is masked whole where one value stands within another', () => {
    const references = [use('ssm', '/x', 'ab', '.a'), use('ssm', '/y', 'xaby', '.a')];

    expect(masked({ a: 'xaby ab' }, references)).toEqual({ a: '*** ***' });
  });

  test('is described once, with every path', () => {
    const references = [
      use('ssm', '/x', 'abc', '.a'),
      use('ssm', '/x', 'abc', '.b'),
      use('env', 'STAGE', 'dev', '.b'),
      use('env', 'URL', 'https://me:pw@x', '.c'),
    ];

    expect(describeReferences(references)).toEqual([
      { reference: '{{ssm "/x"}}', paths: ['Apps.x.a', 'Apps.x.b'], value: '***' },
      { reference: '{{env "STAGE"}}', paths: ['Apps.x.b'], value: 'dev' },
      { reference: '{{env "URL"}}', paths: ['Apps.x.c'], value: 'https://me:***@x' },
    ]);
  });
});

test('the value of a secret name is never shown, and a shape never changed', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.jsonValue({ maxDepth: 3 }), (secret, rest) => {
      const value = { environment: [{ name: 'A_TOKEN', value: secret }], rest: rest as Json };

      const text = JSON.stringify(masked(value));

      expect(text).not.toContain(secret);
      expect(shapeOf(JSON.parse(text))).toEqual(shapeOf(JSON.parse(JSON.stringify(value))));
    }),
    { numRuns: 100 },
  );
});

/** Everything but the texts. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value === 'string') return 'a text';
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
}
