import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Json } from '../../../src/config/json.ts';
import {
  describeReferences,
  looksSecret,
  maskSecrets,
} from '../../../src/templates/mask-secrets.ts';
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
  'DBPASS',
  'DB_PASS',
  '--pw',
  'ROOTPWD',
  'Authorization',
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
  'BYPASS',
  'compass',
  'COMPASS_URL',
  'AUTHORIZER_URL',
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

test.each([
  // In a text with words of its own.
  ['mysql --password S3 -pS3 db', 'mysql --password *** -p*** db'],
  ['sh -c "mysql --password S3"', 'sh -c "mysql --password ***"'],
  ['mysqldump -u me -pS3', 'mysqldump -u me -p***'],
  ["run --token 'S3 S3' --debug", 'run --token *** --debug'],
  ['run --token=S3', 'run --token=***'],
  ['run --token -S3', 'run --token ***'],
  ['run --pw S3; ls', 'run --pw *** ls'],
  ['DBPASS=S3 run', 'DBPASS=*** run'],
  // In a text within another.
  ['OPTIONS="--password=S3 -v"', 'OPTIONS="--password=*** -v"'],
  ['-c "env: password=S3"', '-c "env: password=***"'],
  [String.raw`{"env":"{\"token\":\"S3\"}"}`, String.raw`{"env":"{\"token\":\"***\"}"}`],
  // JSON, headers, YAML.
  ['{"password":"S3"}', '{"password":"***"}'],
  ['{"user": "me", "apiKey" : "S\\"3", "n": 1}', '{"user": "me", "apiKey" : "***", "n": 1}'],
  [String.raw`{\"password\":\"S3\"}`, String.raw`{\"password\":\"***\"}`],
  ['Authorization: Bearer S3', 'Authorization: ***'],
  ['X-Api-Key: S3', 'X-Api-Key: ***'],
  ['curl -H "Authorization: Bearer S3" x', 'curl -H "Authorization: ***" x'],
  ['user: me\npassword: S3\nport: 80', 'user: me\npassword: ***\nport: 80'],
  // Log-ins and URLs.
  ['curl -u me:S3 https://x', 'curl -u me:*** https://x'],
  ["curl --user 'me:S3' x", "curl --user 'me:***' x"],
  ['postgres://u:a/b@c@host/db', 'postgres://u:***@host/db'],
  ['https://S3@github.com/x', 'https://***@github.com/x'],
  ['a=https://u:S3@x b=https://u:S3@y', 'a=https://u:***@x b=https://u:***@y'],
  // Assignments.
  ['password=a,b', 'password=***'],
  ['password=a,user=me', 'password=***,user=me'],
  ["password=a'b", 'password=***'],
  ['?token=S3&page=2', '?token=***&page=2'],
])('within a text: %s', (text, shown) => {
  expect(masked({ TEXT: text })).toEqual({ TEXT: shown });
});

test.each([
  [
    ['--token', '-S3'],
    ['--token', '***'],
  ],
  [
    ['--pw', 'S3'],
    ['--pw', '***'],
  ],
  [
    ['--token', '-v'],
    ['--token', '-v'],
  ],
  [
    ['-u', 'me:S3', 'x'],
    ['-u', 'me:***', 'x'],
  ],
  [
    ['-u', '1000:1000'],
    ['-u', '1000:1000'],
  ],
  [
    ['-c', 'run --token S3'],
    ['-c', 'run --token ***'],
  ],
])('within arguments: %j', (list, shown) => {
  expect(masked({ command: list })).toEqual({ command: shown });
});

test('what is no secret stays as it is, in whatever company', () => {
  const WORDS = [
    'the password is wrong',
    'token',
    '--tokenizer fast',
    '--port 80',
    '-p 8080:80',
    '-u root',
    '--user 1000:1000',
    'mysql --port=3306',
    'mkdir -p /a/b',
    'arn:aws:secretsmanager:us-east-1:111111111111:secret:hello/key-abc123',
    'arn:aws:ssm:us-east-1:1:parameter/hello/password',
    'repo.example.org:5000/token-service:v1',
    'token-service:v1',
    'http://localhost:8080/people?mail=me@example.org',
    'ssh://git@example.org/x.git',
    'postgres://me@db:5432/x',
    'https://example.org/@scope/x',
    'me@example.org',
    'level: info',
    'Content-Type: text/plain',
    '"compass":"north"',
    'a=1,b=2',
    '{"password":""}',
    "don't",
    '12:30',
  ];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...WORDS), { maxLength: 6 }),
      fc.constantFrom(' \n', '\n'),
      (words, between) => {
        const text = words.join(between);

        expect(masked({ TEXT: text, list: words })).toEqual({ TEXT: text, list: words });
      },
    ),
    { numRuns: 300 },
  );
});

test('long texts of any kind take no long time', () => {
  for (const part of [
    '"',
    'a',
    '-',
    ' -',
    'mysql ',
    '"a":"',
    '\\"',
    '--a ',
    'a=',
    "--token '",
    '//a:',
  ]) {
    const text = part.repeat(Math.ceil(20_000 / part.length));

    expect(masked([text])).toHaveLength(1);
  }
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
