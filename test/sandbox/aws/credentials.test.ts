/**
 * Goal: with a role configured, everything is done as that role; and with credentials of the wrong
 * account, nothing at all.
 * Method: the sandbox's STS over HTTP, as the SDK's own client for it is made behind our backs.
 */
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Clock } from '../../../src/clock.ts';
import { Front } from '../../../sandbox/wire/front.ts';
import { furnish } from '../../../sandbox/world-file/furnish.ts';
import { assertAccounts } from '../../../src/aws/accounts.ts';
import { createStsClient } from '../../../src/aws/clients.ts';
import { credentialsFor } from '../../../src/aws/credentials/index.ts';
import { callerIdentity } from '../../../src/aws/identity.ts';
import { systemClock } from '../../../src/clock.ts';
import type { CredentialsConfig } from '../../../src/config/config.ts';
import { RefusedError } from '../../../src/errors.ts';
import { renderRoleArn } from '../../../src/templates/role-arn.ts';
import { createWorld } from '../../support/world.ts';
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

async function stsIn(accountId: string, config: CredentialsConfig) {
  const credentials = await credentialsFor(config, { accountId, region: REGION }, renderRoleArn);
  return { region: REGION, maxAttempts: 1, ...(credentials ? { credentials } : {}) };
}

describe('an assumed role', () => {
  test('is who everything is done as', async () => {
    await startSts();
    const client = await stsIn(PROD, assuming({ sessionName: 'job-7' }));

    expect(await callerIdentity(await createStsClient(client))).toEqual({
      accountId: PROD,
      arn: `arn:aws:sts::${PROD}:assumed-role/deployer/job-7`,
    });
  });

  test('is assumed once for many calls', async () => {
    const { arrived } = await startSts();
    const sts = await createStsClient(await stsIn(PROD, assuming({ durationSeconds: 900 })));

    for (let calls = 0; calls < 3; calls++) await callerIdentity(sts);

    expect([arrived('AssumeRole'), arrived('GetCallerIdentity')]).toEqual([1, 3]);
  });

  test('is assumed anew before its credentials expire', async () => {
    // AWS's clock is so far behind that 15 minutes from now end 4 minutes from now.
    const behind: Clock = { ...systemClock, wallMs: () => Date.now() - 11 * 60_000 };
    const { arrived } = await startSts(behind);
    const sts = await createStsClient(await stsIn(PROD, assuming({ durationSeconds: 900 })));

    await callerIdentity(sts);
    const before = arrived('AssumeRole');
    await callerIdentity(sts);

    expect(arrived('AssumeRole')).toBeGreaterThan(before);
  });

  test.each([
    ['the wrong external id', { externalId: 'red-sun' }],
    ['no external id', { externalId: undefined }],
    ['a role that does not exist', { roleArnTemplate: `${roleOf(PROD)}-two` }],
  ])('is denied for %s, and says which', async (_, more) => {
    await startSts();
    const client = await stsIn(PROD, assuming(more));

    const failure = await failureOf(callerIdentity(await createStsClient(client)));

    expect(failure).toMatchObject({ code: 'AccessDenied', isTransient: false });
    expect(failure.message).toContain(`sts:AssumeRole on resource: ${roleOf(PROD)}`);
  });
});

test('without a configured role the default chain decides', async () => {
  await startSts();
  const config: CredentialsConfig = { provider: 'default' };

  expect(
    await credentialsFor(config, { accountId: PROD, region: REGION }, renderRoleArn),
  ).toBeUndefined();
  const client = await stsIn(PROD, config);
  expect(await callerIdentity(await createStsClient(client))).toMatchObject({ accountId: HOME });
});

describe('the check of accounts', () => {
  test('passes with roles in each of them', async () => {
    await startSts();

    await assertAccounts([
      { accountId: HOME, setting: 'ConfigAccountID', client: await stsIn(HOME, assuming()) },
      { accountId: PROD, setting: 'AccountID', client: await stsIn(PROD, assuming()) },
    ]);
  });

  test('refuses credentials of another account, and names both', async () => {
    await startSts();
    const client = await stsIn(PROD, { provider: 'default' });

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
