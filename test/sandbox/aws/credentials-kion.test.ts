/**
 * Goal: with CloudTamer/Kion, credentials come from there as the description of its API has it,
 * whatever the server does; and nothing that is secret is told.
 * Method: a local server that is written from that description, over HTTP.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  type CredentialTools,
  type CredentialsFor,
  credentialsBy,
} from '../../../src/aws/credentials/index.ts';
import type { CredentialsConfig } from '../../../src/config/config.ts';
import { ConfigError } from '../../../src/errors.ts';
import { createRedactor } from '../../../src/report/redactor.ts';
import { HurryingClock } from '../../support/hurrying-clock.ts';
import { until } from '../runtime/processes.ts';
import { KION_USER, type KionAnswer, KionServer, refusal } from '../../support/kion-server.ts';

const HOME = '111111111111';
const PROD = '222222222222';
const MINUTE_MS = 60_000;

const LOGIN = 'POST /v3/token';
const ACCOUNTS = 'GET /v3/account';
const ROLES = 'GET /v3/project/11/cloud-access-role?assumable=true';
const KEYS = 'POST /v3/temporary-credentials';

let kion: KionServer;
let clock: HurryingClock;
let notes: string[];
let redactor: ReturnType<typeof createRedactor>;

beforeEach(async () => {
  kion = await KionServer.start();
  kion.addAccount(HOME, 'reader', 'deployer', 'admin');
  kion.addAccount(PROD, 'deployer');
  clock = new HurryingClock();
  notes = [];
  redactor = createRedactor();
});
afterEach(() => kion.close());

function source(config: CredentialsConfig, env: CredentialTools['env'] = kion.env): CredentialsFor {
  return credentialsBy(config, {
    env,
    clock,
    redactor,
    note: (message) => notes.push(message),
    renderRoleArn: (template) => template,
  });
}

const withRoles = (...roles: string[]): CredentialsConfig => ({ provider: 'kion', roles });

/** Asks as a client does for each request. @returns the key's id. */
async function keyFor(accountId: string, from: CredentialsFor): Promise<string | undefined> {
  const provide = await from({ accountId, region: 'us-east-1' });
  return (await provide?.())?.accessKeyId;
}

interface Failure extends Error {
  readonly hint: string;
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error: unknown = await work.then(
    () => new Error('It did not fail.'),
    (error: unknown) => error,
  );
  for (const secret of kion.secrets) expect(textOf(error)).not.toContain(secret);
  expect(error).toMatchObject({ name: 'CredentialsProviderError' });
  return error as Failure;
}

/** All that could be printed of an error. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return [error.stack, error.message, JSON.stringify(error), textOf(error.cause ?? '')].join('\n');
}

/** Lets the server answer otherwise, so many times, and then as ever. */
function fail(line: string, answer: KionAnswer | 'break' | 'hang', times = Infinity): void {
  let left = times;
  kion.intercept = (arrival) => (arrival.line === line && left-- > 0 ? answer : undefined);
}

test('credentials are asked for as the first configured role that exists', async () => {
  const provide = await source(withRoles('owner', 'deployer', 'reader'))({
    accountId: HOME,
    region: 'us-east-1',
  });

  const [, token, key, session] = [await provide?.(), ...kion.secrets.slice(1)];
  expect(await provide?.()).toMatchObject({
    accessKeyId: 'ASIAKION0001',
    secretAccessKey: key,
    sessionToken: session,
  });
  const authorization = `Bearer ${token}`;
  expect(kion.arrivals).toEqual([
    { line: LOGIN, body: KION_USER },
    { line: ACCOUNTS, authorization },
    { line: ROLES, authorization },
    { line: KEYS, authorization, body: { account_number: HOME, iam_role_name: 'deployer' } },
  ]);
});

test('one login serves all accounts, and one request all who ask for the same', async () => {
  const from = source(withRoles('deployer'));

  const keys = await Promise.all([HOME, PROD, HOME, PROD].map((id) => keyFor(id, from)));

  expect(new Set(keys).size).toBe(2);
  expect([keys[0], keys[1]]).toEqual([keys[2], keys[3]]);
  expect(kion.lines.toSorted()).toEqual(
    [LOGIN, ACCOUNTS, ROLES, ROLES.replace('11', '12'), KEYS, KEYS].toSorted(),
  );
});

describe('what can not be had is told', () => {
  test('an account that is not there', async () => {
    const failure = await failureOf(keyFor('333333333333', source(withRoles('deployer'))));

    expect(failure.message).toMatch(/^Unknown account number 333333333333 at CloudTamer\/Kion/);
  });

  test('a role, with those that exist and those that were wanted', async () => {
    const failure = await failureOf(keyFor(HOME, source(withRoles('owner', 'root'))));

    expect(failure.message).toContain(`no role to assume in account ${HOME}: none of owner, root`);
    expect(failure.message).toContain('it has reader, deployer, admin.');
    expect(kion.lines).not.toContain(KEYS);
  });

  test('a project without any role', async () => {
    kion.roles.set(11, null);

    const failure = await failureOf(keyFor(HOME, source(withRoles('deployer'))));

    expect(failure.message).toContain('it has none.');
  });

  test('a login that is refused, in the words of the server and at once', async () => {
    const env = { ...kion.env, CLOUDTAMER_PASSWORD: 'not-the-password' };

    const failure = await failureOf(keyFor(HOME, source(withRoles('deployer'), env)));

    expect(failure.message).toContain('Invalid username or password. (status 400)');
    expect(failure.hint).toContain('CLOUDTAMER_PASSWORD');
    expect(kion.lines).toEqual([LOGIN]);
  });

  test('a refusal of anything else, at once', async () => {
    fail(KEYS, refusal(403, 'Not\nfor \u001b[31myou.'));

    const failure = await failureOf(keyFor(HOME, source(withRoles('deployer'))));

    expect(failure.message).toContain(
      `credentials of deployer in account ${HOME}: Not for you. (status 403)`,
    );
    expect(kion.lines.filter((line) => line === KEYS)).toHaveLength(1);
  });
});

describe('a server in trouble', () => {
  test.each<[string, KionAnswer | 'break']>([
    ['answers 503', refusal(503, 'Down for maintenance')],
    ['breaks connections off', 'break'],
  ])('that %s is tried five times, at growing intervals', async (_, trouble) => {
    fail(LOGIN, trouble, 4);

    expect(await keyFor(HOME, source(withRoles('deployer')))).toBe('ASIAKION0001');
    expect(clock.waitedMs).toEqual([1_000, 3_000, 7_000, 15_000]);
  });

  test('that stays so is given up with its last words', async () => {
    fail(ACCOUNTS, refusal(503, 'Down for maintenance'));

    const failure = await failureOf(keyFor(HOME, source(withRoles('deployer'))));

    expect(failure.message).toMatch(
      /the accounts in 5 tries: Down for maintenance \(status 503\)$/,
    );
    expect(kion.lines).toEqual([LOGIN, ...Array.from({ length: 5 }, () => ACCOUNTS)]);
  });

  test('is asked anew for the next account, for a failure is not kept', async () => {
    const from = source(withRoles('deployer'));
    for (const line of [LOGIN, ACCOUNTS, KEYS]) {
      fail(line, refusal(403, 'Not now'), 1);
      await failureOf(keyFor(HOME, from));
    }

    expect(await keyFor(HOME, from)).toBe('ASIAKION0001');
  });

  test('that is not there is told with the reason', async () => {
    const { env } = kion;
    await kion.close();

    const failure = await failureOf(keyFor(HOME, source(withRoles('deployer'), env)));

    expect(failure.message).toMatch(/in 5 tries: no connection \(ECONNREFUSED\)$/);
  });

  test('that does not answer is tried again after 30 seconds', async () => {
    fail(LOGIN, 'hang', 1);
    const key = keyFor(HOME, source(withRoles('deployer')));
    await until(() => kion.arrivals.length > 0);

    clock.reachDeadlines();

    expect(await key).toBe('ASIAKION0001');
    expect(clock.waitedMs).toEqual([1_000]);
  });
});

describe('a token', () => {
  test('that the server has forgotten is replaced', async () => {
    const from = source(withRoles('deployer'));
    await keyFor(HOME, from);
    kion.forgetTokens();

    expect(await keyFor(PROD, from)).toBe('ASIAKION0002');
    expect(kion.lines.filter((line) => line === LOGIN)).toHaveLength(2);
  });

  test('is replaced once: what is refused again stays refused', async () => {
    fail(ACCOUNTS, refusal(401, 'Who are you?'));

    const failure = await failureOf(keyFor(HOME, source(withRoles('deployer'))));

    expect(failure.message).toContain('the accounts: Who are you? (status 401)');
    expect(kion.lines).toEqual([LOGIN, ACCOUNTS, LOGIN, ACCOUNTS]);
  });

  test('that can not stand in a header is refused, and not repeated', async () => {
    fail(LOGIN, { status: 200, body: { data: { access: { token: 'split\ntoken' } } } });

    const failure = await failureOf(keyFor(HOME, source(withRoles('deployer'))));

    expect(failure.message).toContain('answered with something else when asked for a login');
    expect(textOf(failure)).not.toContain('split');
    expect(kion.lines).toEqual([LOGIN]);
  });

  test('does not follow a redirect', async () => {
    const elsewhere = await KionServer.start();
    fail(ACCOUNTS, { status: 307, location: `${elsewhere.url}/v3/account?sid=s3cret` });

    const failure = await failureOf(keyFor(HOME, source(withRoles('deployer'))));
    const { origin } = new URL(elsewhere.url);
    await elsewhere.close();

    expect(failure.message).toContain(`It leads to ${origin}.`);
    expect(elsewhere.arrivals).toEqual([]);
  });
});

describe('credentials that grow old', () => {
  /** Until what goes on in the background has come to its end. */
  async function arrived(line: string, times: number): Promise<void> {
    await until(() => kion.lines.filter((one) => one === line).length >= times);
    // What is under way has arrived before this has, and its answer before this one's.
    for (let trips = 0; trips < 3; trips++) await (await fetch(kion.url)).text();
  }

  test('are replaced after half an hour, and nobody waits for it', async () => {
    const from = source(withRoles('deployer'));
    await keyFor(HOME, from);
    clock.pass(30 * MINUTE_MS - 1);
    expect(await keyFor(HOME, from)).toBe('ASIAKION0001');
    expect(kion.lines.filter((line) => line === KEYS)).toHaveLength(1);

    clock.pass(1);

    expect(await keyFor(HOME, from)).toBe('ASIAKION0001');
    await arrived(KEYS, 2);
    expect(await keyFor(HOME, from)).toBe('ASIAKION0002');
  });

  test('are used on while the server fails, but not for more than an hour', async () => {
    const from = source(withRoles('deployer'));
    await keyFor(HOME, from);
    fail(ROLES, refusal(403, 'Not today'));
    clock.pass(30 * MINUTE_MS);

    expect(await keyFor(HOME, from)).toBe('ASIAKION0001');
    await arrived(ROLES, 2);
    expect(notes).toEqual([expect.stringMatching(/the old ones are still used\. .*Not today/)]);
    clock.pass(MINUTE_MS - 1);
    expect(await keyFor(HOME, from)).toBe('ASIAKION0001');
    await arrived(ROLES, 2);
    expect(notes).toHaveLength(1);
    clock.pass(1);
    expect(await keyFor(HOME, from)).toBe('ASIAKION0001');
    await arrived(ROLES, 3);

    clock.pass(29 * MINUTE_MS);
    expect((await failureOf(keyFor(HOME, from))).message).toContain('Not today');
    expect(notes).toHaveLength(2);
  });

  test('are replaced at once when AWS refuses them, and not their successors', async () => {
    const from = source(withRoles('deployer'));
    const provide = await from({ accountId: HOME, region: 'us-east-1' });
    const refused = (key: string) => {
      if (provide && 'refused' in provide) (provide.refused as (key: string) => void)(key);
    };
    await provide?.();

    refused('ASIAKION0001');
    expect(await provide?.()).toMatchObject({ accessKeyId: 'ASIAKION0002' });
    refused('ASIAKION0001');

    expect(await provide?.()).toMatchObject({ accessKeyId: 'ASIAKION0002' });
  });
});

describe('the environment', () => {
  const AWS = { AWS_ACCESS_KEY_ID: 'AKIA1' };
  const account = { accountId: PROD, region: 'us-east-1' };

  test('chooses Kion when the config does not, and its only role', async () => {
    expect(await keyFor(PROD, source({ provider: 'by-environment' }))).toBe('ASIAKION0001');
    expect(notes).toEqual([
      expect.stringMatching(/from CloudTamer\/Kion, because CLOUDTAMER_BASE/),
    ]);
  });

  test('does not say which of several roles', async () => {
    const failure = await failureOf(keyFor(HOME, source({ provider: 'by-environment' })));

    expect(failure.message).toContain('names none, it has reader, deployer, admin.');
    expect(failure.hint).toContain('"Credentials": {"Provider": "kion", "Roles": ["…"]}');
  });

  test('with AWS credentials in it chooses those, and says so', async () => {
    const from = source({ provider: 'by-environment' }, { ...kion.env, ...AWS });

    expect(await from(account)).toBeUndefined();
    expect(notes).toEqual([expect.stringMatching(/come from AWS_ACCESS_KEY_ID, though/)]);
    expect(kion.arrivals).toEqual([]);
  });

  test.each<[CredentialsConfig, CredentialTools['env']]>([
    [{ provider: 'by-environment' }, {}],
    [{ provider: 'by-environment' }, { CLOUDTAMER_BASE_URL: 'https://k/api' }],
    [{ provider: 'default' }, { CLOUDTAMER_BASE_URL: 'https://k', CLOUDTAMER_USERNAME: 'ann' }],
  ])('leaves it to the default chain with %j and %j', async (config, env) => {
    expect(await source(config, env)(account)).toBeUndefined();
    expect(notes).toEqual([]);
  });

  test('that lacks variables is refused with all of them, and nothing is sent', async () => {
    const env = { CLOUDTAMER_IDMS_ID: KION_USER.password, CLOUDTAMER_BASE_URL: kion.url };

    const refused = source(withRoles('deployer'), env)(account);

    await expect(refused).rejects.toThrow(ConfigError);
    await expect(refused).rejects.toThrow(
      /CLOUDTAMER_USERNAME, CLOUDTAMER_PASSWORD are not set in the environment; CLOUDTAMER_IDMS_ID is not a whole number\.$/,
    );
    expect(kion.arrivals).toEqual([]);
  });

  test('must not send the password in the clear', async () => {
    const env = { ...kion.env, CLOUDTAMER_BASE_URL: 'http://kion.example.com/api' };

    await expect(source(withRoles('deployer'), env)(account)).rejects.toThrow(
      /CLOUDTAMER_BASE_URL is no address to log in at: expected https/,
    );
  });
});

test('a server that tells secrets does not make us tell them', async () => {
  const echo = ({ authorization, body }: object & { authorization?: string; body?: unknown }) =>
    refusal(400, `You sent ${authorization} ${JSON.stringify(body)} ${kion.secrets.join(' ')}`);
  for (const line of [LOGIN, ACCOUNTS, ROLES, KEYS]) {
    kion.intercept = (arrival) =>
      arrival.line === line ? echo(arrival as Parameters<typeof echo>[0]) : undefined;

    const failure = await failureOf(keyFor(HOME, source(withRoles('deployer'))));

    expect(failure.message).toContain('You sent');
    expect(failure.message).toContain('***');
  }
});

/** JSON of any shape, some of it close to what is expected. */
const anyBody = fc.oneof(
  fc.json(),
  fc.string(),
  fc.record({ data: fc.jsonValue() }),
  fc.record({ data: fc.array(fc.dictionary(fc.constant('account_number'), fc.jsonValue())) }),
  fc.record({ data: fc.record({ ou_cloud_access_roles: fc.array(fc.jsonValue()) }) }),
  fc.record({ data: fc.record({ access: fc.record({ token: fc.string() }) }) }),
  fc.record({ data: fc.record({ access_key: fc.string(), secret_access_key: fc.string() }) }),
);

test('whatever the server answers, it ends in credentials or in an error that says so', async () => {
  const line = fc.constantFrom(LOGIN, ACCOUNTS, ROLES, KEYS);
  const status = fc.constantFrom(200, 200, 200, 201, 304, 400);
  await fc.assert(
    fc.asyncProperty(line, status, anyBody, async (line, status, body) => {
      fail(line, { status, body });

      const failure = await failureOf(keyFor(HOME, source(withRoles('deployer'))));

      expect(failure.message).toMatch(/CloudTamer\/Kion \(127\.0\.0\.1:\d+\)/);
      expect(failure.hint).not.toBe('');
    }),
    { numRuns: 60 },
  );
});
