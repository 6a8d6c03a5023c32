import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { lockTable } from '../../../src/aws/lock-table.ts';
import type { LockUpdate } from '../../../src/lock/store.ts';
import { KEY } from '../../support/lock-world.ts';
import { LockScene, TABLE } from './lock-scene.ts';

let scene: LockScene;

beforeEach(async () => {
  scene = await LockScene.start();
});
afterEach(() => scene.close());

const RENEW: LockUpdate = {
  set: { recordVersionNumber: { S: 'v2' } },
  remove: [],
  condition: { kind: 'held', owner: 'ann', versions: ['v1'] },
};

test('every read is consistent, also the one after a refusal', async () => {
  const { client } = scene.connect();
  const reads: object[] = [];
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === 'GetItemCommand') reads.push(args.input);
        return next(args);
      },
    { step: 'initialize' },
  );
  const store = lockTable({ client, tableName: TABLE });
  await scene.put({ ownerName: { S: 'bob' } });
  scene.returnsItem = false;

  await store.read(KEY);
  await store.update(KEY, RENEW);

  const consistent: unknown = expect.objectContaining({ ConsistentRead: true });
  expect(reads).toEqual([consistent, consistent]);
});
