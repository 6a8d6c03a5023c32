import { isDeepStrictEqual } from 'node:util';
import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { type Artifact, type ArtifactRef, artifactId } from '../artifactdb/artifact.ts';
import { TagContentionError } from '../artifactdb/errors.ts';
import type { ArtifactPage, ArtifactStore, PageRequest } from '../artifactdb/store.ts';
import { artifactOf, itemOf } from './artifact-item.ts';
import { call, isNamed, required } from './errors.ts';

const QUERY = 'dynamodb:Query';
const UPDATE_ITEM = 'dynamodb:UpdateItem';

/** Each try meets an artifact whose tags appeared or vanished since the one before. */
const TAG_TRIES_MAX = 5;

/** Artifacts registered without tags have NULL there, or nothing at all. */
const HAS_NO_TAGS = '(attribute_not_exists(Tags) OR attribute_type(Tags, :null))';

/**
 * ArtifactDB's DynamoDB table: hash key `ProjectName` S, range key `BuildNumber` N. All reads are
 * strongly consistent, because gates are decided by them. Every method rejects with
 * `CallFailedError` when DynamoDB does.
 * @see Read consistency, Amazon DynamoDB Developer Guide
 */
export class ArtifactTable implements ArtifactStore {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async readPage(projectName: string, { olderThan, limit }: PageRequest): Promise<ArtifactPage> {
    const page = await call(QUERY, () =>
      this.#client.send(
        new QueryCommand({
          TableName: this.#tableName,
          KeyConditionExpression: 'ProjectName = :project',
          ExpressionAttributeValues: { ':project': { S: projectName } },
          ScanIndexForward: false,
          ConsistentRead: true,
          Limit: limit,
          ExclusiveStartKey:
            olderThan === undefined ? undefined : keyOf({ projectName, buildNumber: olderThan }),
        }),
      ),
    );
    const last = page.LastEvaluatedKey?.['BuildNumber']?.N;
    return {
      artifacts: required(QUERY, 'Items', page.Items).map(artifactOf),
      olderThan: last === undefined ? null : Number(last),
    };
  }

  async get(ref: ArtifactRef): Promise<Artifact | undefined> {
    const { Item } = await call('dynamodb:GetItem', () =>
      this.#client.send(
        new GetItemCommand({ TableName: this.#tableName, Key: keyOf(ref), ConsistentRead: true }),
      ),
    );
    return Item && artifactOf(Item);
  }

  create(artifact: Artifact): Promise<'created' | 'taken'> {
    return call('dynamodb:PutItem', async () => {
      try {
        await this.#client.send(
          new PutItemCommand({
            TableName: this.#tableName,
            Item: itemOf(artifact),
            ConditionExpression: 'attribute_not_exists(ProjectName)',
          }),
        );
        return 'created';
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
        return (await this.#isOurs(artifact, error)) ? 'created' : 'taken';
      }
    });
  }

  /**
   * When the answer to the first attempt is lost, the SDK's second one meets what the first wrote.
   * Only then can an equal artifact be ours; otherwise it is another build that looks the same.
   */
  async #isOurs(artifact: Artifact, failure: ConditionFailed): Promise<boolean> {
    if ((failure.$metadata?.attempts ?? 1) === 1) return false;
    return isDeepStrictEqual(await this.get(artifact), artifact);
  }

  async setTag(ref: ArtifactRef, key: string, value: string): Promise<Artifact | undefined> {
    for (let tries = 0; tries < TAG_TRIES_MAX; tries++) {
      const changed =
        (await this.#update(ref, {
          ConditionExpression: 'attribute_type(Tags, :map)',
          UpdateExpression: 'SET Tags.#key = :value',
          ExpressionAttributeNames: { '#key': key },
          ExpressionAttributeValues: { ':map': { S: 'M' }, ':value': { S: value } },
        })) ??
        (await this.#update(ref, {
          ConditionExpression: `attribute_exists(ProjectName) AND ${HAS_NO_TAGS}`,
          UpdateExpression: 'SET Tags = :tags',
          ExpressionAttributeValues: {
            ':null': { S: 'NULL' },
            ':tags': { M: { [key]: { S: value } } },
          },
        }));
      if (changed) return changed;
      if (!(await this.get(ref))) return undefined;
    }
    throw new TagContentionError(artifactId(ref));
  }

  async removeTag(ref: ArtifactRef, key: string): Promise<Artifact | undefined> {
    for (let tries = 0; tries < TAG_TRIES_MAX; tries++) {
      const changed = await this.#update(ref, {
        ConditionExpression: 'attribute_type(Tags, :map)',
        UpdateExpression: 'REMOVE Tags.#key',
        ExpressionAttributeNames: { '#key': key },
        ExpressionAttributeValues: { ':map': { S: 'M' } },
      });
      if (changed) return changed;
      const stored = await this.get(ref);
      if (!stored?.tags) return stored;
    }
    throw new TagContentionError(artifactId(ref));
  }

  /** Returns the artifact after the change; `undefined` when the condition does not hold. */
  async #update(
    ref: ArtifactRef,
    change: Omit<UpdateItemCommandInput, 'TableName' | 'Key' | 'ReturnValues'>,
  ): Promise<Artifact | undefined> {
    const answer = await call(UPDATE_ITEM, async () => {
      try {
        return await this.#client.send(
          new UpdateItemCommand({
            ...change,
            TableName: this.#tableName,
            Key: keyOf(ref),
            ReturnValues: 'ALL_NEW',
          }),
        );
      } catch (error) {
        if (isConditionFailed(error)) return undefined;
        throw error;
      }
    });
    return answer && artifactOf(required(UPDATE_ITEM, 'Attributes', answer.Attributes));
  }
}

function keyOf({ projectName, buildNumber }: ArtifactRef): Record<string, AttributeValue> {
  return { ProjectName: { S: projectName }, BuildNumber: { N: String(buildNumber) } };
}

interface ConditionFailed extends Error {
  readonly $metadata?: { readonly attempts?: number };
}

function isConditionFailed(error: unknown): error is ConditionFailed {
  return isNamed(error, 'ConditionalCheckFailedException');
}
