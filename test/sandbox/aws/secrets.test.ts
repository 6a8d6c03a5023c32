import { DeleteSecretCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from '@jest/globals';
import { createSecretsManagerClient } from '../../../src/aws/clients.ts';
import { referenceSource, variable } from '../../../src/aws/reference-source.ts';
import { describeSecrets } from '../../../src/aws/secrets.ts';
import { failureOf, startShop } from './aws-scene.ts';

const ARN = /^arn:aws:secretsmanager:us-east-1:111111111111:secret:web\/key-\w{6}$/;

async function startSecrets(options: Parameters<typeof startShop>[0] = {}) {
  const shop = await startShop({
    ...options,
    worldFile: {
      secrets: [
        { name: 'web/key', value: 'never shown' },
        { name: 'web/old', value: 'never shown' },
      ],
      parameters: [{ name: '/web/url', type: 'String', value: 'https://x' }],
    },
  });
  const client = await createSecretsManagerClient(shop.clientOptions);
  await client.send(new DeleteSecretCommand({ SecretId: 'web/old', RecoveryWindowInDays: 7 }));
  const before = shop.calls().length;
  return {
    read: (...names: string[]) => describeSecrets(client, names),
    calls: () => shop.calls().slice(before),
    clientOptions: shop.clientOptions,
  };
}

test('a name stands for the full ARN, and an ARN for itself; no value is read', async () => {
  const { calls, read } = await startSecrets();

  const [byName] = await read('web/key');
  const arn = byName && 'value' in byName ? byName.value : '';

  expect(arn).toMatch(ARN);
  expect(await read(arn, 'web/key')).toEqual([{ value: arn }, { value: arn }]);
  expect(new Set(calls())).toEqual(new Set(['DescribeSecret ok']));
});

test('a secret that is not there, or going to be deleted, has a problem of its own', async () => {
  const { read } = await startSecrets();

  expect(await read('web/no', 'web/old', 'web/key')).toEqual([
    { problem: 'is not there', hint: expect.any(String) },
    { problem: 'is going to be deleted', hint: expect.any(String) },
    { value: expect.stringMatching(ARN) },
  ]);
});

test('a call that fails is told as one', async () => {
  const { read } = await startSecrets({
    faults: [
      {
        operation: 'secretsmanager.DescribeSecret',
        do: { kind: 'reject', code: 'AccessDeniedException' },
      },
    ],
  });

  expect(await failureOf(read('web/key'))).toMatchObject({
    operation: 'secretsmanager:DescribeSecret',
    code: 'AccessDeniedException',
  });
});

describe('the source of references', () => {
  test('asks each service for its own, in any order', async () => {
    const { calls, clientOptions } = await startSecrets();
    const source = referenceSource({ STAGE: 'blue' }, async () => clientOptions);

    const answers = await source.resolve([
      { kind: 'secretArn', name: 'web/key' },
      { kind: 'env', name: 'STAGE' },
      { kind: 'ssm', name: '/web/url' },
      { kind: 'env', name: 'NO' },
    ]);

    expect(answers).toEqual([
      { value: expect.stringMatching(ARN) },
      { value: 'blue' },
      { value: 'https://x' },
      { problem: 'is not set', hint: expect.any(String) },
    ]);
    expect(calls().sort()).toEqual(['DescribeSecret ok', 'GetParameters ok']);
  });

  test('needs no credentials for variables', async () => {
    const source = referenceSource({ A: 'x' }, () => Promise.reject(new Error('Asked.')));

    expect(await source.resolve([{ kind: 'env', name: 'A' }])).toEqual([{ value: 'x' }]);
  });

  test.each([
    ['EMPTY', 'is empty'],
    ['MISSING', 'is not set'],
    ['toString', 'is not set'],
    ['AWS_SECRET_ACCESS_KEY', "is the deployer's own secret"],
    ['CLOUDTAMER_PASSWORD', "is the deployer's own secret"],
  ])('the variable %s %s', (name, problem) => {
    const env = { EMPTY: '', AWS_SECRET_ACCESS_KEY: 'x', CLOUDTAMER_PASSWORD: 'x' };

    expect(variable(env, name)).toEqual({
      problem: expect.stringContaining(problem),
      hint: expect.any(String),
    });
  });
});
