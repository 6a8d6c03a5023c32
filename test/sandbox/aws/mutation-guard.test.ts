/**
 * Goal: no request that changes something leaves this process unless the lease allowed it at that
 * moment, and none stays under way for longer than the lease has.
 * Method: the real SDK over real sockets, and the sandbox's record of what arrived.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, expect, test } from '@jest/globals';
import type { FaultRule } from '../../../sandbox/wire/fault-rules.ts';
import { type ClientOptions, createDynamoDbClient } from '../../../src/aws/clients.ts';
import { assumeRole } from '../../../src/aws/credentials/assume-role.ts';
import { createAwsPorts } from '../../../src/aws/ports.ts';
import { LISTENER, REGION, failureOf, listen, startShop, taskSetSpec } from './aws-scene.ts';

const ROLE = 'arn:aws:iam::111111111111:role/deployer';

class LeaseLost extends Error {}

/** Allows so many changes and then none; counts how often it was asked. */
class Guard {
  asked = 0;
  allowed = Infinity;
  deadlineMs = 10_000;
  readonly refusal = new LeaseLost('The lease is lost.');

  /** What must happen before a change may begin. */
  ready: Promise<void> = Promise.resolve();

  untilCanMutate(): Promise<void> {
    return this.ready;
  }

  assertCanMutate(): void {
    this.asked++;
    if (this.asked > this.allowed) throw this.refusal;
  }

  mutationDeadlineMs(): number {
    return this.deadlineMs;
  }
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A shop behind a socket, with adapters that a guard stands in front of. */
async function startGuarded(faults: FaultRule[] = [], client: Partial<ClientOptions> = {}) {
  const settings = { accountId: '111111111111' };
  const shop = await startShop({ faults, settings, worldFile: { roles: [{ arn: ROLE }] } });
  const server = await listen(shop);
  closers.push(() => server.close());
  const guard = new Guard();
  const options: ClientOptions = { region: REGION, maxAttempts: 3, guard, ...client };
  const aws = await createAwsPorts(options, { cluster: 'shop', service: 'web' });
  const dynamoDb = await createDynamoDbClient(options);
  const arrived = (operation: string) =>
    shop.front.calls.entries().filter((each) => each.operation === operation).length;
  return { shop, guard, aws, dynamoDb, arrived };
}

const failing: FaultRule = {
  operation: 'ecs.UpdateTaskSet',
  do: { kind: 'reject', code: 'ServerException', status: 500 },
};
const PUT = new PutItemCommand({ TableName: 'ArtifactDB', Item: { id: { S: 'x' } } });
const hanging: FaultRule = { operation: 'ecs.UpdateTaskSet', do: { kind: 'hang' } };

test('reads are never asked about', async () => {
  const { aws, dynamoDb, guard } = await startGuarded();
  guard.allowed = 0;

  await aws.rules.describe(LISTENER);
  await aws.service.describe();
  await aws.service.taskSet('ecs-svc/1');
  await aws.tasks.stopped('ecs-svc/1');
  await aws.taskDefinitions.findTagged('web', { key: 'k', value: 'v' });
  const key = { id: { S: 'x' } };
  await dynamoDb.send(new GetItemCommand({ TableName: 'ArtifactDB', Key: key }));
  await dynamoDb.send(
    new QueryCommand({
      TableName: 'ArtifactDB',
      KeyConditionExpression: 'id = :id',
      ExpressionAttributeValues: { ':id': { S: 'x' } },
    }),
  );

  expect(guard.asked).toBe(0);
});

test('what the guard refuses never arrives, and is thrown as it is', async () => {
  const { aws, arrived, dynamoDb, guard, shop } = await startGuarded();
  const spec = await taskSetSpec(shop);
  guard.allowed = 0;
  const changes: [string, () => Promise<unknown>][] = [
    ['SetRulePriorities', () => aws.rules.setPriorities(new Map([['rule', 1]]))],
    ['CreateTaskSet', () => aws.service.createTaskSet(spec)],
    ['UpdateTaskSet', () => aws.service.scaleTaskSet('ecs-svc/1', 0)],
    ['DeleteTaskSet', () => aws.service.deleteTaskSet('ecs-svc/1')],
    ['UpdateServicePrimaryTaskSet', () => aws.service.makePrimary('ecs-svc/1')],
    ['PutItem', () => dynamoDb.send(PUT)],
  ];

  for (const [operation, change] of changes) {
    await expect(change()).rejects.toBe(guard.refusal);
    expect([operation, arrived(operation)]).toEqual([operation, 0]);
  }
  expect(guard.asked).toBe(changes.length);
});

test('a change waits until it may begin, and is refused if that becomes impossible', async () => {
  const { aws, arrived, guard } = await startGuarded();
  const soon = withResolvers();
  guard.ready = soon.promise;

  const change = aws.service.scaleTaskSet('ecs-svc/1', 0).catch((error: unknown) => error);
  await aws.service.describe(); // By then it would have arrived.
  expect(arrived('UpdateTaskSet')).toBe(0);
  soon.resolve();
  await change;
  expect(arrived('UpdateTaskSet')).toBe(1);

  const never = withResolvers();
  guard.ready = never.promise;
  const refused = aws.service.scaleTaskSet('ecs-svc/1', 0);
  never.reject(guard.refusal);
  await expect(refused).rejects.toBe(guard.refusal);
  expect(arrived('UpdateTaskSet')).toBe(1);
});

function withResolvers() {
  let resolve = () => {};
  let reject = (_reason: Error) => {};
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

test('each of the SDK’s attempts asks again', async () => {
  const { aws, arrived, guard } = await startGuarded([failing]);

  const failure = await failureOf(aws.service.scaleTaskSet('ecs-svc/1', 0));

  expect(failure).toMatchObject({ code: 'ServerException', isOutcomeUnknown: true });
  expect(guard.asked).toBe(3);
  expect(arrived('UpdateTaskSet')).toBe(3);
});

test('a lease that is lost between two attempts ends the call with the loss', async () => {
  const { aws, arrived, guard } = await startGuarded([failing]);
  guard.allowed = 1;

  await expect(aws.service.scaleTaskSet('ecs-svc/1', 0)).rejects.toBe(guard.refusal);

  expect(guard.asked).toBe(2);
  expect(arrived('UpdateTaskSet')).toBe(1);
});

// The lease knows its end to a fraction of a millisecond.
test.each([150, 100.5])('a change that hangs is cut off after %d ms', async (deadlineMs) => {
  const { aws, arrived, guard } = await startGuarded([hanging]);
  guard.deadlineMs = deadlineMs;
  const startedMs = performance.now();

  const failure = await failureOf(aws.service.scaleTaskSet('ecs-svc/1', 0));

  expect(failure).toMatchObject({ code: 'AbortError', isTransient: true, isOutcomeUnknown: true });
  const tookMs = performance.now() - startedMs;
  expect(tookMs).toBeGreaterThan(90);
  expect(tookMs).toBeLessThan(2_000);
  expect(arrived('UpdateTaskSet')).toBe(1);
});

test('the cut-off outlives a garbage collection, also beside another signal', async () => {
  const { dynamoDb, guard } = await startGuarded(
    [{ operation: 'dynamodb.PutItem', do: { kind: 'hang' } }],
    { attemptTimeoutMs: 2_000, maxAttempts: 1 },
  );
  guard.deadlineMs = 300;
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const timer = setInterval(collectGarbage, 30);
  closers.push(async () => clearInterval(timer));

  const { signal: abortSignal } = new AbortController();
  const put = dynamoDb.send(PUT, { abortSignal });

  // Not the attempt's own time-out.
  await expect(put).rejects.toMatchObject({ name: 'AbortError' });
});

test('a change that has no time left is aborted before it is sent', async () => {
  const wasAborted: (boolean | undefined)[] = [];
  const requestHandler = {
    metadata: { handlerProtocol: 'http/1.1' },
    httpHandlerConfigs: () => ({}),
    updateHttpClientConfig: () => {},
    handle: async (_request: object, options?: { abortSignal?: AbortSignal }) => {
      wasAborted.push(options?.abortSignal?.aborted);
      throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
    },
  };
  const { aws, guard } = await startGuarded([], { requestHandler });
  guard.deadlineMs = 0;

  const failure = await failureOf(aws.service.scaleTaskSet('ecs-svc/1', 0));

  expect(failure.code).toBe('AbortError');
  expect(wasAborted).toEqual([true]);
});

test('an answer that hangs half-way is cut off as well', async () => {
  const { guard } = await startGuarded();
  guard.deadlineMs = 200;
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('{"taskSet":');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closers.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = { region: REGION, maxAttempts: 1, guard };
  const aws = await createAwsPorts(options, { cluster: 'shop', service: 'web' });

  expect(await failureOf(aws.service.scaleTaskSet('ecs-svc/1', 0))).toMatchObject({
    isTransient: true,
    isOutcomeUnknown: true,
  });
});

test('a read that hangs is not cut off by the guard', async () => {
  const { aws, guard } = await startGuarded(
    [{ operation: 'ecs.DescribeServices', do: { kind: 'hang' } }],
    { attemptTimeoutMs: 300, maxAttempts: 1 },
  );
  guard.deadlineMs = 1;

  expect((await failureOf(aws.service.describe())).code).toBe('TimeoutError');
});

test('credentials are fetched without a lease', async () => {
  const credentials = () => assumeRole({ roleArn: ROLE, region: REGION });
  const { arrived, aws, guard } = await startGuarded([], { credentials });
  guard.allowed = 0;
  guard.deadlineMs = 0;

  await aws.service.describe();
  await expect(aws.service.scaleTaskSet('ecs-svc/1', 0)).rejects.toBe(guard.refusal);

  expect(arrived('AssumeRole')).toBeGreaterThan(0);
  expect(arrived('UpdateTaskSet')).toBe(0);
});
