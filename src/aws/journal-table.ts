import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { JournalContentionError, MalformedJournalError } from '../artifactdb/errors.ts';
import {
  type Json,
  type JournalEntry,
  type JournalPage,
  type JournalStore,
  sequenceAt,
  timeOfSequence,
} from '../artifactdb/journal.ts';
import type { Clock } from '../clock.ts';
import { journalHashKey } from './artifact-item.ts';
import { call, required } from './errors.ts';
import { isConditionFailed, mayHaveBeenDone } from './lost-answers.ts';

const QUERY = 'dynamodb:Query';

/** Each try meets a record that another machine wrote in the same moment. */
const APPEND_TRIES_MAX = 100;

/**
 * Journals in ArtifactDB's own table, under hash keys that no project can have, so that nobody who
 * asks for a project gets to see them. A record is one item: `BuildNumber` N is its sequence, and
 * `Record` S its JSON. Every method rejects with `CallFailedError` when DynamoDB does.
 */
export class JournalTable implements JournalStore {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #clock: Pick<Clock, 'wallMs'>;

  constructor(client: DynamoDBClient, tableName: string, clock: Pick<Clock, 'wallMs'>) {
    this.#client = client;
    this.#tableName = tableName;
    this.#clock = clock;
  }

  async append(journal: string, record: Json): Promise<JournalEntry> {
    const text = JSON.stringify(record);
    let sequence = sequenceAt(this.#clock.wallMs());
    for (let tries = 0; tries < APPEND_TRIES_MAX; tries++) {
      if (await this.#put(journal, sequence, text)) {
        return { sequence, atMs: timeOfSequence(sequence), record };
      }
      // Never before one that was there first: that is how a process keeps its own in order.
      sequence = Math.max(sequence + 1, sequenceAt(this.#clock.wallMs()));
    }
    throw new JournalContentionError(journal, APPEND_TRIES_MAX);
  }

  async read(
    journal: string,
    {
      before,
      limit,
    }: { readonly before?: number | undefined; readonly limit?: number | undefined } = {},
  ): Promise<JournalPage> {
    const page = await call(QUERY, () =>
      this.#client.send(
        new QueryCommand({
          TableName: this.#tableName,
          KeyConditionExpression: 'ProjectName = :journal',
          ExpressionAttributeValues: { ':journal': { S: journalHashKey(journal) } },
          ScanIndexForward: false,
          ConsistentRead: true,
          Limit: limit,
          ExclusiveStartKey: before === undefined ? undefined : keyOf(journal, before),
        }),
      ),
    );
    const last = page.LastEvaluatedKey?.['BuildNumber']?.N;
    return {
      entries: required(QUERY, 'Items', page.Items).map((item) => entryOf(item, journal)),
      before: last === undefined ? null : Number(last),
    };
  }

  /** @returns false when the place is taken by another record. */
  #put(journal: string, sequence: number, text: string): Promise<boolean> {
    return call('dynamodb:PutItem', async () => {
      try {
        await this.#client.send(
          new PutItemCommand({
            TableName: this.#tableName,
            Item: { ...keyOf(journal, sequence), Record: { S: text } },
            ConditionExpression: 'attribute_not_exists(ProjectName)',
          }),
        );
        return true;
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
        return mayHaveBeenDone(error) && (await this.#read(journal, sequence)) === text;
      }
    });
  }

  async #read(journal: string, sequence: number): Promise<string | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({
        TableName: this.#tableName,
        Key: keyOf(journal, sequence),
        ConsistentRead: true,
      }),
    );
    return Item?.['Record']?.S;
  }
}

function keyOf(journal: string, sequence: number): Record<string, AttributeValue> {
  return { ProjectName: { S: journalHashKey(journal) }, BuildNumber: { N: String(sequence) } };
}

function entryOf(item: Record<string, AttributeValue>, journal: string): JournalEntry {
  const sequence = Number(item['BuildNumber']?.N);
  try {
    const record = JSON.parse(item['Record']?.S ?? '') as Json;
    return { sequence, atMs: timeOfSequence(sequence), record };
  } catch (error) {
    throw new MalformedJournalError(journal, sequence, error);
  }
}
