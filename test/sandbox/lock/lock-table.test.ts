import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { lockTable } from '../../../src/aws/lock-table.ts';
import { type LockUpdate, LockStoreError } from '../../../src/lock/store.ts';
import { testLockStore } from '../../support/lock-store-contract.ts';
import { bytes, KEY, text } from '../../support/lock-world.ts';
import { LockScene, TABLE } from './lock-scene.ts';

let scene: LockScene;

beforeEach(async () => {
  scene = await LockScene.start();
});
afterEach(() => scene.close());

/** A lock table as its user sees it, and the connection that leads there. */
function connect(settings: { maxAttempts?: number; tableName?: string } = {}) {
  const connection = scene.connect(settings);
  const { client } = connection;
  return { ...connection, store: lockTable({ client, tableName: settings.tableName ?? TABLE }) };
}

const RENEW: LockUpdate = {
  set: { recordVersionNumber: { S: 'v2' } },
  remove: [],
  condition: { kind: 'held', owner: 'ann', versions: ['v1'] },
};

describe.each([
  ['a table', true],
  ['a table that does not put the item into a refusal', false],
])('%s decides about', (_, returnsItem) => {
  testLockStore(async () => {
    scene.returnsItem = returnsItem;
    return Promise.resolve({ store: connect().store, put: (item) => scene.put(item) });
  });
});

test('takes the item from the refusal, and reads it only when it is not there', async () => {
  const { store, operations } = connect();
  await scene.put({ ownerName: { S: 'bob' } });

  scene.returnsItem = false;
  const withoutItem = await store.update(KEY, RENEW);
  expect(operations()).toEqual(['UpdateItem', 'GetItem']);
  scene.returnsItem = true;
  const withItem = await store.update(KEY, RENEW);

  expect(operations()).toEqual(['UpdateItem', 'GetItem', 'UpdateItem']);
  expect(withItem).toEqual(withoutItem);
  expect(withItem).toMatchObject({ written: false, current: { ownerName: { S: 'bob' } } });
});

test('keeps a lock under another partition key', async () => {
  await scene.createTable('Locks', 'lockName');
  const { client } = scene.connect();
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
  const { store, operations } = connect({ maxAttempts: 3 });
  scene.spoil('UpdateItem', { kind: 'reject', status: 500, code: 'InternalServerError' });

  await expect(store.update(KEY, RENEW)).rejects.toMatchObject({ failure: 'unknown' });
  expect(operations()).toEqual(['UpdateItem']);
});

test('reads again when a read fails', async () => {
  const { store, wire, operations } = connect({ maxAttempts: 3 });
  await scene.put({ ownerName: { S: 'ann' } });
  wire.cutNext();
  scene.spoil('GetItem', { kind: 'drop' });

  expect(await store.read(KEY)).toMatchObject({ ownerName: { S: 'ann' } });
  expect(operations()).toEqual(['GetItem', 'GetItem']); // The first of three was cut off.
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
  ])('%s after %d %s', async (failure, status, code) => {
    const { store } = connect();
    scene.spoil('UpdateItem', { kind: 'reject', status, code });

    const failed = store.update(KEY, RENEW);

    await expect(failed).rejects.toBeInstanceOf(LockStoreError);
    await expect(failed).rejects.toMatchObject({
      failure,
      definitelyNotApplied: failure !== 'unknown',
      message: expect.stringContaining(code),
    });
  });

  test('unknown when the connection breaks', async () => {
    const { store, wire } = connect();
    wire.cutNext();
    await expect(store.update(KEY, RENEW)).rejects.toMatchObject({ failure: 'unknown' });

    scene.spoil('UpdateItem', { kind: 'drop' });
    await expect(store.update(KEY, RENEW)).rejects.toMatchObject({ failure: 'unknown' });
  });

  test('unknown when its sender gave up', async () => {
    const { store, calls } = connect();
    scene.spoil('UpdateItem', { kind: 'hang' });
    const stop = new AbortController();

    const write = store.update(KEY, RENEW, stop.signal);
    while (calls()[0]?.answer !== 'hung') await new Promise(setImmediate);
    stop.abort();

    await expect(write).rejects.toMatchObject({ failure: 'unknown' });
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
    expect(await scene.item()).toBeUndefined();
  });

  test('denied when there are no credentials', async () => {
    const { client, operations } = scene.connect();
    client.config.credentials = () =>
      Promise.reject(Object.assign(new Error('None.'), { name: 'CredentialsProviderError' }));
    const store = lockTable({ client, tableName: TABLE });

    await expect(store.update(KEY, RENEW)).rejects.toMatchObject({ failure: 'denied' });
    expect(operations()).toEqual([]);
  });
});

test('a refusal whose item can not be looked up leaves open what happened', async () => {
  const { store } = connect({ maxAttempts: 1 });
  await scene.put({ ownerName: { S: 'bob' } });
  scene.returnsItem = false;
  scene.spoil('GetItem', { kind: 'drop' });

  await expect(store.update(KEY, RENEW)).rejects.toMatchObject({ failure: 'unknown' });
  expect(await scene.item()).toMatchObject({ ownerName: { S: 'bob' } });
});

test('a refusal by which the SDK has set its clock makes the next attempt worth while', async () => {
  const { store, wire } = connect();
  const skewed = { kind: 'reject', code: 'InvalidSignatureException' } as const;

  scene.spoil('UpdateItem', skewed);
  await expect(store.update(KEY, RENEW)).rejects.toMatchObject({ failure: 'denied' });
  wire.dateAnswers(anHourAgo());
  scene.spoil('UpdateItem', skewed);
  await expect(store.update(KEY, RENEW)).rejects.toMatchObject({ failure: 'throttled' });
});

test('a failure of the server leaves the outcome open, also when it sets the clock', async () => {
  const { store, wire } = connect();
  wire.dateAnswers(anHourAgo());
  scene.spoil('UpdateItem', { kind: 'reject', status: 500, code: 'InternalServerError' });

  await expect(store.update(KEY, RENEW)).rejects.toMatchObject({ failure: 'unknown' });
});

const anHourAgo = () => new Date(Date.now() - 3_600_000);
