import type { GetParameterRequest, GetParameterResult } from '@aws-sdk/client-ssm';
import { ApiError } from '../../operation.ts';
import type { Operation } from '../../operation.ts';
import { parameterNotFound, required } from '../errors.ts';
import { findParameter } from '../find.ts';
import { toParameterShape } from '../shapes.ts';

/** @see GetParameter, AWS Systems Manager API Reference */
export const getParameter: Operation<GetParameterRequest, GetParameterResult> = {
  name: 'GetParameter',
  accepts: ['Name', 'WithDecryption'],
  handle(input, { region }) {
    const name = required(input.Name, 'Name');
    const found = findParameter(region, name);
    if (found === 'ParameterNotFound') throw parameterNotFound();
    if (found === 'ParameterVersionNotFound') {
      throw new ApiError(
        found,
        `Systems Manager could not find version ${name.slice(name.lastIndexOf(':') + 1)} of ${name}. Verify the version and try again.`,
      );
    }
    return { Parameter: toParameterShape(region, found, input.WithDecryption) };
  },
};
