import { ApiError } from '../../world/operation.ts';
import type { Settings } from '../../world/settings.ts';
import { readJsonObject } from '../json-protocol.ts';
import type { WireRequest, WireResponse } from '../message.ts';
import { answerToWrite } from './condition-failure.ts';
import { bodyOf, Database, ownRequest, withBody } from './database.ts';
import { Serial } from './serial.ts';
import { TimeToLive } from './time-to-live.ts';

/** Everything that one account has in one Region. */
interface Holding {
  readonly database: Database;
  readonly timeToLive: TimeToLive;
  readonly writes: Serial;
}

/**
 * DynamoDB: a dynalite for each account and Region, started when it is first asked for, plus what
 * dynalite lacks: the item that a failed condition met, the time to live, and some words.
 */
export class DynamoDb {
  readonly #settings: Settings;
  readonly #holdings = new Map<string, Holding>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** @throws {ApiError} for what dynalite would not refuse, or not in AWS's words. */
  handle(
    request: WireRequest,
    operation: string,
    owner: { accountId: string; region: string },
  ): Promise<WireResponse> {
    const { database, timeToLive, writes } = this.#holdingOf(owner);
    switch (operation) {
      case 'CreateTable':
        return answerToCreateTable(request, database);
      case 'UpdateTimeToLive':
        return timeToLive.update(request, readJsonObject(request));
      case 'DescribeTimeToLive':
        return timeToLive.describe(request, readJsonObject(request));
      case 'DeleteTable':
        timeToLive.forget(readJsonObject(request)['TableName']);
        return database.send(request);
      case 'DeleteItem':
      case 'PutItem':
      case 'UpdateItem':
        // One write at a time, so that the item that failed a condition is still there to be read.
        return writes.run(() =>
          answerToWrite(request, operation, database, this.#settings.returnConditionFailureItem),
        );
      case 'BatchWriteItem':
        return writes.run(() => database.send(request));
      default:
        return database.send(request);
    }
  }

  /**
   * Creates a table and waits until it is ACTIVE.
   * @throws {ApiError} as DynamoDB would.
   */
  async createTable(
    owner: { accountId: string; region: string },
    input: Record<string, unknown> & { TableName: string },
  ): Promise<void> {
    const { database } = this.#holdingOf(owner);
    const answer = await answerToCreateTable(ownRequest('CreateTable', input), database);
    if (answer.status !== 200) throw errorIn(answer);
    const { TableName } = input;
    while (!(await isActive(database, TableName))) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
  }

  #holdingOf({ accountId, region }: { accountId: string; region: string }): Holding {
    const key = `${accountId}/${region}`;
    const known = this.#holdings.get(key);
    if (known) return known;
    const database = new Database(accountId, region);
    const holding = {
      database,
      timeToLive: new TimeToLive(database),
      writes: new Serial(),
    };
    this.#holdings.set(key, holding);
    return holding;
  }
}

/** Creates a table. What is wrong with one that is there already, dynalite does not say. */
async function answerToCreateTable(
  request: WireRequest,
  database: Database,
): Promise<WireResponse> {
  const answer = await database.send(request);
  if (answer.status === 200) return answer;
  const error = bodyOf(answer);
  if (!String(error['__type']).endsWith('#ResourceInUseException')) return answer;
  const { TableName } = readJsonObject(request) as { TableName?: string };
  return withBody(answer, { ...error, message: `Table already exists: ${TableName}` });
}

async function isActive(database: Database, TableName: string): Promise<boolean> {
  const described = bodyOf(await database.send(ownRequest('DescribeTable', { TableName })));
  return (described['Table'] as { TableStatus?: string }).TableStatus === 'ACTIVE';
}

function errorIn(answer: WireResponse): ApiError {
  const { __type, message } = bodyOf(answer);
  return new ApiError(String(__type).replace(/^.*#/, ''), String(message));
}
