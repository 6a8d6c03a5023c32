import type { AnyOperation } from '../operation.ts';
import { operation } from '../operation.ts';
import { createSecret } from './operations/create-secret.ts';
import { deleteSecret } from './operations/delete-secret.ts';
import { describeSecret } from './operations/describe-secret.ts';
import { getSecretValue } from './operations/get-secret-value.ts';
import { putSecretValue } from './operations/put-secret-value.ts';

/** Every operation of Secrets Manager that the world implements. */
export const SECRETS_MANAGER_OPERATIONS: readonly AnyOperation[] = [
  operation(createSecret),
  operation(deleteSecret),
  operation(describeSecret),
  operation(getSecretValue),
  operation(putSecretValue),
];
