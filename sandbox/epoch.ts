/** The Date of a time in milliseconds since 1970: the world may name times, but not read the clock. */
export function dateOf(epochMs: number): Date {
  return new Date(epochMs);
}
