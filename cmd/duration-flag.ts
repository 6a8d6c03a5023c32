import { UsageError } from '../src/errors.ts';
import { parseGoDuration } from '../src/lock/lease-duration.ts';

/**
 * Reads a duration from the command line, as Go writes them: `90s`, `10m`, `1h30m`.
 * @returns milliseconds.
 * @throws {UsageError} for anything else, a bare number as well: nobody knows its unit.
 */
export function durationFlag(flag: string, text: string): number {
  const durationMs = parseGoDuration(text);
  if (durationMs !== undefined) return durationMs;
  throw new UsageError(`${flag}: found "${text}", expected a duration such as 90s, 10m or 1h30m`, {
    hint: '',
  });
}
