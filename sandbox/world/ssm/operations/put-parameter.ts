import type { PutParameterRequest, PutParameterResult } from '@aws-sdk/client-ssm';
import { ApiError } from '../../operation.ts';
import type { Operation } from '../../operation.ts';
import { required, validation } from '../errors.ts';
import type { Parameter, ParameterType } from '../state.ts';

const NAME = /^\/?[\w.-]+(?:\/[\w.-]+)*$/;
const RESERVED = /^(?:aws|ssm)|^\/(?:aws|ssm)(?:\/|$)/i;
const MAX_LEVELS = 15;
const MAX_VALUE_BYTES = 4096;
const MAX_VERSIONS = 100;

/**
 * Creates a parameter of the standard tier, or adds a version to it. Keys are not modelled: a
 * SecureString is only hidden from those who do not ask for it in the clear.
 * @see PutParameter, AWS Systems Manager API Reference
 */
export const putParameter: Operation<PutParameterRequest, PutParameterResult> = {
  name: 'PutParameter',
  accepts: ['Name', 'Value', 'Type', 'Overwrite'],
  handle(input, { world, region }) {
    const name = toName(required(input.Name, 'Name'));
    const value = toValue(required(input.Value, 'Value'));
    const parameter = region.ssm.parameters.get(name) ?? create(name, input.Type);
    const last = parameter.versions.at(-1);
    if (last && !input.Overwrite) {
      throw new ApiError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    }
    if (input.Type !== undefined && input.Type !== parameter.type) {
      throw new ApiError(
        'HierarchyTypeMismatchException',
        `Parameter Store does not support changing a parameter's type: ${name} is a ${parameter.type}.`,
      );
    }
    const version = (last?.version ?? 0) + 1;
    parameter.versions.push({ version, value, lastModified: world.now() });
    if (parameter.versions.length > MAX_VERSIONS) parameter.versions.shift();
    region.ssm.parameters.set(name, parameter);
    return { Version: version, Tier: 'Standard' };
  },
};

function toName(name: string): string {
  if (name.includes('/') && !name.startsWith('/')) {
    throw validation('Parameter name must be a fully qualified name.');
  }
  if (RESERVED.test(name) || !NAME.test(name)) {
    throw validation(
      'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    );
  }
  if (name.split('/').length - 1 > MAX_LEVELS) {
    throw new ApiError(
      'HierarchyLevelLimitExceededException',
      `A hierarchy can have a maximum of ${MAX_LEVELS} levels.`,
    );
  }
  return name;
}

function toValue(value: string): string {
  if (new TextEncoder().encode(value).length <= MAX_VALUE_BYTES) return value;
  throw validation(
    `Standard tier parameters support a maximum parameter value of ${MAX_VALUE_BYTES} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.`,
  );
}

function create(name: string, type: ParameterType | undefined): Parameter {
  if (type === undefined) {
    throw validation('A parameter type is required when you create a parameter.');
  }
  if (type !== 'String' && type !== 'StringList' && type !== 'SecureString') {
    throw new ApiError('UnsupportedParameterType', 'The parameter type is not supported.');
  }
  return { name, type, versions: [] };
}
