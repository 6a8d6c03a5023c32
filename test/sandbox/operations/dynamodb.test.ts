/**
 * Goal: to the official SDK, the sandbox's DynamoDB is AWS's, as far as a deployer uses it.
 * Method: each operation is called with success and with its errors, through the real protocol.
 */
import { DYNAMODB_OPERATIONS } from '../../../sandbox/wire/dynamodb/operations.ts';
import { ITEM_PROOFS } from './dynamodb-items.ts';
import { TABLE_PROOFS } from './dynamodb-tables.ts';
import { proveOperations } from './proofs.ts';

proveOperations(
  {
    client: 'dynamoDb',
    sdkPackage: '@aws-sdk/client-dynamodb',
    operations: DYNAMODB_OPERATIONS,
    commonErrors: ['ValidationException'],
  },
  { ...ITEM_PROOFS, ...TABLE_PROOFS },
);
