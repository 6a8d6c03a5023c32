/**
 * Goal: to the official SDK, the sandbox's sessions and identities are AWS's.
 * Method: each operation is called with success and with its errors, through the real protocol.
 */
import { expect } from '@jest/globals';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { STS_OPERATIONS } from '../../../sandbox/world/sts/index.ts';
import { proveOperations, type Proofs } from './proofs.ts';
import { ACCOUNT, type Scene, START } from './scene.ts';

const ROLE = 'arn:aws:iam::222222222222:role/deployer';
const SESSION = { RoleArn: ROLE, RoleSessionName: 'ci', ExternalId: 'x' };
const ASSUMED = 'arn:aws:sts::222222222222:assumed-role/deployer/ci';
const invalid = (message: string | RegExp) => ['ValidationError', message] as const;

const assume = async ({ sts }: Scene, more: object = {}) =>
  (await sts.send(new AssumeRoleCommand({ ...SESSION, ...more }))).Credentials!;
/** Clients with the credentials of a fresh session. */
const inSession = async (scene: Scene, more: { sessionToken?: string } = {}) => {
  const { AccessKeyId, SessionToken } = await assume(scene);
  return scene.clients({ accessKeyId: AccessKeyId!, sessionToken: SessionToken!, ...more });
};

const IDENTITIES: Proofs = {
  AssumeRole: {
    command: AssumeRoleCommand,
    works: {
      'gives credentials for as long as was asked, and says who one is': async ({ sts }) => {
        const answer = await sts.send(new AssumeRoleCommand({ ...SESSION, DurationSeconds: 900 }));

        expect(answer.Credentials).toEqual({
          AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
          SecretAccessKey: expect.any(String),
          SessionToken: expect.any(String),
          Expiration: new Date(START.getTime() + 900_000),
        });
        expect(answer.AssumedRoleUser).toEqual({
          Arn: ASSUMED,
          AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:ci$/),
        });
      },
    },
    refuses: {
      'without the external id': {
        input: { ...SESSION, ExternalId: undefined },
        httpStatus: 403,
        error: [
          'AccessDenied',
          `User: arn:aws:iam::${ACCOUNT}:user/sandbox is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`,
        ],
      },
      'for a role that is not there': {
        input: { ...SESSION, RoleArn: `${ROLE}s` },
        httpStatus: 403,
        error: ['AccessDenied', /is not authorized to perform: sts:AssumeRole/],
      },
      'for less than 15 minutes': {
        input: { ...SESSION, DurationSeconds: 899 },
        error: invalid(/Value '899' at 'durationSeconds'.* greater than or equal to 900$/),
      },
      'for a name that no session may have': {
        input: { ...SESSION, RoleSessionName: 'a b' },
        error: invalid(/Value 'a b' at 'roleSessionName'/),
      },
      'for more than an hour from another role': {
        by: inSession,
        input: { ...SESSION, DurationSeconds: 3601 },
        error: invalid(/exceeds the 1 hour session limit for roles assumed by role chaining$/),
      },
    },
    nothingDeclared: 'AWS declares trouble with session policies and regions, which are not here.',
  },
  GetCallerIdentity: {
    command: GetCallerIdentityCommand,
    works: {
      'says who the user is': async ({ sts }) => {
        expect(await sts.send(new GetCallerIdentityCommand())).toMatchObject({
          Account: ACCOUNT,
          Arn: `arn:aws:iam::${ACCOUNT}:user/sandbox`,
          UserId: expect.stringMatching(/^AIDA/),
        });
      },
      "says which session it is, in the role's account": async (scene) => {
        const { sts } = await inSession(scene);
        expect(await sts.send(new GetCallerIdentityCommand())).toMatchObject({
          Account: '222222222222',
          Arn: ASSUMED,
          UserId: expect.stringMatching(/^AROA.*:ci$/),
        });
      },
    },
    refuses: {
      'when the session is over': {
        by: async (scene) => {
          const clients = await inSession(scene);
          scene.pass(3600);
          return clients;
        },
        input: {},
        httpStatus: 403,
        error: ['ExpiredToken', 'The security token included in the request is expired'],
      },
      "when the session token is not the key's": {
        by: (scene) => inSession(scene, { sessionToken: 'other' }),
        input: {},
        httpStatus: 403,
        error: ['InvalidClientTokenId', 'The security token included in the request is invalid.'],
      },
    },
    nothingDeclared: 'AWS declares no error at all: anybody may ask.',
  },
};

proveOperations(
  {
    client: 'sts',
    sdkPackage: '@aws-sdk/client-sts',
    operations: STS_OPERATIONS.map(({ name }) => name),
    commonErrors: ['AccessDenied', 'ExpiredToken', 'InvalidClientTokenId', 'ValidationError'],
  },
  IDENTITIES,
);
