import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { lockTable } from '../../../src/aws/lock-table.ts';
import { type LockUpdate, LockStoreError } from '../../../src/lock/store.ts';
import { testLockStore } from '../../support/lock-store-contract.ts';
import { bytes, KEY, text } from '../../support/lock-world.ts';
import { type Dynalite, startDynalite, TABLE } from './dynalite-table.ts';

let dynamo: Dynalite;

beforeAll(async () => {
  dynamo = await startDynalite();
});
afterAll(() => dynamo.stop());
beforeEach(() => dynamo.delete());

/** A lock table as its user sees it, and the wire that leads there. */
function connect(settings: { maxAttempts?: number; tableName?: string } = {}) {
  const { client, wire } = dynamo.connect(settings);
  return { client, wire, store: lockTable({ client, tableName: settings.tableName ?? TABLE }) };
}

const RENEW: LockUpdate = {
  set: { recordVersionNumber: { S: 'v2' } },
  remove: [],
  condition: { kind: 'held', owner: 'ann', versions: ['v1'] },
};

describe.each([
  ['as DynamoDB', true],
  ['as dynalite, which does not put the item into a refusal,', false],
])('%s decides about', (_, putsItemIntoRefusals) => {
  testLockStore(async () => {
    const { store, wire } = connect();
    wire.putsItemIntoRefusals = putsItemIntoRefusals;
    return Promise.resolve({ store, put: (item) => dynamo.put(item) });
  });
});

test('takes the item from the refusal, and reads it only when it is not there', async () => {
  const { store, wire } = connect();
  await dynamo.put({ ownerName: { S: 'bob' } });

  const withoutItem = await store.update(KEY, RENEW);
  expect(wire.sent).toEqual(['UpdateItem', 'GetItem']);
  wire.putsItemIntoRefusals = true;
  const withItem = await store.update(KEY, RENEW);

  expect(wire.sent).toEqual(['UpdateItem', 'GetItem', 'UpdateItem']);
  expect(withItem).toEqual(withoutItem);
  expect(withItem).toMatchObject({ written: false, current: { ownerName: { S: 'bob' } } });
});

test('keeps a lock under another partition key', async () => {
  await dynamo.createTable('Locks', 'lockName');
  const { client } = dynamo.connect();
  const store = lockTable({ client, tableName: 'Locks', partitionKey: 'lockName' });
  const update: LockUpdate = {
    set: { data: { B: bytes('x') } },
    remove: ['isReleased'],
    condition: { kind: 'free' },
  };

  expect(await store.update(KEY, update)).toMatchObject({ written: true });
  expect(await store.update(KEY, update)).toMatchObject({ written: false });

  const item = await store.read(KEY);
  expect(item).toMatchObject({ lockName: { S: KEY } });
  expect(text(item?.data?.B)).toBe('x');
});

test('sends a write once, whatever the client would do', async () => {
  const { store, wire } = connect({ maxAttempts: 3 });
  const broken = { kind: 'answer', status: 500, error: 'InternalServerError' } as const;
  wire.faults.push(broken, broken, broken);

  await expect(store.update(KEY, RENEW)).rejects.toMatchObject({ failure: 'unknown' });
  expect(wire.sent).toEqual(['UpdateItem']);
});

test('reads again when a read fails', async () => {
  const { store, wire } = connect({ maxAttempts: 3 });
  wire.faults.push({ kind: 'lost-answer' }, { kind: 'lost-request' });
  await dynamo.put({ ownerName: { S: 'ann' } });

  expect(await store.read(KEY)).toMatchObject({ ownerName: { S: 'ann' } });
  expect(wire.sent).toEqual(['GetItem', 'GetItem', 'GetItem']);
});

describe('a failed write counts as', () => {
  test.each([
    ['throttled', 400, 'ThrottlingException'],
    ['throttled', 400, 'ProvisionedThroughputExceededException'],
    ['throttled', 400, 'RequestLimitExceeded'],
    ['throttled', 429, 'SomethingNew'],
    ['denied', 400, 'AccessDeniedException'],
    ['denied', 400, 'ExpiredTokenException'],
    ['denied', 403, 'SomethingNew'],
    ['invalid', 400, 'ValidationException'],
    ['unknown', 500, 'InternalServerError'],
    ['unknown', 503, 'ServiceUnavailable'],
    ['unknown', 408, 'RequestTimeout'],
  ])('%s after %d %s', async (failure, status, error) => {
    const { store, wire } = connect();
    wire.faults.push({ kind: 'answer', status, error });

    const failed = store.update(KEY, RENEW);

    await expect(failed).rejects.toBeInstanceOf(LockStoreError);
    await expect(failed).rejects.toMatchObject({
      failure,
      definitelyNotApplied: failure !== 'unknown',
      message: expect.stringContaining(error),
    });
  });

  test.each(['lost-request', 'lost-answer'] as const)('unknown after a %s', async (kind) => {
    const { store, wire } = connect();
    wire.faults.push({ kind });

    await expect(store.update(KEY, RENEW)).rejects.toMatchObject({ failure: 'unknown' });
  });

  test('unknown when its sender gave up', async () => {
    const { store, wire } = connect();
    wire.faults.push({ kind: 'held' });
    const stop = new AbortController();

    const write = store.update(KEY, RENEW, stop.signal);
    while (wire.held === 0) await new Promise(setImmediate);
    stop.abort();

    await expect(write).rejects.toMatchObject({ failure: 'unknown' });
    await wire.deliver();
  });

  test('denied when there is no such table', async () => {
    const { store } = connect({ tableName: 'Nowhere' });

    await expect(store.update(KEY, RENEW)).rejects.toMatchObject({
      failure: 'denied',
      message: expect.stringContaining('"Nowhere": ResourceNotFoundException'),
    });
  });

  test('invalid when the item would be too big', async () => {
    const { store } = connect();

    const write = store.update(KEY, {
      set: { data: { B: new Uint8Array(500_000) } },
      remove: [],
      condition: { kind: 'free' },
    });

    await expect(write).rejects.toMatchObject({ failure: 'invalid' });
    expect(await dynamo.item()).toBeUndefined();
  });

  test('denied when there are no credentials', async () => {
    const { client, wire } = dynamo.connect();
    client.config.credentials = () =>
      Promise.reject(Object.assign(new Error('None.'), { name: 'CredentialsProviderError' }));
    const store = lockTable({ client, tableName: TABLE });

    await expect(store.update(KEY, RENEW)).rejects.toMatchObject({ failure: 'denied' });
    expect(wire.sent).toEqual([]);
  });
});

test('a refusal whose item can not be looked up leaves open what happened', async () => {
  const { store, wire } = connect({ maxAttempts: 1 });
  await dynamo.put({ ownerName: { S: 'bob' } });
  wire.faults.push(undefined, { kind: 'lost-answer' });

  await expect(store.update(KEY, RENEW)).rejects.toMatchObject({ failure: 'unknown' });
  expect(await dynamo.item()).toMatchObject({ ownerName: { S: 'bob' } });
});

test('a refusal by which the SDK has set its clock makes the next attempt worth while', async () => {
  const { store, wire } = connect();
  const skewed = { kind: 'answer', status: 400, error: 'InvalidSignatureException' } as const;
  const anHourAgo = new Date(Date.now() - 3_600_000).toUTCString();

  wire.faults.push(skewed);
  await expect(store.update(KEY, RENEW)).rejects.toMatchObject({ failure: 'denied' });
  wire.faults.push({ ...skewed, headers: { date: anHourAgo } });
  await expect(store.update(KEY, RENEW)).rejects.toMatchObject({ failure: 'throttled' });
});

test('a failure of the server leaves the outcome open, also when it sets the clock', async () => {
  const { store, wire } = connect();
  const date = new Date(Date.now() - 3_600_000).toUTCString();
  wire.faults.push({
    kind: 'answer',
    status: 500,
    error: 'InternalServerError',
    headers: { date },
  });

  await expect(store.update(KEY, RENEW)).rejects.toMatchObject({ failure: 'unknown' });
});
