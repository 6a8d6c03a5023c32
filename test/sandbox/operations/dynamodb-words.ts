/** What the proofs of DynamoDB have in common. */
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import type { Scene } from './scene.ts';

/** The error for a parameter that DynamoDB does not take. */
export const invalid = (message: string | RegExp) => ['ValidationException', message] as const;
/** A table with two keys, as the one of artifacts has. */
export const NEW_TABLE = {
  TableName: 'Builds',
  BillingMode: 'PAY_PER_REQUEST' as const,
  AttributeDefinitions: [
    { AttributeName: 'ProjectName', AttributeType: 'S' as const },
    { AttributeName: 'BuildNumber', AttributeType: 'N' as const },
  ],
  KeySchema: [
    { AttributeName: 'ProjectName', KeyType: 'HASH' as const },
    { AttributeName: 'BuildNumber', KeyType: 'RANGE' as const },
  ],
};

/** A table's status. */
export const statusOf = async ({ dynamoDb }: Scene, TableName: string) =>
  (await dynamoDb.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus;
