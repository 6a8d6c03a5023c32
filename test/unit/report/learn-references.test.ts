import { expect, test } from '@jest/globals';
import { learning, plainTexts } from '../../../src/report/learn-references.ts';
import { createRedactor } from '../../../src/report/redactor.ts';
import type { Reference, ReferenceAnswer } from '../../../src/templates/references.ts';

/** What is shown of a text once a source has answered. */
async function shownAfter(
  text: string,
  known: readonly (readonly [Reference['kind'], string, ReferenceAnswer])[],
): Promise<string> {
  const redactor = createRedactor();
  const answers = known.map(([, , answer]) => answer);
  const plain = plainTexts({
    name: 'production',
    arns: ['arn:aws:x:eu-central-1:111111111111:y/z'],
  });
  const source = learning({ resolve: async () => answers }, redactor, plain);

  expect(await source.resolve(known.map(([kind, name]) => ({ kind, name })))).toEqual(answers);
  return redactor.redact(text);
}

test.each([
  ['a parameter', 'ssm', '/hello/url', 'hunter2', '<***>'],
  ['a variable with a secret name', 'env', 'DB_PASSWORD', 'hunter2', '<***>'],
  ['any other variable', 'env', 'STAGE', 'hunter2', '<hunter2>'],
  ['the ARN of a secret', 'secretArn', 'hello/key', 'arn:hunter2', '<arn:hunter2>'],
  ['a short value', 'ssm', '/hello/stage', 'dev', '<dev>'],
  ['the name of the environment', 'ssm', '/hello/stage', 'production', '<production>'],
  ['the account', 'ssm', '/hello/account', '111111111111', '<111111111111>'],
  ['the Region', 'ssm', '/hello/region', 'eu-central-1', '<eu-central-1>'],
] as const)('%s', async (_, kind, name, value, shown) => {
  expect(await shownAfter(`<${value}>`, [[kind, name, { value }]])).toBe(shown);
});

test('each answer belongs to its reference, whichever of them have a value', async () => {
  const shown = await shownAfter('first-value second-value', [
    ['env', 'STAGE', { value: 'first-value' }],
    ['ssm', '/nowhere', { problem: 'is not there' }],
    ['ssm', '/hello/pw', { value: 'second-value' }],
  ]);

  expect(shown).toBe('first-value ***');
});
