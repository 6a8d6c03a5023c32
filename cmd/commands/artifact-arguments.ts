import type { ArtifactRef, Tags } from '../../src/artifactdb/artifact.ts';
import { UsageError } from '../../src/errors.ts';

/** @throws {UsageError} */
export function refOf(args: { readonly project: string; readonly build: string }): ArtifactRef {
  return { projectName: args.project, buildNumber: positiveInteger('-b', args.build) };
}

/** @throws {UsageError} */
export function positiveInteger(flag: string, given: string): number {
  const number = Number(given);
  if (/^[1-9]\d*$/.test(given) && Number.isSafeInteger(number)) return number;
  const isOctal = /^0\d+$/.test(given);
  throw new UsageError(`${flag} is a whole number from 1 on, not "${given}"`, {
    hint: isOctal
      ? 'With a zero in front the old tool read it in base 8: write it without.'
      : `Write ${flag} 12.`,
  });
}

/**
 * As Go reads them: an object whose values are all strings, or `null` for none.
 * @throws {UsageError}
 */
export function parseTags(given: string | undefined): Tags | null {
  if (given === undefined) return null;
  const hint = `Write -t '{"SHA":"1a2b3c4d"}'.`;
  const parsed = parseJson(given, hint);
  if (parsed === null) return null;
  if (typeof parsed !== 'object' || Array.isArray(parsed)) {
    throw new UsageError(`-t is a JSON object, not ${given}`, { hint });
  }
  const wrong = Object.entries(parsed).find(([, value]) => typeof value !== 'string');
  if (wrong) {
    const [key, value] = wrong;
    throw new UsageError(`-t: "${key}" is a string, not ${JSON.stringify(value)}`, { hint });
  }
  return parsed as Tags;
}

function parseJson(given: string, hint: string): unknown {
  try {
    return JSON.parse(given);
  } catch (error) {
    throw new UsageError(`-t is not JSON: ${given}`, { hint, cause: error });
  }
}
