import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { KEY } from '../../support/lock-world.ts';
import { tapWire, type Wire } from './wire.ts';

// CommonJS without type declarations.
const dynalite = createRequire(import.meta.url)('dynalite') as (options: object) => Server;

export const TABLE = 'DeployLock';

/** DynamoDB on a loopback port, with lock tables in it. */
export interface Dynalite {
  /** A client of its own, and the wire between it and the server. */
  connect(settings?: { maxAttempts?: number }): { client: DynamoDBClient; wire: Wire };
  createTable(tableName: string, partitionKey?: string): Promise<void>;
  /** Puts an item in place of another, as a person with a console would. */
  put(attributes: Record<string, object>): Promise<void>;
  item(): Promise<Record<string, AttributeValue> | undefined>;
  delete(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a server with the table `DeployLock`. */
export async function startDynalite(): Promise<Dynalite> {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const clients: DynamoDBClient[] = [];
  const newClient = (maxAttempts: number) => {
    const client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
      maxAttempts,
    });
    clients.push(client);
    return client;
  };
  const admin = newClient(1);
  const Key = { key: { S: KEY } };

  const created: Dynalite = {
    connect({ maxAttempts = 3 } = {}) {
      const client = newClient(maxAttempts);
      return { client, wire: tapWire(client) };
    },
    async createTable(TableName, partitionKey = 'key') {
      await admin.send(
        new CreateTableCommand({
          TableName,
          AttributeDefinitions: [{ AttributeName: partitionKey, AttributeType: 'S' }],
          KeySchema: [{ AttributeName: partitionKey, KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
        }),
      );
    },
    async put(attributes) {
      const Item = { ...Key, ...attributes } as Record<string, AttributeValue>;
      await admin.send(new PutItemCommand({ TableName: TABLE, Item }));
    },
    async item() {
      const command = new GetItemCommand({ TableName: TABLE, Key, ConsistentRead: true });
      return (await admin.send(command)).Item;
    },
    async delete() {
      await admin.send(new DeleteItemCommand({ TableName: TABLE, Key }));
    },
    async stop() {
      for (const client of clients) client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
  await created.createTable(TABLE);
  return created;
}
