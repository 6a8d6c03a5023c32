/**
 * Goal: to the official SDK, the sandbox's Secrets Manager is AWS's.
 * Method: each operation is called with success and with its errors, through the real protocol.
 */
import { expect } from '@jest/globals';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { SECRETS_MANAGER_OPERATIONS } from '../../../sandbox/world/secretsmanager/index.ts';
import { proveOperations, type Proofs } from './proofs.ts';
import { ACCOUNT, REGION, type Scene, START } from './scene.ts';

const ARN = new RegExp(
  `^arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:web/key-[A-Za-z0-9]{6}$`,
);
const NO_SECRET = [
  'ResourceNotFoundException',
  "Secrets Manager can't find the specified secret.",
] as const;
const MARKED = [
  'InvalidRequestException',
  "You can't perform this operation on the secret because it was marked for deletion.",
] as const;
const DAY = 24 * 3600;

const secrets = (scene: Scene) => scene.clientOf(SecretsManagerClient);
const create = (scene: Scene, more: object = {}) =>
  secrets(scene).send(
    new CreateSecretCommand({ Name: 'web/key', SecretString: '{"user":"a"}', ...more }),
  );
const valueOf = (scene: Scene, SecretId = 'web/key', more: object = {}) =>
  secrets(scene).send(new GetSecretValueCommand({ SecretId, ...more }));
const markForDeletion = async (scene: Scene) => {
  await create(scene);
  await secrets(scene).send(
    new DeleteSecretCommand({ SecretId: 'web/key', RecoveryWindowInDays: 7 }),
  );
  return { SecretId: 'web/key' };
};

const SECRETS: Proofs = {
  CreateSecret: {
    command: CreateSecretCommand,
    works: {
      'gives it an ARN whose end nobody can guess': async (scene) => {
        const created = await create(scene);

        expect(created).toMatchObject({ Name: 'web/key', ARN: expect.stringMatching(ARN) });
        expect(await valueOf(scene)).toEqual({
          $metadata: expect.anything(),
          ARN: created.ARN,
          Name: 'web/key',
          VersionId: created.VersionId,
          VersionStages: ['AWSCURRENT'],
          CreatedDate: START,
          SecretString: '{"user":"a"}',
        });
      },
      'takes the same token with the same value for the same call': async (scene) => {
        const ClientRequestToken = 'x'.repeat(32);
        const first = await create(scene, { ClientRequestToken });
        expect((await create(scene, { ClientRequestToken })).ARN).toBe(first.ARN);
      },
      'keeps bytes': async (scene) => {
        await create(scene, { SecretString: undefined, SecretBinary: Uint8Array.of(0, 255) });
        expect((await valueOf(scene)).SecretBinary).toEqual(Uint8Array.of(0, 255));
      },
    },
    refuses: {
      'when it is there': {
        input: async (scene) => {
          await create(scene);
          return { Name: 'web/key', SecretString: 'other' };
        },
        error: [
          'ResourceExistsException',
          'The operation failed because the secret web/key already exists.',
        ],
      },
      'when one of this name is not gone yet': {
        input: async (scene) => {
          await markForDeletion(scene);
          return { Name: 'web/key' };
        },
        error: ['InvalidRequestException', /already scheduled for deletion\.$/],
      },
      'for a name that no secret may have': {
        input: { Name: 'a b' },
        error: ['InvalidParameterException', /^Invalid name\./],
      },
      'for a text and bytes at once': {
        input: { Name: 'x', SecretString: 'a', SecretBinary: Uint8Array.of(1) },
        error: ['InvalidParameterException', /both a binary secret value and a string/],
      },
    },
  },
  DescribeSecret: {
    command: DescribeSecretCommand,
    works: {
      'finds it by name, by ARN, and by the ARN without its end; shows no value': async (scene) => {
        const { ARN: arn, VersionId } = await create(scene, { Description: 'the key' });

        for (const SecretId of ['web/key', arn, arn?.slice(0, -7)]) {
          const { $metadata: _, ...described } = await secrets(scene).send(
            new DescribeSecretCommand({ SecretId }),
          );
          expect(described).toEqual({
            ARN: arn,
            Name: 'web/key',
            Description: 'the key',
            CreatedDate: START,
            LastChangedDate: START,
            VersionIdsToStages: { [VersionId!]: ['AWSCURRENT'] },
          });
        }
      },
      'shows one that is marked for deletion, until it is gone': async (scene) => {
        const command = new DescribeSecretCommand(await markForDeletion(scene));

        expect(await secrets(scene).send(command)).toMatchObject({ DeletedDate: START });
        scene.pass(7 * DAY);
        await expect(secrets(scene).send(command)).rejects.toMatchObject({ name: NO_SECRET[0] });
      },
    },
    refuses: {
      'when it is not there': { input: { SecretId: 'nothing' }, error: NO_SECRET },
      'without saying which': {
        input: {},
        error: ['ValidationException', /Value null at 'secretId'/],
      },
    },
  },
  GetSecretValue: {
    command: GetSecretValueCommand,
    works: {
      'shows the current version, or the one that is asked for': async (scene) => {
        const first = await create(scene);
        await secrets(scene).send(
          new PutSecretValueCommand({ SecretId: 'web/key', SecretString: 'new' }),
        );

        expect((await valueOf(scene)).SecretString).toBe('new');
        for (const which of [{ VersionStage: 'AWSPREVIOUS' }, { VersionId: first.VersionId }]) {
          expect((await valueOf(scene, 'web/key', which)).SecretString).toBe('{"user":"a"}');
        }
      },
    },
    refuses: {
      'when it is not there': { input: { SecretId: 'nothing' }, error: NO_SECRET },
      'when it has no value': {
        input: async (scene) => {
          await create(scene, { SecretString: undefined });
          return { SecretId: 'web/key' };
        },
        error: [NO_SECRET[0], /secret value for staging label: AWSCURRENT$/],
      },
      'when it is marked for deletion': { input: markForDeletion, error: MARKED },
    },
  },
  PutSecretValue: {
    command: PutSecretValueCommand,
    works: {
      'makes a new current version': async (scene) => {
        const first = await create(scene);
        const second = await secrets(scene).send(
          new PutSecretValueCommand({ SecretId: 'web/key', SecretString: 'new' }),
        );

        expect(second.VersionStages).toEqual(['AWSCURRENT']);
        expect(second.VersionId).not.toBe(first.VersionId);
      },
    },
    refuses: {
      'when it is not there': {
        input: { SecretId: 'nothing', SecretString: 'a' },
        error: NO_SECRET,
      },
      'without a value': {
        input: async (scene) => {
          await create(scene);
          return { SecretId: 'web/key' };
        },
        error: ['InvalidRequestException', /either SecretString or SecretBinary/],
      },
      'for another value with the same token': {
        input: async (scene) => {
          const ClientRequestToken = 'x'.repeat(32);
          await create(scene, { ClientRequestToken });
          return { SecretId: 'web/key', SecretString: 'other', ClientRequestToken };
        },
        error: ['ResourceExistsException', /is already in use for a version/],
      },
    },
  },
  DeleteSecret: {
    command: DeleteSecretCommand,
    works: {
      'says when it will be gone': async (scene) => {
        await create(scene);
        const answer = await secrets(scene).send(new DeleteSecretCommand({ SecretId: 'web/key' }));
        expect(answer.DeletionDate).toEqual(new Date(START.getTime() + 30 * DAY * 1000));
      },
      'deletes at once by force': async (scene) => {
        await create(scene);
        await secrets(scene).send(
          new DeleteSecretCommand({ SecretId: 'web/key', ForceDeleteWithoutRecovery: true }),
        );
        await expect(valueOf(scene)).rejects.toMatchObject({ message: NO_SECRET[1] });
      },
    },
    refuses: {
      'when it is not there': { input: { SecretId: 'nothing' }, error: NO_SECRET },
      'for a window that AWS does not offer': {
        input: async (scene) => {
          await create(scene);
          return { SecretId: 'web/key', RecoveryWindowInDays: 6 };
        },
        error: ['InvalidParameterException', /between 7 and 30 days/],
      },
      'for force and a window at once': {
        input: async (scene) => {
          await create(scene);
          const both = { RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true };
          return { SecretId: 'web/key', ...both };
        },
        error: ['InvalidParameterException', /in conjunction with/],
      },
    },
  },
};

proveOperations(
  {
    client: secrets,
    sdkPackage: '@aws-sdk/client-secrets-manager',
    operations: SECRETS_MANAGER_OPERATIONS.map(({ name }) => name),
    commonErrors: ['ValidationException'],
  },
  SECRETS,
);
