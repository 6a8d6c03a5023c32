/**
 * Goal: whatever goes wrong between a deploy and AWS comes out of the adapters as one error that says
 * whether to try again, and whether it may have been done all the same.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../../sandbox/wire/fault-rules.ts';
import { call, isNamed, required } from '../../../src/aws/errors.ts';
import { createAwsPorts } from '../../../src/aws/ports.ts';
import { CallFailedError } from '../../../src/deploy/ports.ts';
import { LISTENER, type Shop, failureOf, listen, startShop } from './aws-scene.ts';

const HTML = '<html>Bad gateway';

const CHANGES = {
  'ecs.UpdateTaskSet': ({ aws }: Shop) => aws.service.scaleTaskSet('ecs-svc/1', 0),
  'elasticloadbalancing.SetRulePriorities': async ({ aws }: Shop) => {
    const [rule] = await aws.rules.describe(LISTENER);
    await aws.rules.setPriorities(new Map([[rule?.ruleArn ?? '', 8]]));
  },
} as const;
const OPERATIONS = Object.keys(CHANGES) as (keyof typeof CHANGES)[];

const REFUSED = { isTransient: false, isOutcomeUnknown: false };
const REFUSED_FOR_NOW = { isTransient: true, isOutcomeUnknown: false };
const UNKNOWN = { isTransient: true, isOutcomeUnknown: true };

describe.each(OPERATIONS)('%s', (operation) => {
  test.each<[string, Fault, object]>([
    ['throttled', { kind: 'throttle' }, REFUSED_FOR_NOW],
    [
      'denied',
      { kind: 'reject', code: 'AccessDeniedException', status: 403 },
      { ...REFUSED, code: 'AccessDeniedException' },
    ],
    ['refused for expired credentials', { kind: 'reject', code: 'ExpiredToken' }, REFUSED],
    [
      'refused because a look-up of its own was throttled',
      {
        kind: 'reject',
        code: 'InvalidParameterException',
        message: 'Error retrieving security group information: Request limit exceeded.',
      },
      REFUSED_FOR_NOW,
    ],
    ['failed in the server', { kind: 'reject', code: 'ServerException', status: 500 }, UNKNOWN],
    ['answered by a proxy', { kind: 'garble', body: HTML, status: 502, when: 'before' }, UNKNOWN],
    ['answered with what is no answer', { kind: 'garble', body: HTML }, UNKNOWN],
    ['answered with nothing', { kind: 'garble', body: '' }, UNKNOWN],
    ['cut off', { kind: 'drop' }, { ...UNKNOWN, code: 'TimeoutError' }],
  ])('%s', async (_, fault, expected) => {
    const shop = await startShop({ faults: [{ operation, do: fault }] });

    const failure = await failureOf(CHANGES[operation](shop));

    expect(failure).toMatchObject({
      name: 'CallFailedError',
      operation: operation.replace('.', ':'),
      ...expected,
    });
    expect(failure.message).toContain(`${failure.operation}: `);
    expect(failure.message).toContain(`(${failure.code})`);
  });
});

test.each(['Throttling', 'ThrottlingException'] as const)(
  'ELB may call a throttled request %s',
  async (throttleCode) => {
    const { aws } = await startShop({
      settings: { throttleCode },
      faults: [{ operation: '*', do: { kind: 'throttle' } }],
    });

    expect(await failureOf(aws.rules.describe(LISTENER))).toMatchObject({
      ...REFUSED_FOR_NOW,
      code: throttleCode,
      message: expect.stringContaining('Rate exceeded'),
    });
  },
);

test('a refusal says nothing of the attempts before it', async () => {
  const shop = await startShop({
    faults: [
      { operation: 'ecs.UpdateTaskSet', attempt: 1, do: { kind: 'drop' } },
      { operation: 'ecs.UpdateTaskSet', attempt: 2, do: { kind: 'reject', code: 'Refused' } },
    ],
    client: { maxAttempts: 2 },
  });

  expect(await failureOf(CHANGES['ecs.UpdateTaskSet'](shop))).toMatchObject({
    code: 'Refused',
    isTransient: false,
    isOutcomeUnknown: true,
  });
});

describe('over a real socket', () => {
  test('that nobody listens on, the outcome is unknown, and another try worth while', async () => {
    const shop = await startShop();
    const server = await listen(shop);
    try {
      const { requestHandler: _handler, ...clientOptions } = shop.clientOptions;
      const aws = await createAwsPorts(clientOptions, { cluster: 'shop', service: 'web' });
      await aws.service.describe();
      await server.close();
      process.env['AWS_ENDPOINT_URL'] = server.url;
      const cutOff = await createAwsPorts(clientOptions, { cluster: 'shop', service: 'web' });

      for (const failing of [cutOff.service.describe(), cutOff.rules.describe(LISTENER)]) {
        const failure = await failureOf(failing);
        expect(failure).toMatchObject(UNKNOWN);
        expect(failure.message).toContain('ECONNREFUSED');
      }
    } finally {
      await server.close();
    }
  });

  test('that is cut within the answer, the outcome is unknown', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"services":[');
      setImmediate(() => response.destroy());
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const shop = await startShop();
    const environment = await listen(shop);
    process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const { requestHandler: _handler, ...clientOptions } = shop.clientOptions;
      const aws = await createAwsPorts(clientOptions, { cluster: 'shop', service: 'web' });

      expect(await failureOf(aws.service.describe())).toMatchObject(UNKNOWN);
    } finally {
      await environment.close();
      server.closeAllConnections();
      server.close();
    }
  });
});

describe('what is no answer of AWS', () => {
  test.each([
    ['a bug', new TypeError('x is undefined')],
    ['something that is no error', 'text'],
    ['missing credentials', Object.assign(new Error('None'), { name: 'CredentialsProviderError' })],
    [
      'an answer that was found incomplete',
      failedBy(() => required('ecs:X', 'taskSet', undefined)),
    ],
  ])('passes as it is: %s', async (_, thrown) => {
    await expect(call('ecs:X', () => Promise.reject(thrown as Error))).rejects.toBe(thrown);
  });
});

test('errors of another realm are known by their shape', async () => {
  const foreign: unknown = runInNewContext(
    `Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' })`,
  );
  expect(foreign).not.toBeInstanceOf(Error);

  const failure = await failureOf(call('ecs:X', () => Promise.reject(foreign as Error)));

  expect(failure).toMatchObject({ ...UNKNOWN, code: 'ECONNREFUSED', cause: foreign });
});

test('an error without a message is told by its code', async () => {
  const refused = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });

  const failure = await failureOf(call('ecs:X', () => Promise.reject(refused)));

  expect(failure.message).toBe('ecs:X: ECONNREFUSED (ECONNREFUSED)');
});

test('names are compared with and without the suffix that only some services write', () => {
  const error = Object.assign(new Error('m'), { name: 'PriorityInUseException' });

  expect(isNamed(error, 'PriorityInUse')).toBe(true);
  expect(isNamed(error, 'RuleNotFound', 'PriorityInUseException')).toBe(true);
  expect(isNamed(error, 'RuleNotFound')).toBe(false);
  expect(isNamed('PriorityInUse', 'PriorityInUse')).toBe(false);
  expect(isNamed(undefined, 'undefined')).toBe(false);
});

test('what AWS promises is required, whatever its value', () => {
  expect(required('ecs:X', 'count', 0)).toBe(0);
  expect(required('ecs:X', 'text', '')).toBe('');
  expect(() => required('ecs:X', 'taskSet', null)).toThrow(
    'ecs:X: the answer has no taskSet (IncompleteAnswer)',
  );
});

function failedBy(act: () => unknown): CallFailedError {
  try {
    act();
  } catch (error) {
    if (error instanceof CallFailedError) return error;
  }
  throw new Error('It did not fail.');
}
