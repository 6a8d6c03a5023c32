import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseConfig } from '../../../src/config/parse.ts';
import { ConfigError } from '../../../src/errors.ts';
import { loose, twoAppsWith } from './fixtures/two-apps.ts';

const ROLE_ARN = 'arn:aws:iam::{{.Account}}:role/deployer';

function textWith(credentials: unknown): string {
  return twoAppsWith((file) => {
    file['Credentials'] = loose(credentials);
  });
}

const read = (credentials: unknown) => parseConfig(textWith(credentials), 'f').config.credentials;

/** The lines of the error, without file, line and column. */
function errorsIn(credentials: unknown): string[] {
  try {
    read(credentials);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const [, ...lines] = (error as ConfigError).message.split('\n');
    return lines.map((line) => line.replace(/^f:\d+:\d+: /, ''));
  }
  return [];
}

test('credentials can be those of a role in each account', () => {
  const session = { SessionName: 'ci', DurationSeconds: 3600, ExternalId: 'blue', Profile: 'base' };

  expect(read({ Provider: 'assume-role', RoleArn: ROLE_ARN, ...session })).toEqual({
    provider: 'assume-role',
    roleArnTemplate: ROLE_ARN,
    sessionName: 'ci',
    durationSeconds: 3600,
    externalId: 'blue',
    profile: 'base',
  });
});

test('credentials can be those of one profile', () => {
  expect(read({ provider: 'default', profile: 'my company' })).toEqual({
    provider: 'default',
    profile: 'my company',
  });
});

test.each(['kion', 'cloudtamer'])('credentials can come from %s', (name) => {
  expect(read({ Provider: name, Roles: ['deployer', 'admin'] })).toEqual({
    provider: 'kion',
    roles: ['deployer', 'admin'],
  });
  const place = { BaseUrl: 'https://kion.example.com/api', IdmsId: '2' };
  expect(read({ Provider: name, Roles: ['deployer'], ...place })).toEqual({
    provider: 'kion',
    roles: ['deployer'],
    baseUrl: place.BaseUrl,
    idmsId: 2,
  });
});

test.each([
  [{}, 'Provider: is missing'],
  [{ Provider: 'assume-role' }, 'RoleArn: is missing, but the provider assume-role needs'],
  [{ Provider: 'kion' }, 'Roles: is missing, but the provider kion needs the names'],
  [{ Provider: 'kion', Roles: [] }, 'Roles: found a list, expected at least one'],
  [{ Provider: 'kion', Roles: ['a b'] }, `Roles[0]: found "a b", expected a role's name`],
  [{ Provider: 'default', ExternalId: 'ab' }, 'ExternalId: found a string, which means nothing'],
  [{ Provider: 'default', Roles: ['a'] }, 'Roles: found a list, which means nothing with'],
  [{ Provider: 'kion', Roles: ['a'], Profile: 'x' }, 'Profile: found "x", which means nothing'],
  [{ Provider: 'kion', Roles: ['a'], IdmsId: -1 }, 'IdmsId: found -1, expected a whole number'],
  [{ Provider: 'default', Profil: 'x' }, 'Profil: is not a known key; did you mean Profile?'],
])('credentials that say nothing clear are refused: %j', (credentials, expected) => {
  expect(errorsIn(credentials)).toEqual([expect.stringContaining(`Credentials.${expected}`)]);
});

test.each([
  ['Password', 'CLOUDTAMER_PASSWORD'],
  ['username', 'CLOUDTAMER_USERNAME'],
])('a %s in the file is refused, and not repeated', (key, variable) => {
  const errors = errorsIn({ Provider: 'kion', Roles: ['a'], [key]: 'hunter2' }).join();

  expect(errors).toMatch(/^Credentials\.(?:Password|Username): found a string, but it doesn't/);
  expect(errors).toContain(`set ${variable} in the environment`);
  expect(errors).not.toContain('hunter2');
});

test.each([
  ['http://kion.example.com/api', 'expected https, as the password is sent there'],
  ['http://127.0.0.1.example.com', 'expected https, as the password is sent there'],
  ['https://ann:hunter2@kion.example.com', 'without a user name or password in it'],
  ['https://kion.example.com/api?token=hunter2', 'without a "?" or "#" in it'],
  ['kion.example.com', 'expected an address such as "https://kion.example.com/api"'],
  ['file:///etc/passwd', 'expected an address such as'],
])('the address %s is refused', (url, expected) => {
  const errors = errorsIn({ Provider: 'kion', Roles: ['a'], BaseUrl: url });

  expect(errors).toEqual([expect.stringContaining(`Credentials.BaseUrl: found a string, `)]);
  expect(errors.join()).toContain(expected);
  expect(errors.join()).not.toContain('hunter2');
});

test.each(['https://k/', 'http://localhost:8080/api', 'http://127.0.0.1:80', 'http://[::1]/api'])(
  'the address %s is accepted',
  (url) => {
    expect(read({ Provider: 'kion', Roles: ['a'], BaseUrl: url })).toMatchObject({ baseUrl: url });
  },
);

/** A value that may be right, or is wrong, or is left out. */
const maybe = (...values: unknown[]) => fc.constantFrom(undefined, '', -1, [], {}, ...values);

test('any combination of keys is valid or refused with a path', () => {
  const combination = fc.record({
    Provider: fc.constantFrom<unknown>('default', 'assume-role', 'kion', 'cloudtamer', 'x', 1),
    Profile: maybe('base'),
    RoleArn: maybe(ROLE_ARN),
    ExternalId: maybe('blue'),
    SessionName: maybe('ci'),
    DurationSeconds: maybe(900),
    BaseUrl: maybe('https://kion.example.com/api', 'http://kion.example.com'),
    IdmsId: maybe(1, '2'),
    Roles: maybe(['deployer'], ['']),
    Password: fc.constantFrom<unknown>(undefined, undefined, undefined, 'hunter2'),
  });
  const seen = { valid: 0, refused: 0 };
  fc.assert(
    fc.property(combination, (credentials) => {
      const errors = errorsIn(credentials);
      seen[errors.length === 0 ? 'valid' : 'refused']++;
      for (const line of errors) expect(line).toMatch(/^Credentials\.\w+(\[\d+\])?: (found|is) /);
      expect(errors.join()).not.toContain('hunter2');
    }),
    {
      numRuns: 200,
      examples: [[{ ...NOTHING, Provider: 'kion', Roles: ['deployer'] }]],
    },
  );
  expect(Math.min(seen.valid, seen.refused)).toBeGreaterThan(0);
});

const NOTHING = {
  Profile: undefined,
  RoleArn: undefined,
  ExternalId: undefined,
  SessionName: undefined,
  DurationSeconds: undefined,
  BaseUrl: undefined,
  IdmsId: undefined,
  Password: undefined,
};
