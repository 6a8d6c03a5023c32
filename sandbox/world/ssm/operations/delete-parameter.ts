import type { DeleteParameterRequest, DeleteParameterResult } from '@aws-sdk/client-ssm';
import type { Operation } from '../../operation.ts';
import { parameterNotFound, required } from '../errors.ts';

/** @see DeleteParameter, AWS Systems Manager API Reference */
export const deleteParameter: Operation<DeleteParameterRequest, DeleteParameterResult> = {
  name: 'DeleteParameter',
  accepts: ['Name'],
  handle(input, { region }) {
    if (!region.ssm.parameters.delete(required(input.Name, 'Name'))) throw parameterNotFound();
    return {};
  },
};
