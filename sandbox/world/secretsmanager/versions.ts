import { invalidParameter } from './errors.ts';
import type { Secret, SecretValue, SecretVersion } from './state.ts';

/**
 * The value in a request: a text or bytes, or neither.
 * @throws {ApiError} InvalidParameterException for both.
 */
export function valueIn(input: {
  SecretString?: string | undefined;
  SecretBinary?: Uint8Array | undefined;
}): SecretValue | undefined {
  const { SecretString: text, SecretBinary: binary } = input;
  if (text !== undefined && binary !== undefined) {
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value.",
    );
  }
  if (text !== undefined) return { text };
  // On the wire, which knows no types, bytes are base64 already.
  return binary === undefined ? undefined : { base64: String(binary) };
}

/** Makes a version the current one; the one that was becomes the previous one. */
export function addVersion(
  secret: Secret,
  id: string,
  value: SecretValue,
  now: Date,
): SecretVersion {
  for (const version of secret.versions.values()) {
    version.stages = version.stages.includes('AWSCURRENT') ? ['AWSPREVIOUS'] : [];
  }
  const version = { id, value, createdAt: now, stages: ['AWSCURRENT'] };
  secret.versions.set(id, version);
  secret.changedAt = now;
  return version;
}

/** Whether two values are the same. */
export function isSameValue(a: SecretValue, b: SecretValue | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
