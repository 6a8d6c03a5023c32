/**
 * Goal: to the official SDK, the sandbox's Parameter Store is AWS's.
 * Method: each operation is called with success and with its errors, through the real protocol.
 */
import { expect } from '@jest/globals';
import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
} from '@aws-sdk/client-ssm';
import { SSM_OPERATIONS } from '../../../sandbox/world/ssm/index.ts';
import { proveOperations, type Proofs } from './proofs.ts';
import { ACCOUNT, REGION, type Scene, START } from './scene.ts';

const invalid = (message: string | RegExp) => ['ValidationException', message] as const;
/** AWS sends this error without a text; the SDK puts its own in the place. */
const NO_PARAMETER = ['ParameterNotFound', 'UnknownError'] as const;
const SECRET = '/web/secret/key';

const get = async ({ ssm }: Scene, Name: string, WithDecryption?: boolean) =>
  (await ssm.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter;

const PARAMETERS: Proofs = {
  PutParameter: {
    command: PutParameterCommand,
    works: {
      'creates a parameter, and overwrites it with a new version': async (scene) => {
        const first = await scene.ssm.send(
          new PutParameterCommand({ Name: '/new', Type: 'String', Value: 'a' }),
        );
        const second = await scene.ssm.send(
          new PutParameterCommand({ Name: '/new', Value: 'b', Overwrite: true }),
        );

        expect(first).toMatchObject({ Version: 1, Tier: 'Standard' });
        expect(second.Version).toBe(2);
        expect(await get(scene, '/new')).toMatchObject({ Value: 'b', Type: 'String' });
      },
    },
    refuses: {
      'when it is there and is not to be overwritten': {
        input: { Name: '/web/url', Type: 'String', Value: 'x' },
        error: ['ParameterAlreadyExists', /^The parameter already exists\./],
      },
      'for another type': {
        input: { Name: '/web/url', Type: 'StringList', Value: 'x', Overwrite: true },
        error: ['HierarchyTypeMismatchException', /does not support changing a parameter's type/],
      },
      'more than 15 levels deep': {
        input: { Name: '/a'.repeat(16), Type: 'String', Value: 'x' },
        error: [
          'HierarchyLevelLimitExceededException',
          'A hierarchy can have a maximum of 15 levels.',
        ],
      },
      'for a type that there is not': {
        input: { Name: '/new', Type: 'Number', Value: '1' },
        error: ['UnsupportedParameterType', 'The parameter type is not supported.'],
      },
      "for AWS's own prefix": {
        input: { Name: '/aws/new', Type: 'String', Value: 'x' },
        error: invalid(/can't be prefixed with "aws" or "ssm"/),
      },
    },
  },
  GetParameter: {
    command: GetParameterCommand,
    works: {
      'shows a parameter': async (scene) => {
        expect(await get(scene, '/web/url')).toEqual({
          Name: '/web/url',
          Type: 'String',
          Value: 'http://example',
          Version: 1,
          LastModifiedDate: START,
          ARN: `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/web/url`,
          DataType: 'text',
        });
      },
      'shows a secret in the clear only when asked to': async (scene) => {
        expect(await get(scene, SECRET, true)).toMatchObject({ Value: 'hunter2' });
        expect((await get(scene, SECRET))?.Value).not.toContain('hunter2');
      },
    },
    refuses: {
      'when it is not there': { input: { Name: '/nothing' }, error: NO_PARAMETER },
      'for a version that is not there': {
        input: { Name: '/web/url:2' },
        error: [
          'ParameterVersionNotFound',
          'Systems Manager could not find version 2 of /web/url:2. Verify the version and try again.',
        ],
      },
    },
  },
  GetParameters: {
    command: GetParametersCommand,
    works: {
      'says which are missing': async ({ ssm }) => {
        const answer = await ssm.send(
          new GetParametersCommand({ Names: ['/web/url', '/nothing'] }),
        );
        expect(answer.Parameters).toMatchObject([{ Name: '/web/url' }]);
        expect(answer.InvalidParameters).toEqual(['/nothing']);
      },
    },
    refuses: {
      'for more than ten names': {
        input: { Names: Array.from({ length: 11 }, (_, index) => `/p${index}`) },
        error: invalid(/Member must have length between 1 and 10$/),
      },
    },
    nothingDeclared: 'AWS declares trouble with keys and with itself, which is not modelled.',
  },
  GetParametersByPath: {
    command: GetParametersByPathCommand,
    works: {
      'may give an empty page and a token, as AWS may': async ({ ssm }) => {
        const page = (NextToken?: string) =>
          ssm.send(new GetParametersByPathCommand({ Path: '/web', MaxResults: 1, NextToken }));
        const first = await page();
        const second = await page(first.NextToken);

        // `/web/secret/key` is looked at first and is too deep.
        expect(first.Parameters).toEqual([]);
        expect(first.NextToken).toEqual(expect.any(String));
        expect(second.Parameters).toMatchObject([{ Name: '/web/url' }]);
        expect(second.NextToken).toBeUndefined();
      },
      'shows the whole hierarchy when asked to, in the clear when asked to': async ({ ssm }) => {
        const input = { Path: '/web/', Recursive: true, WithDecryption: true };
        const { Parameters } = await ssm.send(new GetParametersByPathCommand(input));
        expect(Parameters?.map(({ Value }) => Value)).toEqual(['hunter2', 'http://example']);
      },
      'shows nothing where there is nothing': async ({ ssm }) => {
        const { Parameters } = await ssm.send(new GetParametersByPathCommand({ Path: '/nothing' }));
        expect(Parameters).toEqual([]);
      },
    },
    refuses: {
      'for a token that was never given out': {
        input: { Path: '/web', NextToken: 'x' },
        error: ['InvalidNextToken', 'The specified token is not valid.'],
      },
      'for more than ten on a page': {
        input: { Path: '/web', MaxResults: 11 },
        error: invalid(/Value '11' at 'maxResults'.* less than or equal to 10$/),
      },
    },
  },
  DeleteParameter: {
    command: DeleteParameterCommand,
    works: {
      'deletes it with all its versions': async (scene) => {
        await scene.ssm.send(new DeleteParameterCommand({ Name: '/web/url' }));
        await expect(get(scene, '/web/url')).rejects.toMatchObject({ name: NO_PARAMETER[0] });
      },
    },
    refuses: {
      'when it is not there': { input: { Name: '/nothing' }, error: NO_PARAMETER },
    },
  },
};

proveOperations(
  {
    client: 'ssm',
    sdkPackage: '@aws-sdk/client-ssm',
    operations: SSM_OPERATIONS.map(({ name }) => name),
    commonErrors: ['ValidationException'],
  },
  PARAMETERS,
);
