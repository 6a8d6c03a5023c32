import {
  type AttributeValue,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';

type Item = Record<string, AttributeValue>;

/**
 * How the tool that `artifact-db` replaces uses the table, request by request: it reads the whole
 * project for everything, without consistency, and never tries again.
 */
export class OldTool {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  /** All artifacts of a project, newest first. */
  async all(projectName: string): Promise<Item[]> {
    const items: Item[] = [];
    let ExclusiveStartKey: Item | undefined;
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.#tableName,
          KeyConditionExpression: 'ProjectName = :project',
          ExpressionAttributeValues: { ':project': { S: projectName } },
          ScanIndexForward: false,
          ExclusiveStartKey,
        }),
      );
      items.push(...(page.Items ?? []));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return items;
  }

  /** The newest artifact with these tags; a tag that is missing or NULL is an empty one. */
  async latest(projectName: string, tags: Readonly<Record<string, string>> = {}) {
    const artifacts = await this.all(projectName);
    return artifacts.find((item) =>
      Object.entries(tags).every(([key, value]) => (item['Tags']?.M?.[key]?.S ?? '') === value),
    );
  }

  /**
   * @returns the number that it took.
   * @throws {ConditionalCheckFailedException} when another build took it first
   */
  async create(
    projectName: string,
    value: string,
    tags?: Readonly<Record<string, string>>,
  ): Promise<number> {
    const newest = await this.latest(projectName);
    const buildNumber = Number(newest?.['BuildNumber']?.N ?? 0) + 1;
    await this.#client.send(
      new PutItemCommand({
        TableName: this.#tableName,
        ConditionExpression: 'attribute_not_exists(ProjectName)',
        Item: {
          ProjectName: { S: projectName },
          BuildNumber: { N: String(buildNumber) },
          Value: { S: value },
          Tags: tags ? { M: marshalled(tags) } : { NULL: true },
          ContainedArtifacts: { NULL: true },
        },
      }),
    );
    return buildNumber;
  }

  /** @throws {ValidationException} when the artifact has no tags, or does not exist */
  async setTag(projectName: string, buildNumber: number, key: string, value: string) {
    await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#tableName,
        Key: { ProjectName: { S: projectName }, BuildNumber: { N: String(buildNumber) } },
        UpdateExpression: 'SET Tags.#key = :value',
        ExpressionAttributeNames: { '#key': key },
        ExpressionAttributeValues: { ':value': { S: value } },
      }),
    );
  }
}

/** An empty string becomes NULL. */
function marshalled(tags: Readonly<Record<string, string>>): Item {
  const entries = Object.entries(tags);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, value === '' ? { NULL: true } : { S: value }]),
  );
}
