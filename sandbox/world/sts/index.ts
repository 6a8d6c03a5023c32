import { assumeRole } from './operations/assume-role.ts';
import { getCallerIdentity } from './operations/get-caller-identity.ts';
import { operation } from '../operation.ts';
import type { AnyOperation } from '../operation.ts';

/** Every operation of the Security Token Service that the world implements. */
export const STS_OPERATIONS: readonly AnyOperation[] = [
  operation(assumeRole),
  operation(getCallerIdentity),
];
