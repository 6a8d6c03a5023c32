/** Goal: Parameter Store answers as AWS does: versions, hidden values, pages that may be empty. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { SSM_OPERATIONS } from '../../../sandbox/world/ssm/index.ts';
import { deleteParameter } from '../../../sandbox/world/ssm/operations/delete-parameter.ts';
import { getParameter } from '../../../sandbox/world/ssm/operations/get-parameter.ts';
import { getParametersByPath } from '../../../sandbox/world/ssm/operations/get-parameters-by-path.ts';
import { getParameters } from '../../../sandbox/world/ssm/operations/get-parameters.ts';
import { putParameter } from '../../../sandbox/world/ssm/operations/put-parameter.ts';
import { createSecret } from '../../../sandbox/world/secretsmanager/operations/create-secret.ts';
import { resolveSecret } from '../../../sandbox/world/ssm/resolve-secret.ts';
import { ElbWorld } from '../../support/elb-world.ts';

const PREFIX = 'arn:aws:ssm:us-east-1:111111111111:parameter';

let sandbox: ElbWorld;

beforeEach(() => {
  sandbox = new ElbWorld();
});

type Type = 'String' | 'StringList' | 'SecureString';

function put(Name: string, Value: string, Type: Type = 'String'): void {
  sandbox.do(putParameter, { Name, Value, Type, Overwrite: true });
}

function value(Name: string, WithDecryption?: boolean): string | undefined {
  return sandbox.do(getParameter, { Name, WithDecryption }).Parameter?.Value;
}

test('the table names each operation once', () => {
  const names = SSM_OPERATIONS.map((operation) => operation.name);

  expect(names).toContain('GetParametersByPath');
  expect(new Set(names).size).toBe(names.length);
});

describe('PutParameter and GetParameter', () => {
  test('give a parameter with all that AWS says of it', () => {
    const answer = sandbox.do(putParameter, { Name: '/app/key', Value: 'v', Type: 'String' });

    expect(answer).toEqual({ Version: 1, Tier: 'Standard' });
    expect(sandbox.do(getParameter, { Name: '/app/key' }).Parameter).toEqual({
      Name: '/app/key',
      Type: 'String',
      Value: 'v',
      Version: 1,
      Selector: undefined,
      LastModifiedDate: sandbox.world.now(),
      ARN: `${PREFIX}/app/key`,
      DataType: 'text',
    });
  });

  test('overwrite only when told to, and then add a version', () => {
    put('/app/key', 'one');

    expect(sandbox.refusal(putParameter, { Name: '/app/key', Value: 'two' })).toEqual({
      code: 'ParameterAlreadyExists',
      message:
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      httpStatus: 400,
    });
    const answer = sandbox.do(putParameter, { Name: '/app/key', Value: 'two', Overwrite: true });
    expect(answer.Version).toBe(2);
    expect(value('/app/key')).toBe('two');
  });

  test('find a version, by name or ARN', () => {
    put('/app/key', 'one');
    put('/app/key', 'two');
    put('plain', 'p');

    expect(value('/app/key:1')).toBe('one');
    expect(value(`${PREFIX}/app/key:2`)).toBe('two');
    expect(value(`${PREFIX}/plain`)).toBe('p');
    const { Parameter } = sandbox.do(getParameter, { Name: '/app/key:1' });
    expect(Parameter).toMatchObject({ Name: '/app/key', Version: 1, Selector: ':1' });
  });

  test('keep a hundred versions', () => {
    for (let version = 1; version <= 101; version++) put('/app/key', `v${version}`);

    expect(value('/app/key:2')).toBe('v2');
    const refusal = sandbox.refusal(getParameter, { Name: '/app/key:1' });
    expect(refusal.code).toBe('ParameterVersionNotFound');
  });

  test('hide a SecureString from those who do not ask for it in the clear', () => {
    put('/app/secret', 'hunter2', 'SecureString');

    expect(value('/app/secret', true)).toBe('hunter2');
    const hidden = value('/app/secret') ?? '';
    expect(hidden).toMatch(/^AQICAH[\w+/]+=$/);
    expect(Buffer.from(hidden, 'base64').toString()).not.toContain('hunter2');
    expect(value('/app/secret', false)).toBe(hidden);
  });

  test('say only that a parameter is not found', () => {
    expect(sandbox.refusal(getParameter, { Name: '/gone' })).toEqual({
      code: 'ParameterNotFound',
      message: '',
      httpStatus: 400,
    });
    put('/app/key', 'v');
    const label = sandbox.refusal(getParameter, { Name: '/app/key:label' });
    expect(label.code).toBe('ParameterVersionNotFound');
  });

  test.each<[string, object, string]>([
    ['no type', { Name: '/a', Value: 'v' }, 'ValidationException'],
    ['no value', { Name: '/a', Type: 'String' }, 'ValidationException'],
    [
      'another type',
      { Name: '/known', Value: 'v', Type: 'SecureString', Overwrite: true },
      'HierarchyTypeMismatchException',
    ],
    ['an unknown type', { Name: '/a', Value: 'v', Type: 'Number' }, 'UnsupportedParameterType'],
    ['a space in the name', { Name: '/a b', Value: 'v', Type: 'String' }, 'ValidationException'],
    [
      'a hierarchy without its slash',
      { Name: 'a/b', Value: 'v', Type: 'String' },
      'ValidationException',
    ],
    [
      'a hierarchy of AWS’s own',
      { Name: '/AWS/a', Value: 'v', Type: 'String' },
      'ValidationException',
    ],
    [
      'a name that begins with aws',
      { Name: 'awsome', Value: 'v', Type: 'String' },
      'ValidationException',
    ],
    [
      '16 levels',
      { Name: '/a'.repeat(16), Value: 'v', Type: 'String' },
      'HierarchyLevelLimitExceededException',
    ],
    [
      'more than 4 KB',
      { Name: '/a', Value: 'é'.repeat(2049), Type: 'String' },
      'ValidationException',
    ],
  ])('refuse %s', (_, input, code) => {
    put('/known', 'before');

    const refusal = sandbox.refusal(putParameter, { Name: '', Value: '', ...input });

    expect(refusal.code).toBe(code);
    expect([...sandbox.region.ssm.parameters.keys()]).toEqual(['/known']);
    expect(value('/known')).toBe('before');
  });
});

test('GetParameters lists what is missing and throws for none of it', () => {
  put('/a', '1');
  put('/b', '2', 'SecureString');

  const answer = sandbox.do(getParameters, {
    Names: ['/b', '/gone', '/a', '/a:9'],
    WithDecryption: true,
  });

  expect(answer.Parameters?.map((parameter) => parameter.Value)).toEqual(['2', '1']);
  expect(answer.InvalidParameters).toEqual(['/gone', '/a:9']);
  const eleven = Array.from({ length: 11 }, (_, index) => `/p${index}`);
  expect(sandbox.refusal(getParameters, { Names: eleven }).code).toBe('ValidationException');
  expect(sandbox.refusal(getParameters, { Names: [] }).code).toBe('ValidationException');
});

describe('GetParametersByPath', () => {
  const names = (input: object) =>
    sandbox
      .do(getParametersByPath, { Path: '/app', ...input })
      .Parameters?.map((parameter) => parameter.Name);

  test('takes one level, or all when recursive, and nothing beside the path', () => {
    for (const name of ['/app/b', '/app/a', '/app/deep/c', '/apple/d', '/app']) put(name, 'v');

    expect(names({})).toEqual(['/app/a', '/app/b']);
    expect(names({ Path: '/app/' })).toEqual(['/app/a', '/app/b']);
    expect(names({ Recursive: true })).toEqual(['/app/a', '/app/b', '/app/deep/c']);
    expect(names({ Path: '/', Recursive: true })).toHaveLength(5);
    expect(names({ Path: '/unknown' })).toEqual([]);
  });

  test('gives ten at a time, and a token while there are more', () => {
    for (let index = 0; index < 12; index++) put(`/app/p${String(index).padStart(2, '0')}`, 'v');

    const first = sandbox.do(getParametersByPath, { Path: '/app' });
    const rest = sandbox.do(getParametersByPath, { Path: '/app', NextToken: first.NextToken });

    expect(first.Parameters).toHaveLength(10);
    expect(rest.Parameters?.map((parameter) => parameter.Name)).toEqual(['/app/p10', '/app/p11']);
    expect(rest.NextToken).toBeUndefined();
  });

  test('gives an empty page with a token when what it looked at lies deeper', () => {
    for (const name of ['/app/a/1', '/app/a/2', '/app/y', '/app/z/3']) put(name, 'v');

    const first = sandbox.do(getParametersByPath, { Path: '/app', MaxResults: 2 });
    const second = sandbox.do(getParametersByPath, {
      Path: '/app',
      MaxResults: 2,
      NextToken: first.NextToken,
    });

    expect(first.Parameters).toEqual([]);
    expect(first.NextToken).toBeDefined();
    expect(second.Parameters).toMatchObject([{ Name: '/app/y' }]);
    expect(second.NextToken).toBeUndefined();
  });

  test('goes on where it was, also when a parameter was deleted in between', () => {
    for (const name of ['/app/a', '/app/b', '/app/c']) put(name, 'v');
    const { NextToken } = sandbox.do(getParametersByPath, { Path: '/app', MaxResults: 2 });

    sandbox.do(deleteParameter, { Name: '/app/b' });

    expect(names({ MaxResults: 2, NextToken })).toEqual(['/app/c']);
  });

  test.each([
    ['no slash', { Path: 'app' }, 'ValidationException'],
    ['0 results', { MaxResults: 0 }, 'ValidationException'],
    ['11 results', { MaxResults: 11 }, 'ValidationException'],
    ['a token never given out', { NextToken: '!' }, 'InvalidNextToken'],
    ['a token of another path', { NextToken: btoa('/other/a') }, 'InvalidNextToken'],
  ])('refuses %s', (_, input, code) => {
    expect(sandbox.refusal(getParametersByPath, { Path: '/app', ...input }).code).toBe(code);
  });
});

test('DeleteParameter deletes once', () => {
  put('/a', 'v');

  sandbox.do(deleteParameter, { Name: '/a' });

  expect(sandbox.refusal(deleteParameter, { Name: '/a' }).code).toBe('ParameterNotFound');
});

describe('the secrets of a container', () => {
  test('are found by name or ARN, decrypted', () => {
    put('/app/secret', 'hunter2', 'SecureString');

    for (const valueFrom of ['/app/secret', `${PREFIX}/app/secret`]) {
      const secret = resolveSecret(sandbox.world, sandbox.region, valueFrom);
      expect(secret).toEqual({ value: 'hunter2' });
    }
  });

  test('are found in another Region by ARN', () => {
    const region = sandbox.world.region('222222222222', 'eu-west-1');
    const caller = { accountId: '222222222222', principalArn: 'arn' };
    const input = { Name: 'key', Value: 'far', Type: 'String' as const };
    putParameter.handle(input, { world: sandbox.world, region, caller });

    const arn = 'arn:aws:ssm:eu-west-1:222222222222:parameter/key';
    expect(resolveSecret(sandbox.world, sandbox.region, arn)).toEqual({ value: 'far' });
    expect(resolveSecret(sandbox.world, sandbox.region, 'key')).toHaveProperty('error');
  });

  test('that are missing are named', () => {
    expect(resolveSecret(sandbox.world, sandbox.region, '/gone')).toEqual({
      error:
        'execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /gone',
    });
  });

  test('are found in Secrets Manager by ARN, whole or by a key', () => {
    const { ARN } = sandbox.do(createSecret, { Name: 'db', SecretString: '{"user":"a","n":1}' });
    const resolved = (end: string) =>
      resolveSecret(sandbox.world, sandbox.region, `${ARN}${end}`) as { value?: string };

    expect(resolved('')).toEqual({ value: '{"user":"a","n":1}' });
    expect(resolved(':user::')).toEqual({ value: 'a' });
    expect(resolved(':n:AWSCURRENT:')).toEqual({ value: '1' });
    expect(resolved(':other::')).toEqual({
      error: expect.stringMatching(/did not contain json key other$/),
    });
    expect(resolved('::AWSPREVIOUS:')).toEqual({
      error: expect.stringMatching(/unable to retrieve secret from asm: .*specified version\.$/),
    });
  });

  test('that are not in Secrets Manager are named', () => {
    const arn = 'arn:aws:secretsmanager:us-east-1:111111111111:secret:db';

    expect(resolveSecret(sandbox.world, sandbox.region, arn)).toEqual({
      error: expect.stringMatching(
        /failed to fetch secret arn:\S+:db from secrets manager: ResourceNotFoundException: /,
      ),
    });
  });

  test('of anything else are refused by name', () => {
    expect(resolveSecret(sandbox.world, sandbox.region, 'arn:aws:s3:::x')).toEqual({
      error: expect.stringContaining('not arn:aws:s3:::x'),
    });
  });
});
