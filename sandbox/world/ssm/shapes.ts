import { createHash } from 'node:crypto';
import type { Parameter as ParameterShape } from '@aws-sdk/client-ssm';
import type { Region } from '../region.ts';
import { parameterArn } from './find.ts';
import type { FoundParameter } from './find.ts';

/**
 * A parameter as the API answers it. A SecureString that is not to be decrypted shows a ciphertext
 * from which nobody, the sandbox included, gets its value back.
 */
export function toParameterShape(
  region: Region,
  { parameter, version, selector }: FoundParameter,
  withDecryption: boolean | undefined,
): ParameterShape {
  const isHidden = parameter.type === 'SecureString' && !withDecryption;
  return {
    Name: parameter.name,
    Type: parameter.type,
    Value: isHidden ? ciphertext(parameter.name, version.version, version.value) : version.value,
    Version: version.version,
    Selector: selector,
    LastModifiedDate: version.lastModified,
    ARN: parameterArn(region, parameter.name),
    DataType: 'text',
  };
}

/** Begins as KMS's ciphertexts do, and stays the same for the same version. */
function ciphertext(name: string, version: number, value: string): string {
  const hash = createHash('sha512').update(JSON.stringify([name, version, value]));
  return `AQICAHg${hash.digest('base64').replace(/=+$/, '')}=`;
}
