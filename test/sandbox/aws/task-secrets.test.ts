import { expect, test } from '@jest/globals';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { taskSecretsPort } from '../../../src/aws/task-secrets.ts';

test('no value of a secret parameter is asked for in the clear', async () => {
  const inputs: object[] = [];
  const ssm = {
    send: async ({ input }: { input: object }) => {
      inputs.push(input);
      return { InvalidParameters: ['/b'] };
    },
  } as unknown as SSMClient;
  const port = taskSecretsPort({
    ssm: async () => ssm,
    secretsManager: async () => ({}) as SecretsManagerClient,
  });

  const missing = await port.missingParameters('us-east-1', ['/a', '/b']);

  expect(missing).toEqual(['/b']);
  expect(inputs).toEqual([{ Names: ['/a', '/b'], WithDecryption: false }]);
});
