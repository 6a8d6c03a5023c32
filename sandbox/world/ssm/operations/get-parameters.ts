import type { GetParametersRequest, GetParametersResult } from '@aws-sdk/client-ssm';
import type { Operation } from '../../operation.ts';
import { required, validation } from '../errors.ts';
import { findParameter } from '../find.ts';
import { toParameterShape } from '../shapes.ts';

const MAX_NAMES = 10;

/**
 * Gets up to ten parameters. Those that are missing are listed as invalid; nothing is thrown for
 * them.
 * @see GetParameters, AWS Systems Manager API Reference
 */
export const getParameters: Operation<GetParametersRequest, GetParametersResult> = {
  name: 'GetParameters',
  accepts: ['Names', 'WithDecryption'],
  handle(input, { region }) {
    const names = required(input.Names, 'Names');
    if (names.length === 0 || names.length > MAX_NAMES) {
      throw validation(
        `1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length between 1 and ${MAX_NAMES}`,
      );
    }
    const answer = { Parameters: [], InvalidParameters: [] } as Required<GetParametersResult>;
    for (const name of new Set(names)) {
      const found = findParameter(region, name);
      if (typeof found === 'string') answer.InvalidParameters?.push(name);
      else answer.Parameters?.push(toParameterShape(region, found, input.WithDecryption));
    }
    return answer;
  },
};
