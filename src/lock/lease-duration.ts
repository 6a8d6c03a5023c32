/** What Go's `time.Duration` can hold: 2^63 nanoseconds, about 292 years. */
const MAX_MS = 2 ** 63 / 1e6;

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  '\u00B5s': 1e-3, // The micro sign.
  '\u03BCs': 1e-3, // The Greek letter mu, which Go writes nowhere but reads.
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

const NUMBER = String.raw`(?:\d+\.?\d*|\.\d+)`;
const UNIT = String.raw`(?:ns|us|\u00B5s|\u03BCs|ms|s|m|h)`;
const GO_DURATION = new RegExp(`^(?:${NUMBER}${UNIT})+$`, 'u');
const GO_PART = new RegExp(`(${NUMBER})(${UNIT})`, 'gu');

/**
 * Reads the duration of a lease as Go's dynamolock writes it (`10s`, `1m0s`, `1.5s`) or as Java's
 * lock client does (`10000`, in milliseconds).
 * @returns milliseconds, possibly with a fraction; undefined for anything else: it is never guessed.
 */
export function parseLeaseDuration(text: string): number | undefined {
  const ms = /^\d+$/.test(text) ? Number(text) : parseGoDuration(text);
  return ms !== undefined && ms < MAX_MS ? ms : undefined;
}

/** Reads what Go's `time.ParseDuration` reads, without a sign. @returns milliseconds, or undefined. */
export function parseGoDuration(text: string): number | undefined {
  if (!GO_DURATION.test(text)) return undefined;
  let ms = 0;
  for (const [, number, unit] of text.matchAll(GO_PART)) {
    ms += Number(number) * (UNIT_MS[unit ?? ''] ?? Number.NaN);
  }
  return ms;
}

/**
 * Writes a duration as Go's `Duration.String()` does, but 0 as `0`: the one text that the readers in
 * Go and in Java both accept.
 * @throws {RangeError} when it is not a whole number of milliseconds, or negative.
 */
export function formatLeaseDuration(durationMs: number): string {
  if (!Number.isSafeInteger(durationMs) || durationMs < 0) {
    throw new RangeError(`A lease lasts a whole number of milliseconds, not ${durationMs}.`);
  }
  if (durationMs === 0) return '0';
  if (durationMs < 1_000) return `${durationMs}ms`;
  const hours = Math.floor(durationMs / 3_600_000);
  const minutes = Math.floor(durationMs / 60_000) % 60;
  const seconds = (durationMs % 60_000) / 1_000;
  if (hours > 0) return `${hours}h${minutes}m${seconds}s`;
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`;
}
