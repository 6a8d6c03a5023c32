import { ApiError } from '../../world/operation.ts';
import type { WireRequest, WireResponse } from '../message.ts';
import { bodyOf, withBody, withInput, type Database } from './database.ts';

/**
 * Which attribute says when a table's items expire. It is stored and described; no item is ever
 * deleted for it, as AWS may take days to do, so that a caller must not rely on it.
 * @see UpdateTimeToLive, Amazon DynamoDB API Reference
 */
export class TimeToLive {
  readonly #database: Database;
  /** The attribute by table; a table without an entry has none. */
  readonly #attributes = new Map<unknown, string>();

  constructor(database: Database) {
    this.#database = database;
  }

  async update(request: WireRequest, input: Record<string, unknown>): Promise<WireResponse> {
    const { TableName, TimeToLiveSpecification: specification } = input;
    const { AttributeName, Enabled } = checkedSpecification(specification);
    const described = await this.#describeTable(request, TableName);
    if (described.status !== 200) return described;

    if (Enabled === this.#attributes.has(TableName)) {
      throw invalid(`TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`);
    }
    if (!Enabled && this.#attributes.get(TableName) !== AttributeName) {
      throw invalid(
        `TimeToLive is active on a different AttributeName: current AttributeName is ${this.#attributes.get(TableName)}`,
      );
    }
    if (Enabled) this.#attributes.set(TableName, AttributeName);
    else this.#attributes.delete(TableName);
    return withBody(described, { TimeToLiveSpecification: specification });
  }

  async describe(request: WireRequest, input: Record<string, unknown>): Promise<WireResponse> {
    const answer = await this.#database.send(request);
    const AttributeName = this.#attributes.get(input['TableName']);
    if (answer.status !== 200 || AttributeName === undefined) return answer;
    return withBody(answer, {
      ...bodyOf(answer),
      TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName },
    });
  }

  /** The table is gone: one of the same name starts anew. */
  forget(tableName: unknown): void {
    this.#attributes.delete(tableName);
  }

  #describeTable(request: WireRequest, TableName: unknown): Promise<WireResponse> {
    return this.#database.send(withInput(request, { TableName }, 'DescribeTable'));
  }
}

function checkedSpecification(value: unknown): { AttributeName: string; Enabled: boolean } {
  const { AttributeName, Enabled } = (value ?? {}) as Record<string, unknown>;
  if (typeof AttributeName !== 'string' || AttributeName === '' || typeof Enabled !== 'boolean') {
    throw invalid(
      'TimeToLiveSpecification must have AttributeName, a string that is not empty, and Enabled, true or false',
    );
  }
  return { AttributeName, Enabled };
}

function invalid(message: string): ApiError {
  return new ApiError('ValidationException', message);
}
