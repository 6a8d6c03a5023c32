import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { CallRecord } from '../../../sandbox/wire/call-log.ts';
import { bodyOf, ownRequest } from '../../../sandbox/wire/dynamodb/database.ts';
import type { Fault } from '../../../sandbox/wire/fault-rules.ts';
import { Front } from '../../../sandbox/wire/front.ts';
import { type HttpServer, startHttpServer } from '../../../sandbox/wire/http-server.ts';
import { World } from '../../../sandbox/world/world.ts';
import { LOCK_ATTEMPT_TIMEOUT_MS, lockTable } from '../../../src/aws/lock-table.ts';
import type { LockStore } from '../../../src/lock/store.ts';
import { deployer, KEY, Machine } from '../../support/lock-world.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { ParkingClock } from './parking-clock.ts';
import { tapWire, type Wire } from './wire.ts';

export const TABLE = 'DeployLock';
const REGION = 'us-east-1';
const OWNER = { accountId: '111111111111', region: REGION };

/** A client of the sandbox's DynamoDB, and the wire between them. */
export interface Connection {
  readonly client: DynamoDBClient;
  readonly wire: Wire;
  /** Its requests that arrived, oldest first, as the sandbox's call log has them. */
  readonly calls: () => readonly CallRecord[];
  /** The operations of `calls()`. */
  readonly operations: () => readonly string[];
}

/** One deployer: its own connection, machine and names. */
export interface SceneDeployer extends Connection {
  readonly store: LockStore;
  readonly machine: Machine;
  /** What every function of the lock wants. */
  readonly options: ReturnType<typeof deployer>;
}

/**
 * The sandbox's DynamoDB, over HTTP, with the table `DeployLock`. The clock of the sandbox and of all
 * deployers is moved by the test, and only while no request is under way: so requests take no time
 * but what a fault says.
 */
export class LockScene {
  readonly clock: VirtualClock;
  readonly #parking: ParkingClock;
  readonly #front: Front;
  readonly #server: HttpServer;
  readonly #connections: Connection[] = [];
  #storeRequests = 0;

  private constructor(
    clock: VirtualClock,
    parking: ParkingClock,
    { front, server }: { front: Front; server: HttpServer },
  ) {
    this.clock = clock;
    this.#parking = parking;
    this.#front = front;
    this.#server = server;
  }

  static async start(): Promise<LockScene> {
    const clock = new VirtualClock();
    const parking = new ParkingClock(clock);
    const world = new World({
      clock: parking,
      random: () => 0.5,
      runtime: { start: () => {}, signal: () => {} },
      settings: { accountId: OWNER.accountId },
    });
    const front = new Front({ world });
    const server = await startHttpServer(front, 0);
    const scene = new LockScene(clock, parking, { front, server });
    await scene.createTable(TABLE);
    return scene;
  }

  /** Whether a refusal brings the item that did not meet the condition; it does by default. */
  set returnsItem(does: boolean) {
    this.#front.world.settings.returnConditionFailureItem = does;
  }

  async createTable(TableName: string, partitionKey = 'key'): Promise<void> {
    await this.#front.dynamoDb.createTable(OWNER, {
      TableName,
      AttributeDefinitions: [{ AttributeName: partitionKey, AttributeType: 'S' }],
      KeySchema: [{ AttributeName: partitionKey, KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    });
  }

  connect({ maxAttempts = 3 } = {}): Connection {
    const client = new DynamoDBClient({
      endpoint: this.#server.url,
      region: REGION,
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
      maxAttempts,
      requestHandler: { requestTimeout: LOCK_ATTEMPT_TIMEOUT_MS, throwOnRequestTimeout: true },
    });
    const wire = tapWire(client);
    const calls = () =>
      this.#front.calls.entries().filter(({ invocationId = '' }) => wire.sent.has(invocationId));
    const operations = () => calls().map(({ operation }) => operation);
    const connection = { client, wire, calls, operations };
    this.#connections.push(connection);
    return connection;
  }

  deployer(seed = 1): SceneDeployer {
    const connection = this.connect();
    const { client } = connection;
    const store = this.#counted(lockTable({ client, tableName: TABLE }));
    const machine = new Machine(this.clock);
    return { ...connection, store, machine, options: deployer(store, machine, seed) };
  }

  /** What happens to the next requests of this kind that arrive, one each. */
  spoil(operation: 'GetItem' | 'UpdateItem', ...faults: Fault[]): void {
    for (const [index, fault] of faults.entries()) {
      this.#front.faults.add([{ operation: `dynamodb.${operation}`, nth: index + 1, do: fault }]);
    }
  }

  /** Puts an item in place of another, as a person with a console would. Not in the call log. */
  async put(attributes: Record<string, AttributeValue | object>): Promise<void> {
    const item = { key: { S: KEY }, ...attributes };
    await this.#ask('PutItem', { TableName: TABLE, Item: mapBytes(item, toBase64) });
  }

  /** The item as it is. Not in the call log. */
  async item(): Promise<Record<string, AttributeValue> | undefined> {
    const Key = { key: { S: KEY } };
    const { Item } = await this.#ask('GetItem', { TableName: TABLE, Key, ConsistentRead: true });
    return Item === undefined
      ? undefined
      : mapBytes(Item as Record<string, AttributeValue>, fromBase64);
  }

  /** Moves the clock from one due moment to the next until it is so. */
  async until(isSo: () => boolean): Promise<void> {
    for (;;) {
      await this.#quiet();
      if (isSo()) return;
      const nextMs = this.clock.nextAtMs;
      if (nextMs === undefined) throw new Error('Nothing is due, and it is not so.');
      await this.clock.advance(nextMs - this.clock.monotonicMs());
    }
  }

  /** Moves the clock until the work is done. */
  async run<T>(work: Promise<T>): Promise<T> {
    const progress = { isSettled: false };
    const settle = () => {
      progress.isSettled = true;
    };
    work.then(settle, settle);
    await this.until(() => progress.isSettled);
    return work;
  }

  /** Lets so much time pass. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.clock.monotonicMs() + ms;
    this.clock.after(ms, () => {}); // A moment to stop at.
    await this.until(() => (this.clock.nextAtMs ?? Infinity) > untilMs);
  }

  async close(): Promise<void> {
    for (const { client } of this.#connections) client.destroy();
    this.#front.close();
    await this.#server.close();
  }

  #counted(inner: LockStore): LockStore {
    const counted = <T>(request: Promise<T>) => {
      this.#storeRequests++;
      return request.finally(() => this.#storeRequests--);
    };
    return {
      read: (key, signal) => counted(inner.read(key, signal)),
      update: (key, update, signal) => counted(inner.update(key, update, signal)),
    };
  }

  /** Waits until every request under way waits for time to pass. */
  async #quiet(): Promise<void> {
    do {
      await new Promise(setImmediate);
    } while (this.#isBusy());
  }

  #isBusy(): boolean {
    const calls = this.#front.calls.entries();
    const inHand = calls.filter(({ answer }) => answer === 'none yet').length;
    if (inHand > this.#parking.waiting) return true; // It works on one.
    const open = new Set(
      calls
        .filter(({ answer }) => answer === 'none yet' || answer === 'hung')
        .map((call) => `${call.invocationId}/${call.attempt}`),
    );
    const underWay = this.#connections.flatMap(({ wire }) => [...wire.underWay]);
    // On its way there or back; or between the store and the wire.
    return underWay.some((id) => !open.has(id)) || this.#storeRequests > underWay.length;
  }

  async #ask(operation: string, input: object): Promise<Record<string, unknown>> {
    const request = ownRequest(operation, input as Record<string, unknown>);
    const answer = await this.#front.dynamoDb.handle(request, operation, OWNER);
    if (answer.status !== 200) throw new Error(`${operation}: ${JSON.stringify(bodyOf(answer))}`);
    return bodyOf(answer);
  }
}

/** Bytes travel as base64 in JSON. */
const toBase64 = (bytes: unknown) => Buffer.from(bytes as Uint8Array).toString('base64');
const fromBase64 = (text: unknown) => new Uint8Array(Buffer.from(text as string, 'base64'));

function mapBytes(
  item: Record<string, AttributeValue | object>,
  map: (bytes: unknown) => unknown,
): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      ('B' in value ? { B: map(value.B) } : value) as AttributeValue,
    ]),
  );
}
