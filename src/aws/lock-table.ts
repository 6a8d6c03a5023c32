import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
  type UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import type { FinalizeRequestMiddleware } from '@smithy/types';
import { ATTRIBUTE, type RawItem, RELEASED } from '../lock/item.ts';
import {
  type LockCondition,
  type LockStore,
  LockStoreError,
  type LockStoreFailure,
  type LockUpdate,
  type LockUpdateResult,
} from '../lock/store.ts';

/** Where the locks are. */
export interface LockTableOptions {
  /** Needs dynamodb:GetItem and dynamodb:UpdateItem on the table. */
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** The table's partition key, a string. `key` unless said otherwise; there is no sort key. */
  readonly partitionKey?: string | undefined;
}

/** An attempt for the lock must fail long before the lease does; for the client's options. */
export const LOCK_ATTEMPT_TIMEOUT_MS = 2_000;

/**
 * Locks in a DynamoDB table, as dynamolock keeps them. Reads are consistent and repeated as the client
 * is set up to; a write is sent once, whatever the client's settings, because the SDK's own retry of
 * a conditional write fails on the first attempt's success.
 * @see UpdateItem, Amazon DynamoDB API Reference
 * @see Working with items, Amazon DynamoDB Developer Guide
 */
export function lockTable({ client, tableName, partitionKey }: LockTableOptions): LockStore {
  const table = { client, tableName, partitionKey: partitionKey ?? 'key' };
  return {
    read: (key, signal) => read(table, key, signal),
    update: (key, update, signal) => write(table, key, update, signal),
  };
}

type Table = Required<LockTableOptions> & { readonly partitionKey: string };

async function read(
  { client, tableName, partitionKey }: Table,
  key: string,
  signal: AbortSignal | undefined,
): Promise<RawItem | undefined> {
  const command = new GetItemCommand({
    TableName: tableName,
    Key: { [partitionKey]: { S: key } },
    ConsistentRead: true,
  });
  try {
    const { Item } = await client.send(command, sendOptions(signal));
    return Item;
  } catch (error) {
    throw toStoreError('read', tableName, error);
  }
}

async function write(
  table: Table,
  key: string,
  update: LockUpdate,
  signal: AbortSignal | undefined,
): Promise<LockUpdateResult> {
  const command = new UpdateItemCommand(updateInput(table, key, update));
  const once = sendOnce(command);
  try {
    const { Attributes } = await table.client.send(command, sendOptions(signal));
    return { written: true, previous: Attributes };
  } catch (thrown) {
    const error = once.error ?? thrown;
    if (!(error instanceof ConditionalCheckFailedException)) {
      throw toStoreError('write', table.tableName, error);
    }
    // Not every endpoint heeds ReturnValuesOnConditionCheckFailure.
    const current = error.Item ?? (await read(table, key, signal));
    return { written: false, current };
  }
}

function sendOptions(signal: AbortSignal | undefined) {
  return signal ? { abortSignal: signal } : {};
}

/** The SDK decides by an error's name and status whether to try again, so it is shown neither. */
class OnlyAttemptFailed extends Error {}

/** Makes the command's first attempt its last. `error` is what that attempt failed with, if it did. */
function sendOnce(command: UpdateItemCommand): { readonly error: unknown } {
  const outcome: { error: unknown } = { error: undefined };
  const failForGood: FinalizeRequestMiddleware<UpdateItemCommandInput, UpdateItemCommandOutput> =
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        outcome.error = error;
        throw new OnlyAttemptFailed('The only attempt failed.');
      }
    };
  command.middlewareStack.addRelativeTo(failForGood, {
    name: 'sendOnce',
    relation: 'after',
    toMiddleware: 'retryMiddleware',
  });
  return outcome;
}

/** Every name is aliased: `key` and `data` are reserved words. */
function updateInput(
  { tableName, partitionKey }: Table,
  key: string,
  { set, remove, condition }: LockUpdate,
): UpdateItemCommandInput {
  const assignments = Object.keys(set).map((name) => `#${name} = :${name}`);
  const expression = [
    `SET ${assignments.join(', ')}`,
    ...(remove.length > 0 ? [`REMOVE ${remove.map((name) => `#${name}`).join(', ')}`] : []),
  ];
  const test = conditionExpression(condition);
  const names = new Set([...Object.keys(set), ...remove, ...test.names]);
  return {
    TableName: tableName,
    Key: { [partitionKey]: { S: key } },
    UpdateExpression: expression.join(' '),
    ConditionExpression: test.expression,
    ExpressionAttributeNames: Object.fromEntries([
      ...[...names].map((name) => [`#${name}`, name]),
      ...(condition.kind === 'free' ? [['#partitionKey', partitionKey]] : []),
    ]),
    ExpressionAttributeValues: {
      ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
      ...test.values,
    },
    ReturnValues: 'ALL_OLD',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

interface Test {
  readonly expression: string;
  readonly names: readonly string[];
  readonly values: Record<string, AttributeValue>;
}

function conditionExpression(condition: LockCondition): Test {
  const { owner, recordVersionNumber, isReleased, data } = ATTRIBUTE;
  if (condition.kind === 'free') {
    const { claimant } = condition;
    const isForeign = `(attribute_not_exists(#${owner}) OR #${owner} <> :claimant)`;
    return {
      expression:
        `attribute_not_exists(#partitionKey) OR (#${isReleased} = :released AND ` +
        `(attribute_not_exists(#${data}) OR attribute_type(#${data}, :binary))` +
        `${claimant === undefined ? '' : ` AND ${isForeign}`})`,
      names: [isReleased, data, ...(claimant === undefined ? [] : [owner])],
      values: {
        ':released': { S: RELEASED },
        ':binary': { S: 'B' },
        ...(claimant === undefined ? {} : { ':claimant': { S: claimant } }),
      },
    };
  }
  if (condition.kind === 'released') {
    return {
      expression: `#${isReleased} = :released AND #${recordVersionNumber} = :version`,
      names: [isReleased, recordVersionNumber],
      values: { ':released': { S: RELEASED }, ':version': { S: condition.version } },
    };
  }
  const versions = condition.versions.map((version, index) => [`:version${index}`, version]);
  return {
    expression:
      `#${owner} = :heldBy AND attribute_not_exists(#${isReleased}) AND ` +
      `#${recordVersionNumber} IN (${versions.map(([name]) => name).join(', ')})`,
    names: [owner, isReleased, recordVersionNumber],
    values: {
      ':heldBy': { S: condition.owner },
      ...Object.fromEntries(versions.map(([name, version]) => [name, { S: version }])),
    },
  };
}

const THROTTLED = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionConflictException',
  'TransactionInProgressException',
  'ReplicatedWriteConflictException',
]);
const INVALID = new Set([
  'ItemCollectionSizeLimitExceededException',
  'SerializationException',
  'ValidationException',
]);
/** Nothing was sent for want of credentials. */
const UNSIGNED = new Set(['CredentialsProviderError', 'TokenProviderError']);

interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number; readonly clockSkewCorrected?: boolean };
}

/** @see Error handling with DynamoDB, Amazon DynamoDB Developer Guide */
function toStoreError(verb: 'read' | 'write', tableName: string, error: unknown): LockStoreError {
  const { name, message, $metadata } = (error instanceof Error ? error : {}) as Partial<SdkError>;
  const failure = classify(name ?? '', $metadata?.httpStatusCode);
  const text = `Can't ${verb} the lock table "${tableName}": ${name ?? 'failure'}: ${message ?? String(error)}`;
  // The SDK has set its clock by the answer's date: the same request will be signed anew.
  const isSkew = failure === 'denied' && $metadata?.clockSkewCorrected === true;
  return new LockStoreError(isSkew ? 'throttled' : failure, text, { cause: error });
}

function classify(name: string, status: number | undefined): LockStoreFailure {
  if (THROTTLED.has(name)) return 'throttled';
  if (INVALID.has(name)) return 'invalid';
  if (UNSIGNED.has(name)) return 'denied';
  // 408 says that the request's end did not arrive in time, not that nothing was done.
  const isRefused = status !== undefined && status >= 400 && status < 500 && status !== 408;
  if (status === 429) return 'throttled';
  return isRefused ? 'denied' : 'unknown';
}
