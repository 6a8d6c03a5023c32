/** Goal: whoever calls learns who they are, and gets a role's credentials only when it trusts them. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { STS_OPERATIONS } from '../../../sandbox/world/sts/index.ts';
import { assumeRole } from '../../../sandbox/world/sts/operations/assume-role.ts';
import { getCallerIdentity } from '../../../sandbox/world/sts/operations/get-caller-identity.ts';
import { ElbWorld, USER_ARN } from '../../support/elb-world.ts';

const DEPLOYER = 'arn:aws:iam::222222222222:role/ci/deployer';
const GUARDED = 'arn:aws:iam::222222222222:role/guarded';

let sandbox: ElbWorld;

beforeEach(() => {
  sandbox = new ElbWorld({ timeScale: 0.1 });
  sandbox.world.sts.roles.set(DEPLOYER, { arn: DEPLOYER });
  sandbox.world.sts.roles.set(GUARDED, { arn: GUARDED, externalId: 'blue-moon' });
});

const deployer = { RoleArn: DEPLOYER, RoleSessionName: 'job-7' };

/** Who calls with the credentials that were issued for the input. */
function callerAfter(input: typeof deployer) {
  const { Credentials } = sandbox.do(assumeRole, input);
  const session = sandbox.world.sts.sessions.get(Credentials?.AccessKeyId ?? '');
  if (!session) throw new Error('No session was stored.');
  return { accountId: session.accountId, principalArn: session.principalArn };
}

test('the table holds both operations', () => {
  expect(STS_OPERATIONS.map((operation) => operation.name).sort()).toEqual([
    'AssumeRole',
    'GetCallerIdentity',
  ]);
});

describe('GetCallerIdentity', () => {
  test('names the user', () => {
    expect(sandbox.do(getCallerIdentity, {})).toEqual({
      UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
      Account: '111111111111',
      Arn: USER_ARN,
    });
  });

  test('names an assumed role as AssumeRole did', () => {
    const { AssumedRoleUser } = sandbox.do(assumeRole, deployer);

    expect(sandbox.do(getCallerIdentity, {}, callerAfter(deployer))).toEqual({
      UserId: AssumedRoleUser?.AssumedRoleId,
      Account: '222222222222',
      Arn: 'arn:aws:sts::222222222222:assumed-role/deployer/job-7',
    });
  });
});

describe('AssumeRole', () => {
  test('issues temporary credentials and stores their session', () => {
    const answer = sandbox.do(assumeRole, { ...deployer, DurationSeconds: 900 });

    const { Credentials } = answer;
    const AccessKeyId = Credentials?.AccessKeyId ?? '';
    expect(AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(Credentials?.SecretAccessKey).toMatch(/^[\w+/]{40}$/);
    expect(answer.AssumedRoleUser).toEqual({
      AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:job-7$/),
      Arn: 'arn:aws:sts::222222222222:assumed-role/deployer/job-7',
    });
    expect(sandbox.world.sts.sessions.get(AccessKeyId)).toEqual({
      accountId: '222222222222',
      principalArn: 'arn:aws:sts::222222222222:assumed-role/deployer/job-7',
      sessionToken: Credentials?.SessionToken,
      expiresAtMs: Credentials?.Expiration?.getTime(),
    });
  });

  test('counts their seconds by the client’s clock, not by the time scale', () => {
    const lifeMs = (DurationSeconds?: number) => {
      const { Credentials } = sandbox.do(assumeRole, { ...deployer, DurationSeconds });
      return (Credentials?.Expiration?.getTime() ?? 0) - sandbox.clock.wallMs();
    };

    expect(lifeMs()).toBe(3_600_000);
    expect(lifeMs(43_200)).toBe(43_200_000);
  });

  test('issues other credentials each time', () => {
    const first = sandbox.do(assumeRole, deployer).Credentials;
    const second = sandbox.do(assumeRole, deployer).Credentials;

    expect(second?.AccessKeyId).not.toBe(first?.AccessKeyId);
    expect(second?.SessionToken).not.toBe(first?.SessionToken);
    expect(sandbox.world.sts.sessions.size).toBe(2);
  });

  test('refuses a role that does not exist as one that does not trust', () => {
    const RoleArn = 'arn:aws:iam::222222222222:role/none';

    expect(sandbox.refusal(assumeRole, { ...deployer, RoleArn })).toEqual({
      code: 'AccessDenied',
      message: `User: ${USER_ARN} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
      httpStatus: 403,
    });
  });

  test.each([
    [undefined, 'AccessDenied'],
    ['wrong', 'AccessDenied'],
  ])('refuses the external id %s', (ExternalId, code) => {
    const input = { RoleArn: GUARDED, RoleSessionName: 'job', ExternalId };

    expect(sandbox.refusal(assumeRole, input).code).toBe(code);
    expect(sandbox.world.sts.sessions.size).toBe(0);
  });

  test('takes the right external id, and any where none is asked for', () => {
    const guarded = { RoleArn: GUARDED, RoleSessionName: 'job', ExternalId: 'blue-moon' };
    sandbox.do(assumeRole, guarded);
    sandbox.do(assumeRole, { ...deployer, ExternalId: 'whatever' });

    expect(sandbox.world.sts.sessions.size).toBe(2);
  });

  test('gives a chained role at most an hour', () => {
    const chained = callerAfter(deployer);
    const input = { ...deployer, DurationSeconds: 3601 };

    expect(sandbox.refusal(assumeRole, input, chained)).toEqual({
      code: 'ValidationError',
      message:
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
      httpStatus: 400,
    });
    const { Credentials } = sandbox.do(assumeRole, { ...input, DurationSeconds: 3600 }, chained);
    expect(Credentials?.AccessKeyId).toMatch(/^ASIA/);
  });

  test.each([
    ['899 seconds', { DurationSeconds: 899 }, /'899' at 'durationSeconds'.*greater/],
    ['43201 seconds', { DurationSeconds: 43_201 }, /'43201' at 'durationSeconds'.*less/],
    ['no role', { RoleArn: undefined }, /'roleArn'/],
    ['what is no role', { RoleArn: 'arn:aws:iam::222222222222:user/a' }, /is invalid/],
    ['a session name of one letter', { RoleSessionName: 'a' }, /'roleSessionName'/],
    ['a session name with a space', { RoleSessionName: 'a b' }, /'roleSessionName'/],
  ])('refuses %s', (_, changes, message) => {
    const refusal = sandbox.refusal(assumeRole, { ...deployer, ...changes });

    expect(refusal.code).toBe('ValidationError');
    expect(refusal.message).toMatch(message);
  });
});
