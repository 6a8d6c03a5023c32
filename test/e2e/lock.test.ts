/**
 * Goal: however a real process that holds the lock is stopped, no two deployers ever act, and the next
 * one gets the lock as early as is safe.
 * Method: real signals to real processes. What each of them asked of AWS stands in the sandbox's call
 * log; they are told apart by the access keys that they sign with.
 */
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { CallRecord } from '../../sandbox/wire/call-log.ts';
import type { Front } from '../../sandbox/wire/front.ts';
import type { Executable } from '../support/executable.ts';
import { sdkClients } from '../support/sdk.ts';
import { exampleConfig, Hello, until } from './hello.ts';

const LEASE_MS = 3_000;
const HEARTBEAT_MS = 1_000;

let hello: Hello;
let callsOf: (accessKeyId: string) => CallRecord[];
const started: Executable[] = [];

beforeEach(async () => {
  const Lock = { LeaseSeconds: LEASE_MS / 1_000, HeartbeatSeconds: HEARTBEAT_MS / 1_000 };
  const config = { ...exampleConfig(), Lock };
  hello = await Hello.start({ config, timeScale: 0.05, hasArtifacts: false });
  const tags = JSON.stringify({ SHA: 'aaaa1111' });
  await hello.run('artifact-db', 'create', '-p', 'hello', '-v', 'hello:v1', '-t', tags);
  callsOf = noteSigners(hello.sandbox.front);
});
afterEach(async () => {
  // Those that a failed test has left, the stopped ones as well.
  for (const { child } of started.splice(0)) child.kill('SIGKILL');
  await hello.close();
});

/** Notes whose key signs each call: the call log keeps only the account. */
function noteSigners(front: Front): (accessKeyId: string) => CallRecord[] {
  const signers = new Map<string | undefined, string | undefined>();
  const handle = front.handle.bind(front);
  front.handle = (request) => {
    const [, accessKeyId] = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    signers.set(request.headers['amz-sdk-invocation-id'], accessKeyId);
    return handle(request);
  };
  return (accessKeyId) =>
    front.calls.entries().filter(({ invocationId }) => signers.get(invocationId) === accessKeyId);
}

/** A deploy that signs with a key of its own. */
function startAs(accessKeyId: string, ...args: string[]): Executable {
  hello.extraEnv = { AWS_ACCESS_KEY_ID: accessKeyId };
  const deploy = hello.startDeploy('aaaa1111', ...args);
  started.push(deploy);
  return deploy;
}

/** The history of deploys is added to when all is over, whoever has the lock by then. */
const isRecord = ({ operation }: CallRecord) => operation === 'PutItem';
const isRead = ({ operation }: CallRecord) => /^(Describe|List|Get|Query|BatchGet)/.test(operation);
const isChange = (call: CallRecord) => !isRead(call) && !isRecord(call);
const isLockWrite = ({ service, operation }: CallRecord) =>
  service === 'dynamodb' && operation === 'UpdateItem';
const isLockCall = (call: CallRecord) =>
  isLockWrite(call) || (call.service === 'dynamodb' && call.operation === 'GetItem');

/** The write with which a deployer got the lock. */
function acquisitionOf(accessKeyId: string): CallRecord {
  const write = callsOf(accessKeyId).find((call) => isLockWrite(call) && call.outcome === 'ok');
  if (!write) throw new Error(`${accessKeyId} never had the lock.`);
  return write;
}

/** What a deployer asked of the lock table until it had the lock. */
function lockCallsUntilAcquired(accessKeyId: string): CallRecord[] {
  const { number } = acquisitionOf(accessKeyId);
  return callsOf(accessKeyId).filter((call) => isLockCall(call) && call.number <= number);
}

/** Starts a deploy and waits until it waits for its rollout, between two heartbeats. */
async function deployInTheMiddle(accessKeyId: string): Promise<Executable> {
  const deploy = startAs(accessKeyId);
  await deploy.sees(/\[7\] Waiting/);
  await until(() => {
    const silentMs = Date.now() - (callsOf(accessKeyId).findLast(isLockWrite)?.atMs ?? 0);
    return silentMs > HEARTBEAT_MS / 5 && silentMs < HEARTBEAT_MS / 2;
  });
  return deploy;
}

/** The lock's item, with its data read. */
async function lockItem() {
  const { dynamoDb, destroy } = sdkClients(hello.sandbox.url);
  const Key = { key: { S: 'hello-dev' } };
  const { Item } = await dynamoDb.send(new GetItemCommand({ TableName: 'DeployLock', Key }));
  destroy();
  if (!Item) throw new Error('Nobody ever held the lock.');
  const data = new TextDecoder().decode(Item['data']?.B);
  const checkpoint = (data === '' ? {} : JSON.parse(data)) as object;
  return { attributes: Item, checkpoint };
}

test('an owner that was stopped and comes back after its successor changes nothing', async () => {
  const first = await deployInTheMiddle('AKIAFIRST');
  first.child.kill('SIGSTOP');
  const second = await startAs('AKIASECOND', '-resume').finished;
  const takeover = acquisitionOf('AKIASECOND');
  const item = await lockItem();

  first.child.kill('SIGCONT');
  const stopped = await first.finished;

  expect(second.code).toBe(0);
  const late = callsOf('AKIAFIRST').filter(({ number }) => number > takeover.number);
  // Its question whether it still has the lock, and no change of anything.
  expect(late.filter(isChange)).toMatchObject([
    { service: 'dynamodb', operation: 'UpdateItem', outcome: 'ConditionalCheckFailedException' },
  ]);
  expect(await lockItem()).toEqual(item);
  expect(stopped.code).toBe(7);
  expect(stopped.stdout).toContain(`was taken over by "${item.attributes.ownerName?.S}"`);
  expect(stopped.stdout).toMatch(/stopped in step 7 .* The lock now: it is free/);
  expect(stopped.stdout).toMatch(/Serving now: green, hello:v1/);
}, 60_000);

test('an owner that was stopped while nobody waited goes on', async () => {
  const deploy = await deployInTheMiddle('AKIAFIRST');
  deploy.child.kill('SIGSTOP');
  const { number } = callsOf('AKIAFIRST').at(-1) ?? { number: 0 };
  const { atMs } = callsOf('AKIAFIRST').findLast(isLockWrite) ?? { atMs: 0 };
  await until(() => Date.now() - atMs > LEASE_MS);

  deploy.child.kill('SIGCONT');
  const finished = await deploy.finished;

  expect(finished.code).toBe(0);
  const [firstChange] = callsOf('AKIAFIRST').filter(
    (call) => call.number > number && isChange(call),
  );
  expect(firstChange).toMatchObject({ operation: 'UpdateItem', outcome: 'ok' });
}, 60_000);

test('the lock of an owner that was killed is taken after one lease of silence', async () => {
  const first = await deployInTheMiddle('AKIAFIRST');

  first.child.kill('SIGKILL');
  const second = await startAs('AKIASECOND', '-resume').finished;

  expect(second.code).toBe(0);
  const calls = lockCallsUntilAcquired('AKIASECOND');
  const looks = calls.filter((call) => !isLockWrite(call));
  const [seen] = looks;
  expect(acquisitionOf('AKIASECOND').atMs - (seen?.atMs ?? Infinity)).toBeGreaterThan(LEASE_MS);
  expect(calls.filter(isLockWrite)).toHaveLength(1);
  // The first look, and one poll a second.
  expect(looks.length).toBeLessThanOrEqual(1 + LEASE_MS / 1_000);
  expect(callsOf('AKIAFIRST').every(({ number }) => number < (seen?.number ?? 0))).toBe(true);
}, 60_000);

test('an owner that is asked to stop yields, and is replaced with one look and one write', async () => {
  const first = await deployInTheMiddle('AKIAFIRST');

  first.child.kill('SIGTERM');
  const stopped = await first.finished;
  const yielded = await lockItem();
  const second = await startAs('AKIASECOND', '-resume').finished;

  expect(stopped.code).toBe(143);
  expect(yielded).toMatchObject({
    attributes: { leaseDuration: { S: '0' } },
    checkpoint: { Done: false, Step: 7, X: { Yield: expect.stringContaining('SIGTERM') } },
  });
  expect(yielded.attributes).not.toHaveProperty('isReleased');
  expect(second.code).toBe(0);
  const operations = lockCallsUntilAcquired('AKIASECOND').map(({ operation }) => operation);
  expect(operations).toEqual(['GetItem', 'UpdateItem']);
  expect(await lockItem()).toMatchObject({
    attributes: { isReleased: { S: '1' } },
    checkpoint: { Done: true, Step: 13 },
  });
}, 60_000);

test.each([
  ['was made', 'after'],
  ['was not made', 'before'],
] as const)(
  'Ctrl-C while the table does not answer a write that %s leaves the lock free',
  async (_, when) => {
    hello.sandbox.faults.add([
      { operation: 'dynamodb.UpdateItem', nth: 1, do: { kind: 'hang', when } },
    ]);
    const deploy = startAs('AKIAFIRST');
    await until(() => callsOf('AKIAFIRST').some(({ answer }) => answer === 'hung'));

    deploy.child.kill('SIGINT');
    const stopped = await deploy.finished;

    expect(stopped.code).toBe(130);
    expect((await lockItem()).attributes).toMatchObject({ isReleased: { S: '1' } });
    const changes = callsOf('AKIAFIRST').filter(isChange);
    expect(changes.every(isLockWrite)).toBe(true);
  },
  60_000,
);
