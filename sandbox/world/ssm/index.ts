import { deleteParameter } from './operations/delete-parameter.ts';
import { getParameter } from './operations/get-parameter.ts';
import { getParametersByPath } from './operations/get-parameters-by-path.ts';
import { getParameters } from './operations/get-parameters.ts';
import { putParameter } from './operations/put-parameter.ts';
import { operation } from '../operation.ts';
import type { AnyOperation } from '../operation.ts';

/** Every operation of Systems Manager that the world implements. */
export const SSM_OPERATIONS: readonly AnyOperation[] = [
  operation(deleteParameter),
  operation(getParameter),
  operation(getParametersByPath),
  operation(getParameters),
  operation(putParameter),
];
