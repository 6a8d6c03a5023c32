import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { type Clock, sleep } from '../clock.ts';
import { call, isNamed } from './errors.ts';

/** A table as it has to be: its keys in their order, and their types. */
export interface TableSpec {
  readonly tableName: string;
  readonly keys: readonly { readonly name: string; readonly type: 'S' | 'N' }[];
}

/** Items of dynamolock and of this tool: one per lock. */
export function lockTableSpec(tableName: string): TableSpec {
  return { tableName, keys: [{ name: 'key', type: 'S' }] };
}

/** One item per build of a project. */
export function artifactTableSpec(tableName: string): TableSpec {
  const keys = [
    { name: 'ProjectName', type: 'S' },
    { name: 'BuildNumber', type: 'N' },
  ] as const;
  return { tableName, keys };
}

/** A table is there, but can't be used, or did not get ready in time. It was left as it is. */
export class TableUnusableError extends Error {
  constructor(tableName: string, problem: string) {
    super(`The table ${tableName} ${problem}.`);
    this.name = 'TableUnusableError';
  }
}

const POLL_INTERVAL_MS = 1_000;
const READY_WITHIN_MS = 120_000;

/**
 * Creates a table that is billed by request, unless there is one, and waits until it is ACTIVE. What
 * exists is never changed.
 * @returns whether it was created.
 * @throws {TableUnusableError} @throws {CallFailedError}
 * @see CreateTable, Amazon DynamoDB API Reference
 */
export async function ensureTable(
  client: DynamoDBClient,
  spec: TableSpec,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<'created' | 'existed'> {
  const found = await describe(client, spec.tableName, signal);
  if (found) assertKeys(found, spec);
  const created = found ? false : await create(client, spec);
  const untilMs = clock.monotonicMs() + READY_WITHIN_MS;
  for (let table = found; table?.TableStatus !== 'ACTIVE' && table?.TableStatus !== 'UPDATING';) {
    if (clock.monotonicMs() >= untilMs) {
      throw new TableUnusableError(spec.tableName, `is ${table?.TableStatus ?? 'not there yet'}`);
    }
    if (table) await sleep(clock, POLL_INTERVAL_MS, signal);
    table = await describe(client, spec.tableName, signal);
    if (table) assertKeys(table, spec);
  }
  return created ? 'created' : 'existed';
}

/**
 * Looks whether a table can be used, as far as it is there. Writes nothing.
 * @throws {TableUnusableError} @throws {CallFailedError}
 */
export async function assertUsable(
  client: DynamoDBClient,
  spec: TableSpec,
  signal: AbortSignal,
): Promise<void> {
  const found = await describe(client, spec.tableName, signal);
  if (found) assertKeys(found, spec);
}

/**
 * What keeps a table from being used, to be read after its name; `undefined` when nothing does.
 * Writes nothing.
 * @throws {CallFailedError}
 */
export async function problemOfTable(
  client: DynamoDBClient,
  spec: TableSpec,
): Promise<string | undefined> {
  const found = await describe(client, spec.tableName, new AbortController().signal);
  if (!found) return 'does not exist';
  const wrongKeys = keyProblem(found, spec);
  if (wrongKeys !== undefined) return wrongKeys;
  const status = found.TableStatus;
  return status === 'ACTIVE' || status === 'UPDATING' ? undefined : `is ${status}`;
}

async function describe(
  client: DynamoDBClient,
  tableName: string,
  signal: AbortSignal,
): Promise<TableDescription | undefined> {
  return call('dynamodb:DescribeTable', async () => {
    try {
      const command = new DescribeTableCommand({ TableName: tableName });
      return (await client.send(command, { abortSignal: signal })).Table;
    } catch (error) {
      signal.throwIfAborted();
      if (isNamed(error, 'ResourceNotFound')) return undefined;
      throw error;
    }
  });
}

/** @returns false when somebody else was faster, or when an earlier attempt was. */
async function create(client: DynamoDBClient, { tableName, keys }: TableSpec): Promise<boolean> {
  const input: CreateTableCommandInput = {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: keys.map(({ name, type }) => ({
      AttributeName: name,
      AttributeType: type,
    })),
    KeySchema: keys.map(({ name }, index) => ({
      AttributeName: name,
      KeyType: index === 0 ? 'HASH' : 'RANGE',
    })),
  };
  return call('dynamodb:CreateTable', async () => {
    try {
      await client.send(new CreateTableCommand(input));
      return true;
    } catch (error) {
      if (isNamed(error, 'ResourceInUse')) return false;
      throw error;
    }
  });
}

function assertKeys(found: TableDescription, spec: TableSpec): void {
  const problem = keyProblem(found, spec);
  if (problem !== undefined) throw new TableUnusableError(spec.tableName, problem);
}

function keyProblem(found: TableDescription, { keys }: TableSpec): string | undefined {
  const typeOf = (name: string | undefined) =>
    found.AttributeDefinitions?.find((attribute) => attribute.AttributeName === name)
      ?.AttributeType;
  const foundKeys = (found.KeySchema ?? []).map(
    ({ AttributeName, KeyType }) => `${AttributeName} ${typeOf(AttributeName)} (${KeyType})`,
  );
  const expected = keys.map(
    ({ name, type }, index) => `${name} ${type} (${index === 0 ? 'HASH' : 'RANGE'})`,
  );
  if (foundKeys.join() === expected.join()) return undefined;
  return `has the keys ${foundKeys.join(', ')}, but needs ${expected.join(', ')}`;
}
