/**
 * Goal: with a role configured, everything is done as that role; and with credentials of the wrong
 * account, nothing at all.
 * Method: the sandbox's STS over HTTP, as the SDK's own client for it is made behind our backs.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ListClustersCommand } from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Clock } from '../../../src/clock.ts';
import { Front } from '../../../sandbox/wire/front.ts';
import { furnish } from '../../../sandbox/world-file/furnish.ts';
import { assertAccounts } from '../../../src/aws/accounts.ts';
import { type ClientOptions, createEcsClient, createStsClient } from '../../../src/aws/clients.ts';
import { credentialsBy } from '../../../src/aws/credentials/index.ts';
import { callerIdentity } from '../../../src/aws/identity.ts';
import { systemClock } from '../../../src/clock.ts';
import type { CredentialsConfig } from '../../../src/config/config.ts';
import { RefusedError } from '../../../src/errors.ts';
import { createRedactor } from '../../../src/report/redactor.ts';
import { renderRoleArn } from '../../../src/templates/role-arn.ts';
import { HurryingClock } from '../../support/hurrying-clock.ts';
import { createWorld } from '../../support/world.ts';
import { until } from '../runtime/processes.ts';
import { REGION, failureOf, listen } from './aws-scene.ts';

const HOME = '111111111111';
const PROD = '222222222222';
const roleOf = (accountId: string) => `arn:aws:iam::${accountId}:role/deployer`;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** An AWS with a role in another account that asks for an external id. */
async function startSts(clock: Clock = systemClock) {
  const runtime = { start: () => {}, signal: () => {} };
  const world = createWorld({ clock, runtime, settings: { accountId: HOME } });
  const front = new Front({ world });
  await furnish(front, {
    roles: [{ arn: roleOf(HOME) }, { arn: roleOf(PROD), externalId: 'blue-moon' }],
  });
  const server = await listen({ front });
  closers.push(() => server.close());
  const arrived = (operation: string) =>
    front.calls.entries().filter((call) => call.operation === operation).length;
  return { arrived };
}

const assuming = (more: object = {}): CredentialsConfig => ({
  provider: 'assume-role',
  roleArnTemplate: 'arn:aws:iam::{{.Account}}:role/deployer',
  externalId: 'blue-moon',
  ...more,
});

const redactor = createRedactor();

/** The options of clients for one account. Credentials grow old by the clock. */
async function optionsIn(accountId: string, config: CredentialsConfig, clock: Clock = systemClock) {
  const credentialsFor = credentialsBy(config, {
    env: {},
    clock,
    redactor,
    note: () => {},
    renderRoleArn,
  });
  const credentials = await credentialsFor({ accountId, region: REGION });
  return { region: REGION, maxAttempts: 1, ...(credentials ? { credentials } : {}) };
}

async function createStsCall(options: ClientOptions) {
  const client = await createStsClient(options);
  return () => callerIdentity(client);
}

async function createEcsCall(options: ClientOptions) {
  const client = await createEcsClient(options);
  return () => client.send(new ListClustersCommand({}));
}

/** An AWS whose sessions are over as soon as they begin. */
function expiringAtOnce(): Clock {
  let nowMs = Date.now();
  return { ...systemClock, wallMs: () => (nowMs += 3_600_000) };
}

/** Puts an AWS configuration in the place of the user's own. */
async function withProfiles(text: string): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'profiles-'));
  const file = path.join(folder, 'credentials');
  await writeFile(file, text);
  const before = { ...process.env };
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = file;
  process.env['AWS_CONFIG_FILE'] = file;
  closers.push(async () => {
    for (const name of ['AWS_SHARED_CREDENTIALS_FILE', 'AWS_CONFIG_FILE']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    await rm(folder, { recursive: true });
  });
}

describe('an assumed role', () => {
  test('is who everything is done as', async () => {
    await startSts();
    const client = await optionsIn(PROD, assuming({ sessionName: 'job-7' }));

    expect(await callerIdentity(await createStsClient(client))).toEqual({
      accountId: PROD,
      arn: `arn:aws:sts::${PROD}:assumed-role/deployer/job-7`,
    });
  });

  test('is assumed once for all calls of all clients', async () => {
    const { arrived } = await startSts();
    const options = await optionsIn(PROD, assuming({ durationSeconds: 900 }));

    await Promise.all([1, 2, 3].map(async () => callerIdentity(await createStsClient(options))));

    expect([arrived('AssumeRole'), arrived('GetCallerIdentity')]).toEqual([1, 3]);
  });

  test('is assumed anew five minutes before its credentials expire', async () => {
    const { arrived } = await startSts();
    const clock = new HurryingClock();
    const options = await optionsIn(PROD, assuming({ durationSeconds: 900 }), clock);
    const sts = await createStsClient(options);
    await callerIdentity(sts);
    clock.pass(600_000 - 1);
    await callerIdentity(sts);
    expect(arrived('AssumeRole')).toBe(1);

    clock.pass(1);
    await callerIdentity(sts);

    await until(() => arrived('AssumeRole') === 2);
  });

  test.each([
    ['the Query protocol', async (options: ClientOptions) => createStsCall(options)],
    ['a JSON protocol', async (options: ClientOptions) => createEcsCall(options)],
  ])('is assumed anew when AWS says over %s that it has expired', async (_, createCall) => {
    const later = { ms: 0 };
    const clockOfAws: Clock = { ...systemClock, wallMs: () => Date.now() + later.ms };
    const { arrived } = await startSts(clockOfAws);
    const call = await createCall(await optionsIn(PROD, assuming()));
    await call();

    later.ms = 3_600_000;
    await call();

    expect(arrived('AssumeRole')).toBe(2);
  });

  test('that expires again at once is not assumed for ever', async () => {
    const { arrived } = await startSts(expiringAtOnce());
    const options = await optionsIn(PROD, assuming());

    const failure = await failureOf(callerIdentity(await createStsClient(options)));

    expect(failure).toMatchObject({ code: 'ExpiredToken' });
    expect([arrived('AssumeRole'), arrived('GetCallerIdentity')]).toEqual([2, 2]);
  });

  test('can be assumed with the credentials of a profile', async () => {
    await startSts();
    await withProfiles('[ci]\naws_access_key_id = AKIACI\naws_secret_access_key = ci-secret\n');
    const client = await optionsIn(PROD, assuming({ profile: 'ci' }));

    expect(await callerIdentity(await createStsClient(client))).toMatchObject({ accountId: PROD });
    expect(redactor.redact('ci-secret')).toBe('***');
  });

  test('leaves no secret of its session unmasked', async () => {
    await startSts();
    const { credentials } = await optionsIn(PROD, assuming());
    const identity = typeof credentials === 'function' ? await credentials() : credentials;

    for (const secret of [identity?.secretAccessKey, identity?.sessionToken]) {
      expect(secret?.length).toBeGreaterThan(10);
      expect(redactor.redact(`It is ${secret}.`)).toBe('It is ***.');
    }
  });

  test.each([
    ['the wrong external id', { externalId: 'red-sun' }],
    ['no external id', { externalId: undefined }],
    ['a role that does not exist', { roleArnTemplate: `${roleOf(PROD)}-two` }],
  ])('is denied for %s, and says which', async (_, more) => {
    await startSts();
    const client = await optionsIn(PROD, assuming(more));

    const failure = await failureOf(callerIdentity(await createStsClient(client)));

    expect(failure).toMatchObject({ code: 'AccessDenied', isTransient: false });
    expect(failure.message).toContain(`sts:AssumeRole on resource: ${roleOf(PROD)}`);
  });
});

describe('a profile', () => {
  test('says whose credentials are used, whatever else is in the environment', async () => {
    await startSts();
    await withProfiles('[ci]\naws_access_key_id = AKIACI\naws_secret_access_key = ci-secret\n');
    const { credentials } = await optionsIn(HOME, { provider: 'default', profile: 'ci' });

    const identity = typeof credentials === 'function' ? await credentials() : credentials;

    expect(identity).toMatchObject({ accessKeyId: 'AKIACI' });
  });

  test('that does not exist is told, and nothing else is tried', async () => {
    const { arrived } = await startSts();
    await withProfiles('');
    const client = await optionsIn(HOME, { provider: 'default', profile: 'nobody' });

    await expect(createStsClient(client).then(callerIdentity)).rejects.toMatchObject({
      name: 'CredentialsProviderError',
      message: expect.stringContaining('nobody'),
    });
    expect(arrived('GetCallerIdentity')).toBe(0);
  });
});

test('without a configured role the default chain decides', async () => {
  await startSts();
  const config: CredentialsConfig = { provider: 'default' };

  const client = await optionsIn(PROD, config);

  expect(client).not.toHaveProperty('credentials');
  expect(await callerIdentity(await createStsClient(client))).toMatchObject({ accountId: HOME });
});

describe('the check of accounts', () => {
  test('passes with roles in each of them', async () => {
    await startSts();

    await assertAccounts([
      { accountId: HOME, setting: 'ConfigAccountID', client: await optionsIn(HOME, assuming()) },
      { accountId: PROD, setting: 'AccountID', client: await optionsIn(PROD, assuming()) },
    ]);
  });

  test('refuses credentials of another account, and names both', async () => {
    await startSts();
    const client = await optionsIn(PROD, { provider: 'default' });

    const refused = assertAccounts([
      { accountId: HOME, setting: 'ConfigAccountID', client },
      { accountId: PROD, setting: 'AccountID of environment prod', client },
    ]);

    await expect(refused).rejects.toThrow(RefusedError);
    await expect(refused).rejects.toThrow(
      `The credentials belong to account ${HOME} (arn:aws:iam::${HOME}:user/sandbox), but AccountID of environment prod is ${PROD}.`,
    );
  });
});
