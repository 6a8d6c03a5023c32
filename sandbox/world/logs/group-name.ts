import { required } from '../constraints.ts';
import { ApiError } from '../operation.ts';

const NAME = /^[.\-_/#A-Za-z0-9]{1,512}$/;

/** @throws {ApiError} InvalidParameterException for a name that no log group may have. */
export function groupName(name: string | undefined): string {
  const given = required(name, 'logGroupName', 'InvalidParameterException');
  if (NAME.test(given)) return given;
  throw new ApiError(
    'InvalidParameterException',
    `1 validation error detected: Value '${given}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
  );
}
