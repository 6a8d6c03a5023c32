import { operation } from '../operation.ts';
import type { AnyOperation } from '../operation.ts';
import { createLogGroup } from './operations/create-log-group.ts';
import { deleteLogGroup } from './operations/delete-log-group.ts';
import { describeLogGroups } from './operations/describe-log-groups.ts';

/** Every operation of CloudWatch Logs that the world implements. */
export const LOGS_OPERATIONS: readonly AnyOperation[] = [
  operation(createLogGroup),
  operation(deleteLogGroup),
  operation(describeLogGroups),
];
