import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { type LoggedCall, watchCalls } from '../../../src/aws/call-log.ts';

// As in cmd/main.ts: the SDK would print a warning about Node 20.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** Dynalite has no type declarations. */
const dynalite = createRequire(import.meta.url)('dynalite') as (options: {
  createTableMs: number;
}) => Server;

/** An ArtifactDB table in a DynamoDB of its own. */
export interface DynaliteTable {
  readonly endpoint: string;
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Every attempt of every call that the client made since the table exists. */
  readonly calls: LoggedCall[];
  /**
   * One request of this operation takes effect, but the connection breaks before the answer: the next
   * one, or the one that comes so many later.
   */
  loseAnswerOnce(operation: string, later?: number): { count: number };
  stop(): Promise<void>;
}

/** Starts DynamoDB in memory and creates the table as the old tool's owners did. */
export async function startDynaliteTable(tableName = 'ArtifactDB'): Promise<DynaliteTable> {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'ProjectName', AttributeType: 'S' },
        { AttributeName: 'BuildNumber', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'ProjectName', KeyType: 'HASH' },
        { AttributeName: 'BuildNumber', KeyType: 'RANGE' },
      ],
    }),
  );
  await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: 10 }, { TableName: tableName });
  const calls: LoggedCall[] = [];
  watchCalls(client, (logged) => calls.push(logged));
  return {
    endpoint,
    client,
    tableName,
    calls,
    loseAnswerOnce: (operation, later = 0) => loseAnswerOnce(client, operation, later),
    stop: () => {
      client.destroy();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function loseAnswerOnce(client: DynamoDBClient, operation: string, later: number) {
  const handler = client.config.requestHandler;
  const { handle } = handler;
  const lost = { count: 0 };
  let before = later;
  handler.handle = async (request, options) => {
    const answer = await handle.call(handler, request, options);
    if (!request.headers['x-amz-target']?.endsWith(`.${operation}`)) return answer;
    if (before-- > 0) return answer;
    handler.handle = handle;
    lost.count++;
    throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  };
  return lost;
}
