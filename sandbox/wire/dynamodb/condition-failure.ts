import { ApiError } from '../../world/operation.ts';
import { readJsonObject } from '../json-protocol.ts';
import type { WireRequest, WireResponse } from '../message.ts';
import { bodyOf, withBody, withInput, type Database } from './database.ts';

const PARAMETER = 'ReturnValuesOnConditionCheckFailure';

/**
 * Does one write and, if its condition fails and the caller asked for it, attaches the item that
 * the condition met. dynalite ignores the parameter. No other write may run meanwhile.
 *
 * @param attachesItem Whether the parameter is honoured; some stand-ins for DynamoDB never do.
 * @see PutItem, Amazon DynamoDB API Reference
 */
export async function answerToWrite(
  request: WireRequest,
  operation: 'DeleteItem' | 'PutItem' | 'UpdateItem',
  database: Database,
  attachesItem: boolean,
): Promise<WireResponse> {
  const { [PARAMETER]: wanted, ...input } = readJsonObject(request);
  if (wanted === undefined || wanted === null) return database.send(request);
  if (wanted !== 'ALL_OLD' && wanted !== 'NONE') {
    throw new ApiError(
      'ValidationException',
      `1 validation error detected: Value '${typeof wanted === 'string' ? wanted : JSON.stringify(wanted)}' at 'returnValuesOnConditionCheckFailure' failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, NONE]`,
    );
  }

  const answer = await database.send(withInput(request, input));
  if (!attachesItem || wanted === 'NONE' || answer.status === 200) return answer;
  const error = bodyOf(answer);
  if (!String(error['__type']).endsWith('#ConditionalCheckFailedException')) return answer;
  const Key = operation === 'PutItem' ? await keyOf(request, input, database) : input['Key'];
  const found = await database.ask(request, 'GetItem', {
    TableName: input['TableName'],
    Key,
    ConsistentRead: true,
  });
  return found?.['Item'] === undefined
    ? answer
    : withBody(answer, { ...error, Item: found['Item'] });
}

/** The key attributes of the item that a PutItem would have written. */
async function keyOf(
  request: WireRequest,
  input: Record<string, unknown>,
  database: Database,
): Promise<Record<string, unknown>> {
  const { TableName } = input;
  const described = await database.ask(request, 'DescribeTable', { TableName });
  const { KeySchema = [] } = (described?.['Table'] ?? {}) as {
    KeySchema?: { AttributeName: string }[];
  };
  const item = input['Item'] as Record<string, unknown>;
  return Object.fromEntries(
    KeySchema.map(({ AttributeName }) => [AttributeName, item[AttributeName]]),
  );
}
