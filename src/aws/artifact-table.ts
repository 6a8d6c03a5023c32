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
import { type Artifact, type ArtifactRef, artifactId, type Tags } from '../artifactdb/artifact.ts';
import { TagContentionError } from '../artifactdb/errors.ts';
import type {
  ArtifactBefore,
  ArtifactPage,
  ArtifactStore,
  PageRequest,
} from '../artifactdb/store.ts';
import { artifactOf, itemOf, projectHashKey } from './artifact-item.ts';
import { call, required } from './errors.ts';
import { isConditionFailed, mayHaveBeenDone } from './lost-answers.ts';

const QUERY = 'dynamodb:Query';
const UPDATE_ITEM = 'dynamodb:UpdateItem';

/** Each try meets an artifact whose tags appeared or vanished since the one before. */
const TAG_TRIES_MAX = 5;

type Update = Omit<UpdateItemCommandInput, 'TableName' | 'Key' | 'ReturnValues'>;

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
          ExpressionAttributeValues: { ':project': { S: projectHashKey(projectName) } },
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
        // Another attempt may have met what the first one wrote. Only then can an equal artifact be
        // ours; otherwise it is another build that looks the same.
        const isOurs =
          mayHaveBeenDone(error) && isDeepStrictEqual(await this.get(artifact), artifact);
        return isOurs ? 'created' : 'taken';
      }
    });
  }

  async setTags(ref: ArtifactRef, tags: Tags): Promise<ArtifactBefore | undefined> {
    const updates = this.#updates(ref);
    const entries = Object.entries(tags);
    const names = entries.map(([key], index) => [`#key${index}`, key]);
    const values = entries.map(([, value], index) => [`:value${index}`, { S: value }]);
    const changes = entries.map((_, index) => `Tags.#key${index} = :value${index}`);
    for (let tries = 0; tries < TAG_TRIES_MAX; tries++) {
      const before =
        (await updates.send({
          ConditionExpression: 'attribute_type(Tags, :map)',
          UpdateExpression: `SET ${changes.join(', ')}`,
          ExpressionAttributeNames: Object.fromEntries(names),
          ExpressionAttributeValues: { ':map': { S: 'M' }, ...Object.fromEntries(values) },
        })) ??
        (await updates.send({
          ConditionExpression: `attribute_exists(ProjectName) AND ${HAS_NO_TAGS}`,
          UpdateExpression: 'SET Tags = :tags',
          ExpressionAttributeValues: {
            ':null': { S: 'NULL' },
            ':tags': { M: Object.fromEntries(entries.map(([key, S]) => [key, { S }])) },
          },
        }));
      if (before) return before;
      if (!(await this.get(ref))) return undefined;
    }
    throw new TagContentionError(artifactId(ref));
  }

  async removeTag(ref: ArtifactRef, key: string): Promise<ArtifactBefore | undefined> {
    const updates = this.#updates(ref);
    for (let tries = 0; tries < TAG_TRIES_MAX; tries++) {
      const before = await updates.send({
        ConditionExpression: 'attribute_type(Tags, :map)',
        UpdateExpression: 'REMOVE Tags.#key',
        ExpressionAttributeNames: { '#key': key },
        ExpressionAttributeValues: { ':map': { S: 'M' } },
      });
      if (before) return before;
      const stored = await this.get(ref);
      if (!stored?.tags) return stored;
    }
    throw new TagContentionError(artifactId(ref));
  }

  /**
   * The updates by which one change is tried. Each returns the artifact as it was right before;
   * `undefined` when its condition does not hold. What an attempt with a lost answer may have done
   * shows in all that come after it.
   */
  #updates(ref: ArtifactRef) {
    let mayShowChange = false;
    const send = (change: Update): Promise<ArtifactBefore | undefined> =>
      call(UPDATE_ITEM, async () => {
        try {
          const answer = await this.#client.send(
            new UpdateItemCommand({
              ...change,
              TableName: this.#tableName,
              Key: keyOf(ref),
              ReturnValues: 'ALL_OLD',
            }),
          );
          mayShowChange ||= mayHaveBeenDone(answer);
          const before = artifactOf(required(UPDATE_ITEM, 'Attributes', answer.Attributes));
          return mayShowChange ? { ...before, mayShowChange } : before;
        } catch (error) {
          if (!isConditionFailed(error)) throw error;
          mayShowChange ||= mayHaveBeenDone(error);
          return undefined;
        }
      });
    return { send };
  }
}

function keyOf({ projectName, buildNumber }: ArtifactRef): Record<string, AttributeValue> {
  return {
    ProjectName: { S: projectHashKey(projectName) },
    BuildNumber: { N: String(buildNumber) },
  };
}
