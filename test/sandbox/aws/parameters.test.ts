import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { expect, test } from '@jest/globals';
import { createSsmClient } from '../../../src/aws/clients.ts';
import { readParameters } from '../../../src/aws/parameters.ts';
import { failureOf, startShop } from './aws-scene.ts';

const ARN = 'arn:aws:ssm:us-east-1:111111111111:parameter';

async function startStore(options: Parameters<typeof startShop>[0] = {}) {
  const shop = await startShop({
    ...options,
    worldFile: {
      parameters: [
        { name: '/web/url', type: 'String', value: 'https://old' },
        { name: 'plain', type: 'StringList', value: 'a,b' },
        { name: '/web/key', type: 'SecureString', value: 'never shown' },
      ],
    },
  });
  await shop.sdk.ssm.send(
    new PutParameterCommand({ Name: '/web/url', Value: 'https://new', Overwrite: true }),
  );
  const ssm = await createSsmClient(shop.clientOptions);
  const before = shop.calls().length;
  return {
    read: (...names: string[]) => readParameters(ssm, names),
    calls: () => shop.calls().slice(before),
  };
}

test('values come in the order of the names, by name, version and ARN', async () => {
  const { read, calls } = await startStore();

  expect(await read('plain', `${ARN}/web/url`, '/web/url:1', '/web/url', `${ARN}/plain`)).toEqual([
    { value: 'a,b' },
    { value: 'https://new' },
    { value: 'https://old' },
    { value: 'https://new' },
    { value: 'a,b' },
  ]);
  expect(calls()).toEqual(['GetParameters ok']);
});

test('a parameter that is not there, or of no good name, takes none of the others along', async () => {
  const { read } = await startStore();

  expect(await read('/web/no', '/web/url', '/web/url:9', 'no name', '')).toEqual([
    { problem: 'is not there', hint: expect.stringContaining('account and region') },
    { value: 'https://new' },
    { problem: 'is not there', hint: expect.any(String) },
    { problem: "is no parameter's name" },
    { problem: "is no parameter's name" },
  ]);
});

test('a SecureString is refused with the way to give it to a container', async () => {
  const { read } = await startStore();

  const [answer] = await read('/web/key');

  expect(answer).toEqual({
    problem: 'is a SecureString, and would stand readable in the task definition',
    hint: expect.stringContaining('`secrets` and `valueFrom`'),
  });
});

test('one call is made for each ten', async () => {
  const { read, calls } = await startStore();
  const names = Array.from({ length: 20 }, (_, index) => `/web/${index}`);

  const answers = await read(...names, '/web/url');

  expect(answers.at(-1)).toEqual({ value: 'https://new' });
  expect(calls()).toHaveLength(3);
});

test('no name needs no call', async () => {
  const { read, calls } = await startStore();

  expect(await read()).toEqual([]);
  expect(calls()).toEqual([]);
});

test('a call that fails is told as one', async () => {
  const { read } = await startStore({
    faults: [
      {
        operation: 'ssm.GetParameters',
        do: { kind: 'reject', code: 'AccessDeniedException' },
      },
    ],
  });

  expect(await failureOf(read('/web/url'))).toMatchObject({
    operation: 'ssm:GetParameters',
    code: 'AccessDeniedException',
    isTransient: false,
  });
});

test('an empty answer is none', async () => {
  const { read } = await startStore({
    faults: [{ operation: 'ssm.GetParameters', do: { kind: 'garble', body: '{}' } }],
  });

  expect(await failureOf(read('/web/url'))).toMatchObject({ isTransient: true });
});
